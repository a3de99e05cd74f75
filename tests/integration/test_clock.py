"""The house has one clock: the same for every process and for the database, and never simulated by mistake."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psycopg2
import pytest
from psycopg2 import sql

from services.plumbing.database.migrate import migrate_database
from services.plumbing.runtime import clock
from services.sandbox.ports import free_ports
from tests.stack.fixtures import run_on_server
from tests.stack.sample_house import MIGRATIONS, NAME, SUBSCRIPTIONS, SampleHouse
from tests.stack.services import ServiceProcess, login_urls, settings

START = datetime.fromisoformat("2025-01-24T09:00:00+08:00")


@pytest.fixture
def an_empty_database(database_url: str) -> Iterator[str]:
    name = sql.Identifier("test_clock_other")
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    run_on_server(database_url, drop, sql.SQL("CREATE DATABASE {}").format(name))
    yield urlsplit(database_url)._replace(path="/test_clock_other").geturl()
    run_on_server(database_url, drop)


def _step(house: SampleHouse, instant: datetime) -> None:
    with closing(psycopg2.connect(house.database_url)) as connection, connection:
        clock.step(connection, instant)


def _now(process: ServiceProcess) -> datetime:
    return datetime.fromisoformat(process.ask("GET", "/now").json()["now"])


def test_without_a_setting_it_is_the_real_time(house: SampleHouse, service: ServiceProcess) -> None:
    assert abs(_now(service) - datetime.now(UTC)) < timedelta(seconds=5)
    with closing(psycopg2.connect(house.database_url)) as connection, pytest.raises(clock.ClockMismatch):
        clock.step(connection, START)


def test_a_clock_that_stands_still_is_stepped_for_every_process_at_once(amqp_uri: str, an_empty_database: str) -> None:
    house = SampleHouse(amqp_uri, an_empty_database, clock=f"{START.isoformat()}@0")
    with house.process() as first, house.process() as second:
        assert _now(first) == _now(second) == START
        _step(house, START + timedelta(days=3))
        assert _now(first) == _now(second) == START + timedelta(days=3)
        _step(house, START - timedelta(hours=1))
        assert _now(first) == _now(second) == START - timedelta(hours=1)
    house.database.close()


def test_a_clock_that_is_sped_up_is_the_same_in_two_processes(amqp_uri: str, an_empty_database: str) -> None:
    house = SampleHouse(amqp_uri, an_empty_database, clock=f"{START.isoformat()}@3600")
    with house.process() as first, house.process() as second:
        seen = [_now(process) for process in (first, second) * 3]
        assert seen == sorted(seen)
        assert timedelta(0) < seen[-1] - seen[0] < timedelta(hours=2)
        assert seen[0] > START
    house.database.close()


@pytest.mark.parametrize("told", ["", "2025-01-24T09:00:00+08:00@7", "2025-01-25T09:00:00+08:00@0"])
def test_a_process_that_was_told_of_another_clock_refuses_to_start(
    amqp_uri: str, an_empty_database: str, told: str
) -> None:
    """Nobody's promise runs on a simulated clock by mistake."""
    urls = login_urls(an_empty_database, NAME)
    migrate_database(an_empty_database, MIGRATIONS, SUBSCRIPTIONS, f"{START.isoformat()}@0", urls)
    (port,) = free_ports(1)
    environment = settings(amqp_uri, an_empty_database, clock=told)
    process = ServiceProcess("tests.stack.run_sample", f"127.0.0.1:{port}", port=port, environment=environment)
    process.launch()
    assert process.wait(20) != 0
    assert "ClockMismatch" in process.log
    process.close()


def test_a_simulated_clock_is_refused_by_a_database_on_the_real_one(
    house: SampleHouse, service: ServiceProcess
) -> None:
    process = house.process()
    process.environment["BANCHENG_CLOCK"] = f"{START.isoformat()}@0"
    process.launch()
    assert process.wait(20) != 0
    assert "ClockMismatch" in process.log
    process.close()


@pytest.mark.parametrize(
    "text", ["2025-01-24T09:00:00@1", "2025-01-24T09:00:00+08:00", "now@1", "2025-01-24T09:00:00Z@-1"]
)
def test_a_setting_without_offset_or_with_no_speed_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        clock.parse(text)


def test_a_naive_instant_is_no_time_to_step_to(house: SampleHouse) -> None:
    with closing(psycopg2.connect(house.database_url)) as connection, pytest.raises(ValueError):
        clock.step(connection, START.replace(tzinfo=None))
