"""One service's way to its own schema: all or nothing, its own and nobody else's, safe to make ready again."""

import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import psycopg2
import psycopg2.errors
import pytest

from services.plumbing.database.database import LARGEST_KEPT, Database
from services.plumbing.database.housekeeping import clean
from services.plumbing.database.migrate import migrate_broker, migrate_database
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.outbox import stored_subscriptions
from tests.stack.sample_house import MIGRATIONS, NAME, SUBSCRIPTIONS, SampleHouse
from tests.stack.services import login_urls


def _heard(tx: Transaction) -> int:
    return int(tx.rows("SELECT count(*) FROM heard")[0][0])


def test_a_transaction_is_all_or_nothing(house: SampleHouse) -> None:
    with suppress(ZeroDivisionError), house.database.transaction() as tx:
        tx.execute("INSERT INTO heard (note_id, serial) VALUES (gen_random_uuid(), 1)")
        raise ZeroDivisionError
    with house.database.transaction() as tx:
        assert _heard(tx) == 0


def test_what_fails_inside_a_savepoint_is_undone_and_the_rest_stands(house: SampleHouse) -> None:
    with house.database.transaction() as tx:
        before = _heard(tx)
        tx.execute("INSERT INTO heard (note_id, serial) VALUES (gen_random_uuid(), 1)")
        with pytest.raises(psycopg2.errors.DivisionByZero), tx.savepoint():
            tx.execute("INSERT INTO heard (note_id, serial) VALUES (gen_random_uuid(), 1 / 0)")
    with house.database.transaction() as tx:
        assert _heard(tx) == before + 1


def test_a_connection_that_died_while_it_was_idle_is_replaced(house: SampleHouse) -> None:
    with house.database.transaction():
        pass
    house.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bancheng-sample'")
    with house.database.transaction() as tx:
        assert tx.now.tzinfo is not None


def test_a_service_can_neither_read_nor_change_another_services_tables(house: SampleHouse) -> None:
    urls = login_urls(house.database_url, "other")
    migrate_database(house.database_url, {"other": MIGRATIONS["sample"]}, {}, None, urls)
    other = Database(urls["other"], "other", size=1)
    with other.transaction() as tx:
        assert tx.rows("SELECT * FROM notes") == []
    for statement in (
        "SELECT * FROM sample.notes",
        "DELETE FROM sample.outbox",
        "INSERT INTO sample.inbox VALUES (gen_random_uuid())",
        "UPDATE bancheng.clock SET speed = 2",
        "DELETE FROM bancheng.subscriptions",
        "CREATE TABLE other.mine ()",
        "DROP TABLE other.notes",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege), other.transaction() as tx:
            tx.execute(statement)
    other.close()


def test_a_statement_that_takes_too_long_is_ended(house: SampleHouse) -> None:
    with house.database.transaction() as tx:
        assert tx.rows("SHOW statement_timeout")[0][0] == "10s"
        assert tx.rows("SHOW idle_in_transaction_session_timeout")[0][0] == "30s"
        assert tx.rows("SHOW idle_session_timeout")[0][0] == "15s"


def test_to_make_ready_again_changes_nothing(house: SampleHouse) -> None:
    def tables() -> list[str]:
        listed = house.rows("SELECT schemaname || tablename FROM pg_tables WHERE schemaname IN ('sample', 'bancheng')")
        return sorted(row[0] for row in listed)

    before = tables()
    for _ in range(2):
        migrate_database(house.database_url, MIGRATIONS, SUBSCRIPTIONS, None, login_urls(house.database_url, NAME))
        migrate_broker(house.amqp_uri, SUBSCRIPTIONS)
    assert tables() == before
    subscribed = house.rows("SELECT type FROM bancheng.subscriptions WHERE service = 'sample' ORDER BY type")
    assert [row.type for row in subscribed] == sorted(SUBSCRIPTIONS["sample"])


