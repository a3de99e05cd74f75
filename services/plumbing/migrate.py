"""Makes a database and a broker ready: schemas, roles, tables, the clock, and who hears what. Safe to run again."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg2
import yoyo
from psycopg2 import sql

from services.plumbing import broker, clock

PLUMBING = Path(__file__).parent / "migrations"

_TOPOLOGY = """
CREATE TABLE IF NOT EXISTS bancheng.subscriptions (service text, type text, PRIMARY KEY (service, type));
"""


def migrate_database(
    url: str, migrations: Mapping[str, Path], subscriptions: broker.Subscriptions, clock_setting: str | None
) -> None:
    """Bring ``url`` up to date: each service of ``migrations`` in a schema of its own, with a role of its own.

    Raises psycopg2.Error, or clock.ClockMismatch when the database runs on another clock.
    """
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('bancheng.migrate'))")
            cursor.execute(clock.SCHEMA + _TOPOLOGY)
            for service in migrations:
                _make_room(cursor, service)
        for service, folder in migrations.items():
            _apply(url, service, [PLUMBING, folder])
        with connection.cursor() as cursor:
            for service in migrations:
                _grant(cursor, service)
            cursor.execute("DELETE FROM bancheng.subscriptions WHERE service = ANY(%s)", (list(subscriptions),))
            for service, types in subscriptions.items():
                for type_ in types:
                    cursor.execute("INSERT INTO bancheng.subscriptions VALUES (%s, %s)", (service, type_))
        clock.install(connection, clock_setting)
    finally:
        connection.close()


def migrate_broker(uri: str, subscriptions: broker.Subscriptions) -> None:
    """Declare the exchange and every queue with its bindings, so that nothing is lost before a consumer has started."""
    with broker.connected(uri) as link:
        broker.declare(link, subscriptions)


def _make_room(cursor: psycopg2.extensions.cursor, service: str) -> None:
    role, schema = sql.Identifier(f"bancheng_{service}"), sql.Identifier(service)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (f"bancheng_{service}",))
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
    cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(role))
    cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(schema))


def _grant(cursor: psycopg2.extensions.cursor, service: str) -> None:
    role, schema = sql.Identifier(f"bancheng_{service}"), sql.Identifier(service)
    for statement in (
        "GRANT USAGE ON SCHEMA bancheng TO {role}",
        "GRANT SELECT ON ALL TABLES IN SCHEMA bancheng TO {role}",
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    ):
        cursor.execute(sql.SQL(statement).format(role=role, schema=schema))


def _apply(url: str, service: str, folders: Iterable[Path]) -> None:
    backend = yoyo.get_backend(_with_schema(url, service))
    try:
        found = yoyo.read_migrations(*map(str, folders))
        with backend.lock():
            backend.apply_migrations(backend.to_apply(found))
    finally:
        backend.connection.close()


def _with_schema(url: str, schema: str) -> str:
    """yoyo keeps its own tables, and makes ours, in the schema that its URL names."""
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query), ("schema", schema)])
    return urlunsplit(("postgresql", *parts[1:3], query, ""))
