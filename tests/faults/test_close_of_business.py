"""At the close of business nobody is told for nothing: of what was done in time no breach is announced, however late
the news of it come. And what is broken is announced, without delay.

The house's clock runs as fast as the real one here, and is set to shortly before 17:00 of the day on which some tickets
are due. Each test has a week of its own. With FULL=1 five times as many tickets rush in, and news are stuck for nearly
as long as the center file allows.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.plumbing.messaging.broker_users import setting_of
from tests.faults.house import House, Plan
from tests.faults.week import CLOSE, Week
from tests.stack.at_once import at_once
from tests.stack.broker_users import user_uris
from tests.stack.eventually import eventually
from tests.stack.proxy import Proxy

pytestmark = pytest.mark.alone

BEFORE_CLOSE = timedelta(days=2, hours=6, minutes=59, seconds=40)
"""From Monday 10:00 to Wednesday 16:59:40: an answer to what came in on Monday is due at 17:00."""
LATE_S = 10.0
FULL = bool(os.environ.get("FULL"))
RUSH = 10_000 if FULL else 2_000
STUCK_S = 570 if FULL else 6
"""Shorter than the cap of ten minutes, after which marks are announced all the same, and longer than the two seconds
that news between replicas take without a fault.
"""
RUSH_LATE_S = 60.0 if FULL else LATE_S
"""News of what was done in time stand behind ten thousand tickets, more than two cores route in ten seconds."""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House(Plan(speed=1)) as house:
        yield house


def assert_only_what_is_broken_is_announced(week: Week, *, late: float | None) -> None:
    """Each true breach once and, unless ``late`` is None, within so many seconds; nobody was told of any other."""
    assert eventually(week.all_breaches_are_stored, seconds=60, pause=0.2)
    assert week.house.comes_to_rest(60)
    envelopes = week.house.recording.read()
    in_time = week.were_in_time()
    assert len(in_time) >= len(week.to_be_done) // 3, "this machine was too slow to do them in time"
    ours = {*week.left_alone, *in_time}
    announced = [each for each in envelopes if each["subject"] in ours and is_breach(each)]
    assert sorted(each["subject"] for each in announced) == sorted(week.left_alone)
    assert not [each for each in envelopes if each["type"] == "mark.voided.v1"]
    told = [each for each in envelopes if each["type"] == "ticket.escalated.v1" and each["subject"] in in_time]
    assert not [each for each in told if each["data"]["kind"] == "answer" and each["data"]["level"] > 1]
    delays = [datetime.fromisoformat(each["time"]) - (week.monday + CLOSE) for each in announced]
    print(f"announced after {min(delays)} to {max(delays)}")
    assert late is None or max(delays) <= timedelta(seconds=late)


def is_breach(envelope: dict[str, Any]) -> bool:
    return bool(envelope["type"] == "deadline.breached.v1" and envelope["data"]["kind"] == "answer")


def test_a_watch_that_was_away_announces_nothing_done_meanwhile(house: House) -> None:
    week = Week(house, "watch away", 5000, done=6)
    (watch,) = house.supervisor.of("deadline_watch")
    watch.stop()
    for id_ in week.to_be_done[:2]:
        week.extend(id_)
    week.at(BEFORE_CLOSE)
    for id_ in week.to_be_done[2:4]:
        week.answer(id_)
    for id_ in week.to_be_done[4:]:
        week.pause(id_)
    week.at(CLOSE + timedelta(seconds=5))
    watch.start()
    house.supervisor.await_ready()
    assert_only_what_is_broken_is_announced(week, late=None)


def test_news_that_are_stuck_when_it_is_due_are_waited_for(house: House) -> None:
    week = Week(house, "links cut", 6000, done=6)
    with Proxy(("127.0.0.1", house.rabbit.port)) as proxy, led_through(house, proxy):
        week.at(BEFORE_CLOSE)
        assert house.comes_to_rest(30)
        week.at(BEFORE_CLOSE)
        proxy.black_hole()
        for id_ in week.to_be_done[:3]:
            week.answer(id_)
        for id_ in week.to_be_done[3:]:
            week.pause(id_)
        week.at(CLOSE + timedelta(seconds=1))
        (row,) = house.rows(
            "SELECT (SELECT count(*) FROM intake.outbox) + (SELECT count(*) FROM routing.outbox) AS stuck"
        )
        assert row.stuck >= 6
        house.rows("SELECT pg_sleep(%(seconds)s)", seconds=STUCK_S)
        assert week.announced_as_broken() == 0, "what is broken in truth waits for the news too"
        proxy.heal()
        assert_only_what_is_broken_is_announced(week, late=None)


def test_a_rush_before_the_close_hides_nothing_that_was_done_in_time(house: House) -> None:
    """The news of what is done in the last seconds stand behind those of thousands of tickets."""
    week = Week(house, "busy", 0, done=20)
    week.at(BEFORE_CLOSE - timedelta(minutes=30))
    at_once(*(lambda nth=nth: week.register(1000 + nth * 500, 500) for nth in range(RUSH // 500)))
    week.at(CLOSE - timedelta(seconds=4))
    deeds = [lambda id_=id_: week.answer(id_) for id_ in week.to_be_done[:10]]
    deeds += [lambda id_=id_: week.pause(id_) for id_ in week.to_be_done[10:]]
    at_once(*deeds)
    assert_only_what_is_broken_is_announced(week, late=RUSH_LATE_S)


@contextmanager
def led_through(house: House, proxy: Proxy) -> Iterator[None]:
    """intake and routing reach the broker through a proxy, inside of the `with`."""
    _lead(house, f"amqp://guest:guest@127.0.0.1:{proxy.port}//")
    try:
        yield
    finally:
        _lead(house, house.amqp_uri)


def _lead(house: House, amqp_uri: str) -> None:
    for service in ("intake", "routing"):
        (supervised,) = house.supervisor.of(service)
        supervised.stop()
        supervised.process.environment |= {setting_of(service): user_uris(amqp_uri, service)[service]}
        supervised.start()
    house.supervisor.await_ready()
