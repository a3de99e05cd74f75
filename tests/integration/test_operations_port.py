"""Metrics and health have a port of their own, where citizens do not come; neither can be filled from the other."""

from contextlib import closing

import psycopg2
import pytest
from psycopg2 import sql

from services.plumbing.http.connections import OPERATIONS_LIMIT
from tests.stack.eventually import eventually
from tests.stack.raw_http import ask_raw, status_of
from tests.stack.sample_house import SampleHouse, write
from tests.stack.services import ServiceProcess
from tests.stack.slow_clients import SlowClients

PATHS = ["/metrics", "/health/live", "/health/ready"]
SILENT = {"silent": (b"", b"")}


@pytest.mark.parametrize("path", PATHS)
def test_only_the_operations_port_says_how_a_process_is(service: ServiceProcess, path: str) -> None:
    assert service.ask("GET", path).status_code == 404
    assert service.ask_operations(path).status_code == 200


def test_the_operations_port_says_what_is_measured_and_how_it_is(service: ServiceProcess) -> None:
    service.ask("GET", "/now")
    assert service.metric("bancheng_http_requests_total", service="sample") > 0
    assert service.ask_operations("/health/live").json() == {"status": "alive"}
    assert service.ask_operations("/health/ready").json() == {"status": "ready"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/now", 404), ("GET", "/openapi.json", 404), ("POST", "/metrics", 405), ("HEAD", "/metrics", 200)],
)
def test_the_operations_port_does_nothing_else(service: ServiceProcess, method: str, path: str, status: int) -> None:
    assert service.ask_operations(path, method=method).status_code == status


def test_what_is_not_http_is_refused_on_the_operations_port_too(service: ServiceProcess) -> None:
    reply, _ = ask_raw(service.operations_port, b"GET /metrics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
    assert status_of(reply) == 400


def test_a_full_public_port_leaves_the_operations_port_free(poor: ServiceProcess) -> None:
    with SlowClients(poor.port, 50, SILENT):
        assert [poor.ask_operations(path).status_code for path in PATHS] == [200, 200, 200]


def test_a_full_operations_port_leaves_the_public_port_free(poor: ServiceProcess) -> None:
    with SlowClients(poor.operations_port, OPERATIONS_LIMIT + 10, SILENT):
        assert [write(poor).status_code for _ in range(10)] == [201] * 10
        assert poor.ask_operations("/health/live").status_code == 200
        assert poor.metric("bancheng_http_hung_up_total", service="operations") >= 10
    assert poor.metric("bancheng_http_hung_up_total", service="sample") == 0


def test_an_answer_is_made_once_for_all_who_ask_within_a_while(house: SampleHouse) -> None:
    process = house.process()
    process.environment["BANCHENG_OPERATIONS_CACHE_SECONDS"] = "3600"
    with process:
        first = process.ask_operations("/metrics").text
        assert process.ask("GET", "/now").status_code == 200
        assert process.ask_operations("/metrics").text == first
        house.database.close()
        before = _transactions(house)
        assert {process.ask_operations("/health/ready").status_code for _ in range(200)} == {200}
        assert _transactions(house) - before < 100, "probes cost no transaction each"


def _transactions(house: SampleHouse) -> int:
    """How many the server has counted, once it has counted all of those before."""
    house.rows("SELECT pg_stat_force_next_flush()")
    return int(house.rows("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")[0][0])


def test_a_database_that_takes_no_changes_is_not_ready(house: SampleHouse) -> None:
    with house.process() as process:
        for read_only, status in (("on", 503), ("off", 200)):
            _set_read_only(house, read_only)
            assert eventually(
                lambda status=status: process.ask_operations("/health/ready").status_code == status,  # type: ignore[misc]
                seconds=20,
            )


def _set_read_only(house: SampleHouse, read_only: str) -> None:
    """For the sessions to come; those that are there are ended."""
    with closing(psycopg2.connect(house.database_url, options="-c default_transaction_read_only=off")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            row = cursor.fetchone()
            assert row
            cursor.execute(
                sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(
                    sql.Identifier(row[0]), sql.Literal(read_only)
                )
            )
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
