"""Makes a database and a broker ready: schemas, roles, tables, the clock, subscriptions. Safe to run again."""

import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg2
import yoyo
from psycopg2 import sql

from services.plumbing.database import logins
from services.plumbing.messaging import broker, watermark
from services.plumbing.runtime import clock

PLUMBING = Path(__file__).parent / "migrations"

_TOPOLOGY = """
CREATE TABLE IF NOT EXISTS bancheng.subscriptions (service text, type text, PRIMARY KEY (service, type));
"""

_SUBSCRIBE = """
WITH wanted AS (SELECT pair->>0 AS service, pair->>1 AS type FROM json_array_elements(%(pairs)s) AS pair),
     gone AS (DELETE FROM bancheng.subscriptions
              WHERE service = ANY(%(services)s) AND (service, type) NOT IN (SELECT service, type FROM wanted))
INSERT INTO bancheng.subscriptions SELECT service, type FROM wanted ON CONFLICT DO NOTHING
"""
"""One statement: a relay that looks meanwhile publishes what it finds no subscriber for, and lets it vanish."""


def migrate_database(
    url: str,
    migrations: Mapping[str, Path],
    subscriptions: broker.Subscriptions,
    clock_setting: str | None,
    service_urls: Mapping[str, str],
) -> None:
    """Bring the database of the administrator's ``url`` up to date: each service of ``migrations`` in a schema of its
    own, which only the login of its URL in ``service_urls`` reaches.

    Raises psycopg2.Error, logins.LoginUnusable, or clock.ClockMismatch when the database runs on another clock.
    """
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('bancheng.migrate'))")
            cursor.execute(clock.SCHEMA + watermark.SCHEMA + _TOPOLOGY + logins.SCHEMA)
            for service in migrations:
                cursor.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(service)))
        logins.make(connection, {service: service_urls[service] for service in migrations})
        for service, folder in migrations.items():
            _apply(url, service, [PLUMBING, folder])
        for service in migrations:
            logins.grant(connection, service, service_urls[service])
        with connection.cursor() as cursor:
            pairs = [(service, type_) for service, types in subscriptions.items() for type_ in types]
            cursor.execute(_SUBSCRIBE, {"services": list(subscriptions), "pairs": json.dumps(pairs)})
        clock.install(connection, clock_setting)
    finally:
        connection.close()


def migrate_broker(uri: str, subscriptions: broker.Subscriptions) -> None:
    """Declare the exchange and every queue with its bindings, so that nothing is lost before a consumer has started."""
    with broker.connected(uri) as link:
        broker.declare(link, subscriptions)


def _apply(url: str, service: str, folders: Iterable[Path]) -> None:
    """yoyo keeps its own tables, and makes ours, in the schema that its URL names."""
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query), ("schema", service)])
    backend = yoyo.get_backend(urlunsplit(("postgresql", *parts[1:3], query, "")))
    with closing(backend.connection), backend.lock():
        backend.apply_migrations(backend.to_apply(yoyo.read_migrations(*map(str, folders))))
