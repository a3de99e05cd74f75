"""The RabbitMQ and the PostgreSQL of one run of the benchmark, shared by all that is measured in it in turn."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from services.sandbox.embedded_postgres import EmbeddedPostgres
from tests.stack.rabbit import PrivateRabbit


class Servers:
    """Both run from `__enter__` to `__exit__`; each measurement takes an empty database and virtual host from them."""

    def __init__(self) -> None:
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        try:
            self.postgres = self._cleanup.enter_context(EmbeddedPostgres())
            self.rabbit = self._cleanup.enter_context(PrivateRabbit())
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    @property
    def pids(self) -> dict[str, int]:
        """The processes by the names that the report uses."""
        return {"PostgreSQL": self.postgres.postmaster_pid, "RabbitMQ": self.rabbit.pid}

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """The superuser's URL of an empty database, which is dropped afterwards."""
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        run(self.postgres.url, drop)
        run(self.postgres.url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(self.postgres.url)._replace(path=f"/{name}").geturl()
        finally:
            run(self.postgres.url, drop)

    @contextmanager
    def virtual_host(self, name: str) -> Iterator[str]:
        """The URI of an empty virtual host, which is deleted afterwards."""
        uri = self.rabbit.virtual_host(name)
        try:
            yield uri
        finally:
            self.rabbit.ctl("delete_vhost", name)


def run(url: str, *statements: str | sql.Composable, **values: Any) -> None:
    """Run statements one by one, each for itself, as the superuser."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, values or None)


def ask(url: str, query: str, **values: Any) -> Any:
    """The first column of the first row of a query."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query, values or None)
        row = cursor.fetchone()
        return row[0] if row else None
