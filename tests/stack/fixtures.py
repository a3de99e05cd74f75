"""The broker and the database that tests ask for; `tests/conftest.py` makes them known to pytest.

Only who asks pays: a real server is started once a run, at the first test that needs it. Every module of tests gets an
empty database and an empty virtual host, so that no module sees what another left behind.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import psycopg2
import pytest
from psycopg2 import sql

from services.plumbing.messaging.broker_users import MANAGEMENT_SETTING
from services.sandbox.embedded_postgres import EmbeddedPostgres
from tests.stack.broker_users import admit
from tests.stack.rabbit import PrivateRabbit
from tests.stack.waiting import amqp_connection

_QUEUES = (
    "bancheng.intake",
    "bancheng.routing",
    "bancheng.deadline_watch",
    "bancheng.knowledge",
    "bancheng.notify",
    "bancheng.sample",
)


class GivenRabbit:
    """A broker that somebody else runs, with as much of `PrivateRabbit` as most tests need: it is never stopped."""

    def __init__(self, uri: str, management_url: str) -> None:
        self.uri, self.management_url = uri, management_url

    def virtual_host(self, name: str) -> str:
        """The same URI always, since others may use what is beside it; Bancheng's queues are deleted instead."""
        for queue in _QUEUES:
            with amqp_connection(self.uri) as connection:
                connection.channel().queue_delete(queue)
        admit(self.management_url, self.uri)
        return self.uri

    def close(self) -> None:
        """Nothing to stop."""


@pytest.fixture(scope="session")
def broker() -> Iterator[PrivateRabbit | GivenRabbit]:
    """The broker of AMQP_URI, or else a private node."""
    if given := os.environ.get("AMQP_URI"):
        if not (management_url := os.environ.get(MANAGEMENT_SETTING)):
            raise pytest.UsageError(
                f"AMQP_URI needs {MANAGEMENT_SETTING} beside it: the tests make the users of the services"
            )
        yield GivenRabbit(given, management_url)
    else:
        with PrivateRabbit() as rabbit:
            yield rabbit


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The superuser's URL of the server of DATABASE_URL, or else of an embedded one."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
    else:
        with EmbeddedPostgres() as server:
            yield server.url


@pytest.fixture(scope="module")
def amqp_uri(broker: PrivateRabbit | GivenRabbit, request: pytest.FixtureRequest) -> str:
    """An empty virtual host of this module's own."""
    return broker.virtual_host(_name(request))


@pytest.fixture(scope="module")
def database_url(postgres: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database of this module's own, as its owner; dropped afterwards."""
    name = _name(request)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    run_on_server(postgres, drop, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield urlsplit(postgres)._replace(path=f"/{name}").geturl()
    run_on_server(postgres, drop)


def run_on_server(url: str, *statements: sql.Composable) -> None:
    """Run statements that no transaction may hold, such as CREATE DATABASE."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _name(request: pytest.FixtureRequest) -> str:
    """The module's name, within the 63 bytes that PostgreSQL keeps of one."""
    return str(request.node.name).removesuffix(".py").replace("/", "_").replace(".", "_")[-63:]
