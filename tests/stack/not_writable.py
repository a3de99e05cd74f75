"""A PostgreSQL that goes on answering and takes no writes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """The whole server refuses writes inside the `with`, in transactions that begin after a moment."""
    _default(url, "on")
    try:
        yield
    finally:
        _default(url, "off")


@contextmanager
def disk_full(url: str, *tables: str) -> Iterator[None]:
    """Rows that go into these tables find no space, with the error of a full disk; smaller writes still do."""
    _run(
        url,
        "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';"
        " END $$",
        *(f"CREATE TRIGGER no_space BEFORE INSERT ON {table} EXECUTE FUNCTION no_space()" for table in tables),
    )
    try:
        yield
    finally:
        _run(url, "DROP FUNCTION no_space CASCADE")


def _default(url: str, value: str) -> None:
    _run(url, f"ALTER SYSTEM SET default_transaction_read_only = {value}", "SELECT pg_reload_conf()")


def _run(url: str, *statements: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
