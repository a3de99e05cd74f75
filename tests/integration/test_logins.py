"""Each service logs in as itself: what is another's, the administrator's or an audit's past is beyond its reach."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import psycopg2.errors
import pytest
from psycopg2 import sql

from services.composition import SERVICES
from services.plumbing.database.database import Database
from services.plumbing.database.logins import LoginUnusable, as_login
from services.plumbing.database.migrate import migrate_database
from services.plumbing.messaging import watermark
from services.sandbox.ports import free_ports
from tests.stack.fixtures import run_on_server
from tests.stack.one_service import OneService
from tests.stack.sample_house import MIGRATIONS, NAME, SampleHouse
from tests.stack.services import ServiceProcess, login_url, login_urls, settings

MIGRATED = {name: house.migrations for name, house in SERVICES.items()}
OTHERS = [(name, other) for name in SERVICES for other in SERVICES if other != name]


@pytest.fixture(scope="module")
def house(database_url: str) -> str:
    migrate_database(database_url, MIGRATED, {}, None, login_urls(database_url, *SERVICES))
    return database_url


def run_as(service: str, house: str, *statements: str) -> None:
    with closing(Database(login_url(house, service), service).connect()) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(("name", "other"), OTHERS)
def test_a_service_reaches_nothing_of_anothers(house: str, name: str, other: str) -> None:
    for statement in (
        f"SELECT * FROM {other}.outbox",
        f"INSERT INTO {other}.inbox VALUES (gen_random_uuid())",
        f"SELECT nextval('{other}.outbox_seq_seq')",
        f"SET ROLE bancheng_{other}",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            run_as(name, house, statement)


@pytest.mark.parametrize("back", ["RESET ROLE", "RESET SESSION AUTHORIZATION", "SET ROLE NONE"])
def test_there_is_no_other_role_to_go_back_to(house: str, back: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run_as("routing", house, back, "SELECT * FROM intake.tickets")


def test_an_audit_is_added_to_and_never_changed(house: str) -> None:
    run_as("intake", house, "SELECT * FROM reveals")
    for statement in ("UPDATE reveals SET staff = 'nobody'", "DELETE FROM reveals", "TRUNCATE reveals"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            run_as("intake", house, statement)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run_as("intake", house, "DELETE FROM bancheng.append_only")
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):  # it may be written: only the ticket is missing
        run_as(
            "intake",
            house,
            "INSERT INTO reveals (ticket_id, center, staff, reason, revealed_at)"
            " VALUES (gen_random_uuid(), 'BC', 'liu-yang', 'asked by phone', now())",
        )


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine ()",
        "CREATE TABLE public.mine ()",
        "CREATE TEMPORARY TABLE mine ()",
        "CREATE SCHEMA mine",
        "ALTER TABLE outbox ADD mine text",
        "UPDATE bancheng.clock SET speed = 2",
        "DELETE FROM _yoyo_migration",
    ],
)
def test_the_database_itself_belongs_to_the_administrator(house: str, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run_as("deadline_watch", house, statement)


def test_nobody_else_may_connect(house: str) -> None:
    run_on_server(house, sql.SQL("DROP ROLE IF EXISTS stranger"), sql.SQL("CREATE ROLE stranger LOGIN PASSWORD 'x'"))
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        psycopg2.connect(as_login(house, "stranger", "x"))
    run_on_server(house, sql.SQL("DROP ROLE stranger"))


def test_a_right_that_was_given_by_hand_is_taken_back(house: str) -> None:
    run_on_server(house, sql.SQL("GRANT UPDATE ON intake.reveals TO bancheng_intake"))
    migrate_database(house, MIGRATED, {}, None, login_urls(house, *SERVICES))
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run_as("intake", house, "UPDATE reveals SET staff = 'nobody'")


@pytest.fixture
def three_databases(database_url: str) -> Iterator[list[str]]:
    names = [f"test_logins_{nth}" for nth in range(3)]
    drops = [sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)) for name in names]
    run_on_server(database_url, *drops)
    run_on_server(database_url, *(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) for name in names))
    yield [urlsplit(database_url)._replace(path=f"/{name}").geturl() for name in names]
    run_on_server(database_url, *drops, sql.SQL("DROP ROLE IF EXISTS bancheng_racing"))


def test_databases_of_one_server_are_made_ready_at_the_same_moment(three_databases: list[str]) -> None:
    def migrated(url: str) -> None:
        migrate_database(url, {"racing": MIGRATIONS[NAME]}, {}, None, login_urls(url, "racing"))

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(migrated, three_databases))
    for url in three_databases:
        run_as("racing", url, "SELECT * FROM notes")


def test_an_administrator_need_not_be_a_superuser(three_databases: list[str]) -> None:
    url = three_databases[0]
    name = sql.Identifier(urlsplit(url).path[1:])
    run_on_server(
        url,
        sql.SQL("CREATE ROLE owner_of_one LOGIN CREATEROLE PASSWORD 'x'"),
        sql.SQL("ALTER DATABASE {} OWNER TO owner_of_one").format(name),
    )
    owner = as_login(url, "owner_of_one", "x")
    try:
        for _ in range(2):
            migrate_database(owner, {"racing": MIGRATIONS[NAME]}, {}, None, login_urls(owner, "racing"))
        run_as("racing", url, "SELECT * FROM notes")
        service = Database(login_url(url, "racing"), "racing")
        with service.transaction() as tx, closing(service.connect()) as other, other.cursor() as cursor:
            reached_at = watermark.read(cursor).reached_at
            assert reached_at is not None, "without it no mark is ever confirmed"
            assert reached_at < tx.now
    finally:
        run_on_server(
            url,
            sql.SQL("REASSIGN OWNED BY owner_of_one TO CURRENT_USER"),
            sql.SQL("DROP OWNED BY owner_of_one, bancheng_racing CASCADE"),
            sql.SQL("DROP ROLE bancheng_racing, owner_of_one"),
        )


def test_a_login_that_is_shared_or_an_administrators_is_refused(house: str) -> None:
    urls = login_urls(house, *SERVICES)
    with pytest.raises(LoginUnusable, match=r"BANCHENG_(INTAKE|ROUTING)_DATABASE_URL .*shared"):
        migrate_database(house, MIGRATED, {}, None, urls | {"routing": urls["intake"]})
    with pytest.raises(LoginUnusable, match="BANCHENG_ROUTING_DATABASE_URL"):
        migrate_database(house, MIGRATED, {}, None, urls | {"routing": house})


def _refused(process: ServiceProcess) -> str:
    process.launch()
    try:
        assert process.wait(30) != 0
        return process.log
    finally:
        process.close()


def test_a_service_with_an_administrators_login_does_not_start(amqp_uri: str, database_url: str) -> None:
    sample = SampleHouse(amqp_uri, database_url)
    (port,) = free_ports(1)
    environment = settings(amqp_uri, database_url) | {"BANCHENG_SAMPLE_DATABASE_URL": database_url}
    process = ServiceProcess("tests.stack.run_sample", f"127.0.0.1:{port}", port=port, environment=environment)
    assert "BANCHENG_SAMPLE_DATABASE_URL names a role that may do more than a service needs" in _refused(process)
    sample.database.close()


def test_only_intake_has_a_key_to_personal_data(amqp_uri: str, database_url: str) -> None:
    routing = OneService("routing", amqp_uri, database_url).process()
    routing.environment["BANCHENG_DATA_KEY"] = ""
    with routing:
        assert routing.is_ready()
    intake = OneService("intake", amqp_uri, database_url).process()
    intake.environment["BANCHENG_DATA_KEY"] = ""
    assert "BANCHENG_DATA_KEY is not set" in _refused(intake)
