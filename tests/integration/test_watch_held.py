"""A database that wakes up in another day wakes no leader: the watch is held until its clock is right again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from schemas.center import CenterPublished
from services.deadline_watch.service import DeadlineWatchService
from services.plumbing.transaction import new_id
from tests import clock_builders as given
from tests.builders import a_center
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService

REAL_NOW = "CREATE OR REPLACE FUNCTION bancheng.real_now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT {} $$"


def test_a_jump_of_the_databases_clock_fires_nothing_until_it_is_back(amqp_uri: str, database_url: str) -> None:
    house = OneService(DeadlineWatchService, amqp_uri, database_url)
    center, ticket = a_center(), new_id()
    now = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"
    house.announce(CenterPublished(center=center.code, version=1, body=center))
    with house.process() as watch, house.tap("deadline.#") as tap:
        house.announce(given.registered(now, ticket))
        assert tap.hears(1, ticket)
        house.rows(REAL_NOW.format("clock_timestamp() + interval '30 days'"))
        assert eventually(lambda: watch.metric("bancheng_watch_clock_jump_seconds") > 29 * 86400)
        assert [each["type"] for each in tap.read(seconds=4)] == ["deadline.set.v1"]
        house.rows(REAL_NOW.format("clock_timestamp()"))
        assert eventually(lambda: watch.metric("bancheng_watch_clock_jump_seconds") == 0)
        assert [each["type"] for each in tap.read(seconds=4)] == ["deadline.set.v1"]


def test_whoever_starts_the_watch_anew_accepts_the_new_time(amqp_uri: str, database_url: str) -> None:
    house = OneService(DeadlineWatchService, amqp_uri, database_url)
    ticket = new_id()
    now = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"
    with house.process() as watch, house.tap("deadline.#") as tap:
        house.announce(given.registered(now, ticket))
        assert tap.hears(1, ticket)
        house.rows(REAL_NOW.format("clock_timestamp() + interval '30 days'"))
        assert eventually(lambda: watch.metric("bancheng_watch_clock_jump_seconds") > 0)
        watch.stop()
        watch.start()
        assert eventually(lambda: any(each["type"] == "deadline.breached.v1" for each in tap.about(ticket)))
