"""A database that wakes up in another day wakes no leader: the watch is held until its clock is right again."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import pytest

from schemas.events.watermarks import EVERYWHERE, SourceReached
from services.deadline_watch.store.watermarks import SOURCES
from services.plumbing.database.transaction import new_id
from tests import deadline_builders as given
from tests.builders import a_center, published
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.services import ServiceProcess
from tests.stack.tap import Tap

REAL_NOW = "CREATE OR REPLACE FUNCTION bancheng.real_now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT {} $$"
JUMP = timedelta(days=30)


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    made = OneService("deadline_watch", amqp_uri, database_url)
    made.announce(published(a_center()))
    yield made
    made.database.close()


@pytest.fixture
def clock(house: OneService) -> Iterator["Clock"]:
    yield Clock(house)
    Clock(house).is_right()


class Clock:
    """The database's clock, which a test can set."""

    def __init__(self, house: OneService) -> None:
        self._house = house

    def is_right(self) -> None:
        self._house.rows(REAL_NOW.format("clock_timestamp()"))

    def jumps(self) -> None:
        self._house.rows(REAL_NOW.format("clock_timestamp() + interval '30 days'"))
        self.sources_go_on(JUMP)

    def sources_go_on(self, ahead: timedelta = timedelta()) -> None:
        """The other services tell the time by the same database."""
        now = datetime.now(ZoneInfo("Asia/Shanghai")) + ahead
        events = [SourceReached(center=EVERYWHERE, source=source, reached_at=now) for source in SOURCES]
        self._house.announce(*events)


def a_ticket(house: OneService, tap: Tap) -> Any:
    """A ticket that was registered just now."""
    ticket = new_id()
    house.announce(given.registered(f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}", ticket))
    assert tap.hears(1, ticket)
    return ticket


def types_of(tap: Tap, ticket: Any, *, seconds: float = 0.05) -> list[str]:
    return [each["type"] for each in tap.read(seconds=seconds) if each["subject"] == str(ticket)]


def is_held(watch: ServiceProcess) -> bool:
    return watch.metric("bancheng_watch_clock_jump_seconds") > 29 * 86400


def test_a_jump_of_the_databases_clock_fires_nothing_until_it_is_back(house: OneService, clock: Clock) -> None:
    with house.process() as watch, house.tap("deadline.#") as tap:
        ticket = a_ticket(house, tap)
        assert eventually(lambda: bool(house.rows("SELECT 1 FROM clock_readings")))
        clock.jumps()
        assert eventually(lambda: is_held(watch))
        assert types_of(tap, ticket, seconds=3) == ["deadline.set.v1"]
        clock.is_right()
        clock.sources_go_on()
        assert eventually(lambda: watch.metric("bancheng_watch_clock_jump_seconds") == 0)
        assert types_of(tap, ticket, seconds=3) == ["deadline.set.v1"]


def test_a_restart_does_not_take_the_wrong_time_for_the_right_one(house: OneService, clock: Clock) -> None:
    with house.process() as watch, house.tap("deadline.#") as tap:
        ticket = a_ticket(house, tap)
        assert eventually(lambda: bool(house.rows("SELECT 1 FROM clock_readings")))
        clock.jumps()
        for end in (watch.kill, watch.stop):
            end()
            watch.start()
            assert eventually(lambda: is_held(watch))
        assert types_of(tap, ticket, seconds=3) == ["deadline.set.v1"]


def test_a_watch_that_is_held_or_without_a_database_goes_on_turning(house: OneService, clock: Clock) -> None:
    """Else its supervisor would start it anew after a minute."""
    with house.process() as watch:
        assert eventually(lambda: bool(house.rows("SELECT 1 FROM clock_readings")))
        clock.jumps()
        assert eventually(lambda: is_held(watch))
        assert turns(watch) < turns(watch)
        clock.is_right()
        allow_connections(house, False)
        try:
            assert eventually(lambda: "watch interrupted" in watch.log)
            assert turns(watch) < turns(watch)
        finally:
            allow_connections(house, True)


def test_whoever_has_looked_can_accept_the_new_time(house: OneService, clock: Clock) -> None:
    with house.process() as watch, house.tap("deadline.#") as tap:
        ticket = a_ticket(house, tap)
        assert eventually(lambda: bool(house.rows("SELECT 1 FROM clock_readings")))
        clock.jumps()
        assert eventually(lambda: is_held(watch))
        command = [sys.executable, "-m", "services.cli", "clock", "accept"]
        done = subprocess.run(command, env=watch.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        # 30 days, but for what the machine stood still between the readings of two clocks
        assert re.search(r"(30 days, 0:00:\d\d|29 days, 23:59:\d\d) off", done.stdout), done.stdout
        assert eventually(lambda: "deadline.breached.v1" in types_of(tap, ticket))


def turns(watch: ServiceProcess) -> float:
    """When the watch last made a turn, asked a little later each time."""
    before = watch.metric("bancheng_loop_last_turn_timestamp_seconds", loop="watch")
    assert eventually(lambda: watch.metric("bancheng_loop_last_turn_timestamp_seconds", loop="watch") > before)
    return watch.metric("bancheng_loop_last_turn_timestamp_seconds", loop="watch")


def allow_connections(house: OneService, allowed: bool) -> None:
    """Let the service reach its database, or cut it off."""
    server, _, name = house.database_url.partition("?")[0].rpartition("/")
    options = house.database_url.partition("?")[2]
    connection = psycopg2.connect(f"{server}/postgres?{options}")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS {allowed}')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    connection.close()
