"""How far a service's news have come: nothing that was done before is still to be published, or to be committed."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest

from services.plumbing.database.migrate import migrate_broker, migrate_database
from services.plumbing.messaging import watermark
from services.plumbing.messaging.outbox import stored_subscriptions
from tests.stack.eventually import eventually
from tests.stack.rabbit import PrivateRabbit
from tests.stack.sample_house import MIGRATIONS, NAME, WRITTEN, SampleHouse, written
from tests.stack.sample_types import REACHED, WATCHER
from tests.stack.services import ServiceProcess, login_urls
from tests.stack.tap import Tap
from tests.stack.waiting import amqp_connection

QUEUE = "bancheng.watcher"
FREEZES_AFTER_A_LOOK = """
CREATE TEMPORARY TABLE looked (at timestamptz);
CREATE OR REPLACE FUNCTION bancheng.oldest_transaction(service text) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO looked VALUES (clock_timestamp());
    PERFORM pg_sleep(1.5);
    RETURN NULL;
END $$;
"""


@pytest.fixture(scope="module", autouse=True)
def is_watched(house: SampleHouse) -> None:
    urls = login_urls(house.database_url, NAME)
    migrate_database(house.database_url, MIGRATIONS, WATCHER, None, urls)
    migrate_broker(house.amqp_uri, WATCHER)
    with closing(house.database.connect()) as connection, connection.cursor() as cursor:
        assert WATCHER.keys() <= stored_subscriptions(cursor).keys()


@pytest.fixture(scope="module")
def relaying(house: SampleHouse, is_watched: None) -> Iterator[ServiceProcess]:
    with house.process() as process:
        yield process
        print(process.log[-4000:])


def how_far(house: SampleHouse) -> watermark.Watermark:
    with closing(house.database.connect()) as connection, connection.cursor() as cursor:
        return watermark.read(cursor)


def test_a_transaction_that_is_open_holds_the_watermark_back(house: SampleHouse) -> None:
    with house.database.transaction() as tx:
        tx.execute("SELECT pg_sleep(1.5)")
        reached_at = how_far(house).reached_at
        assert reached_at
        assert reached_at < tx.now
    assert eventually(lambda: (how_far(house).reached_at or tx.now) > tx.now, seconds=5)


def test_the_watermark_is_never_later_than_the_present(house: SampleHouse) -> None:
    reached_at = how_far(house).reached_at
    with house.database.transaction() as tx:
        assert reached_at is not None
        assert reached_at < tx.now < reached_at + timedelta(minutes=1)


def test_a_server_that_freezes_after_a_look_says_no_more_than_was_seen(house: SampleHouse) -> None:
    with closing(psycopg2.connect(house.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute(FREEZES_AFTER_A_LOOK)
        try:
            cursor.execute("SET search_path = sample, bancheng")
            reached_at = watermark.read(cursor).reached_at
            cursor.execute("SELECT at FROM looked")
            assert reached_at is not None
            assert reached_at < cursor.fetchall()[0][0]
        finally:
            connection.rollback()


def test_what_was_done_before_is_published_before(house: SampleHouse, relaying: ServiceProcess) -> None:
    with house.tap() as tap:
        for _ in range(10):
            written(relaying, events=40)
        assert eventually(lambda: notes_in(tap) == 400 and goes_on(tap), seconds=30)
        assert nothing_comes_late(tap)


def test_nothing_is_said_while_an_event_is_kept_whose_queue_is_gone(
    house: SampleHouse, relaying: ServiceProcess
) -> None:
    with house.tap() as tap:
        before = relaying.metric("bancheng_events_returned_total")
        assert eventually(lambda: was_written_without_queue(house, relaying) > before)
        migrate_broker(house.amqp_uri, WATCHER)
        assert eventually(lambda: house.count("outbox") == 0 and goes_on(tap), seconds=30)
        assert nothing_comes_late(tap)


def test_nothing_is_said_while_an_event_is_kept_whose_queue_is_full(
    house: SampleHouse, relaying: ServiceProcess, broker: PrivateRabbit
) -> None:
    vhost = house.amqp_uri.rpartition("/")[2]
    limit = '{"max-length":1,"overflow":"reject-publish"}'
    broker.ctl("set_policy", "--vhost", vhost, "--apply-to", "queues", "full", QUEUE, limit)
    try:
        with house.tap() as tap:
            assert eventually(lambda: bool(written(relaying)) and house.count("outbox") > 0, pause=0.5)
            kept = notes_in(tap)
            assert eventually(lambda: notes_in(tap) > kept + 1, seconds=20), "they are published again"
            broker.ctl("clear_policy", "--vhost", vhost, "full")
            assert eventually(lambda: house.count("outbox") == 0 and goes_on(tap), seconds=20)
            assert nothing_comes_late(tap)
    finally:
        broker.ctl("set_policy", "--vhost", vhost, "full", QUEUE, '{"max-length":1000000}')


def was_written_without_queue(house: SampleHouse, relaying: ServiceProcess) -> float:
    """How many events were given back by the broker so far."""
    with amqp_connection(house.amqp_uri) as connection:
        connection.channel().queue_delete(QUEUE)
    written(relaying)
    return relaying.metric("bancheng_events_returned_total")


def notes_in(tap: Tap) -> int:
    return sum(each["type"] == WRITTEN for each in tap.read())


def goes_on(tap: Tap) -> bool:
    """Whether the latest that was heard is how far the news have come."""
    return bool(tap.read()) and tap.envelopes[-1]["type"] == REACHED


def nothing_comes_late(tap: Tap) -> bool:
    """Whether each event was done after what had been reached when it was published, also when that was again."""
    reached = datetime.min.replace(tzinfo=UTC)
    for envelope in tap.envelopes:
        if envelope["type"] == REACHED:
            reached = datetime.fromisoformat(envelope["data"]["reached_at"])
        elif datetime.fromisoformat(envelope["time"]) < reached:
            return False
    return True