def test_who_subscribes_to_what_is_never_half_said(house: SampleHouse) -> None:
    """A relay that connects meanwhile would take a type for one that nobody hears, and let it vanish."""
    before, after = SUBSCRIPTIONS[NAME], [*SUBSCRIPTIONS[NAME][1:], "note.torn.v1"]
    house.rows(
        "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(0.1); RETURN coalesce(NEW, OLD); END $$;"
        "CREATE TRIGGER dawdle BEFORE INSERT OR DELETE ON bancheng.subscriptions"
        " FOR EACH ROW EXECUTE FUNCTION dawdle()"
    )
    seen: set[tuple[str, ...]] = set()
    with ThreadPoolExecutor(1) as threads, house.database.transaction() as tx:
        for types in (before, after, before):
            work = threads.submit(
                migrate_database,
                *(house.database_url, MIGRATIONS, {NAME: types}, None, login_urls(house.database_url, NAME)),
            )
            while not work.done():
                seen.add(tuple(sorted(stored_subscriptions(tx.connection.cursor()).get(NAME, ()))))
            work.result()
    assert seen == {tuple(sorted(before)), tuple(sorted(after))}
    house.rows("DROP FUNCTION dawdle CASCADE")


def test_the_inbox_remembers_what_is_held_longer_than_anything_else(house: SampleHouse) -> None:
    """The inbox must remember longer than any parked event can be replayed (pitfalls, PostgreSQL)."""
    house.rows(
        "INSERT INTO inbox SELECT gen_random_uuid(), clock_timestamp() - make_interval(days => days)"
        " FROM unnest(ARRAY[1, 39, 41, 400, 400]) AS days"
    )
    house.rows(
        "INSERT INTO held (event_id, body, attempts, error)"
        " SELECT event_id, '', 1, '' FROM inbox ORDER BY received_at LIMIT 1"
    )
    with house.database.transaction() as tx:
        assert clean(tx) == 2
    kept = house.rows("SELECT extract(day FROM clock_timestamp() - received_at) AS days FROM inbox ORDER BY days")
    assert [int(row.days) for row in kept] == [1, 39, 400]


def test_a_connection_that_has_sent_much_is_not_kept(house: SampleHouse) -> None:
    """Its buffer would stay as large as the largest statement: ten of them hold more than the service."""

    def session(size: int) -> int:
        with house.database.transaction() as tx:
            tx.execute_at_commit("SELECT length(%(text)s)", text="x" * size)
            return int(tx.rows("SELECT pg_backend_pid()")[0][0])

    first, second, after_much = (session(size) for size in (1000, LARGEST_KEPT, 1000))
    assert first == second != after_much


def test_cleaning_after_a_burst_takes_no_time(house: SampleHouse) -> None:
    """The planner knows nothing but the page that a readiness check has left, without a row: a look for old events for
    each of those that have come would take minutes.
    """
    house.rows("TRUNCATE inbox CASCADE")
    house.database.try_write()
    house.rows("ANALYZE inbox")
    house.rows("INSERT INTO inbox (event_id) SELECT uuidv7() FROM generate_series(1, 50000)")
    began = time.monotonic()
    with house.database.transaction() as tx:
        assert clean(tx) == 0
    assert time.monotonic() - began < 1


_CONNECT = """
import services.plumbing.runtime.monkeypatch
import sys, time
import psycopg2
from services.plumbing.database import bounded_waits
from services.plumbing.database.database import Database
bounded_waits.install()
began = time.monotonic()
try:
    Database(sys.argv[1], "sample").connect()
except psycopg2.OperationalError as error:
    print(type(error).__name__, time.monotonic() - began)
"""


def test_an_unreachable_server_is_given_up_in_time_under_eventlet() -> None:
    """psycopg2's `connect_timeout` is ignored under eventlet (pitfalls, psycopg2): a full backlog answers no SYN."""
    with closing(socket.socket()) as full, closing(socket.socket()) as first, closing(socket.socket()) as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for each in (first, second):
            each.setblocking(False)
            with suppress(BlockingIOError):
                each.connect(full.getsockname())
        time.sleep(0.2)
        url = f"postgresql://nobody@127.0.0.1:{full.getsockname()[1]}/none"
        said = subprocess.run(
            [sys.executable, "-c", _CONNECT, url],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            env=os.environ,
        ).stdout.split()
    assert said[0] == "DatabaseSilent"
    assert 4 < float(said[1]) < 7
