"""A service that has fallen into wrong hands cannot speak for another, whichever way it takes to another's queue."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import amqp

from schemas.events.event import Event
from schemas.events.tickets import TicketAnswered, TicketWithdrawn
from schemas.events.watermarks import EVERYWHERE, SourceReached
from services.plumbing.messaging.broker_users import EXCHANGE, queue_name, user_of
from tests.stack.broker_users import broker_of
from tests.stack.envelopes import wire
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.waiting import amqp_connection

OWN, OTHERS = queue_name("intake"), queue_name("deadline_watch")


def bytes_of(event: Event) -> bytes:
    return wire(event, uuid4(), time=datetime.now(UTC))


def an_answer() -> bytes:
    """What routing alone may say."""
    now = datetime.now(UTC)
    return bytes_of(
        TicketAnswered(
            center="BC",
            ticket_id=uuid4(),
            round=1,
            department="SWJ",
            answer="已办结",
            answered_at=now,
            answered_by="nobody",
        )
    )


def publish(
    channel: Any, key: str, body: bytes, exchange: str = EXCHANGE, user: str | None = user_of("intake"), **headers: Any
) -> None:
    message = amqp.Message(body, delivery_mode=2, application_headers=headers, **{"user_id": user} if user else {})
    channel.basic_publish_confirm(message, exchange=exchange, routing_key=key)


def by_the_key_of_an_own_type(channel: Any) -> None:
    publish(channel, TicketWithdrawn.TYPE, an_answer())


def by_a_second_key_in_a_header(channel: Any) -> None:
    publish(channel, TicketWithdrawn.TYPE, an_answer(), CC=[TicketAnswered.TYPE])


def by_an_exchange_of_its_own(channel: Any) -> None:
    """Who may make a queue of that name may make an exchange of it, whose keys are nobody's."""
    channel.exchange_declare(OWN, "direct", durable=True, auto_delete=False)
    channel.queue_bind(OTHERS, OWN, TicketAnswered.TYPE)
    publish(channel, TicketAnswered.TYPE, an_answer(), exchange=OWN)


def by_not_saying_who_sends_it(channel: Any) -> None:
    publish(channel, TicketAnswered.TYPE, an_answer(), exchange=OWN, user=None)


def by_letting_its_own_queue_put_it_aside(channel: Any) -> None:
    """Whoever lets a queue put aside what it refuses chooses the key by which that goes on."""
    arguments = {"x-dead-letter-exchange": EXCHANGE, "x-dead-letter-routing-key": TicketAnswered.TYPE}
    channel.queue_declare(OWN, durable=True, auto_delete=False, arguments=arguments)
    channel.queue_bind(OWN, EXCHANGE, TicketWithdrawn.TYPE)
    channel.queue_unbind(OTHERS, EXCHANGE, TicketWithdrawn.TYPE)
    publish(channel, TicketWithdrawn.TYPE, an_answer())
    channel.basic_reject(channel.basic_get(OWN).delivery_tag, requeue=False)


def by_a_watermark_of_anothers(channel: Any) -> None:
    """deadline_watch would take it that nothing more is to be heard of routing."""
    reached = SourceReached(center=EVERYWHERE, source="routing", reached_at=datetime.now(UTC))
    publish(channel, SourceReached.TYPE, bytes_of(reached))


WAYS: tuple[Callable[[Any], None], ...] = (
    by_the_key_of_an_own_type,
    by_a_second_key_in_a_header,
    by_an_exchange_of_its_own,
    by_not_saying_who_sends_it,
    by_letting_its_own_queue_put_it_aside,
    by_a_watermark_of_anothers,
)


def test_what_is_sent_in_anothers_name_is_parked(amqp_uri: str, database_url: str) -> None:
    watch = OneService("deadline_watch", amqp_uri, database_url)
    with watch.process():
        for number, way in enumerate(WAYS, 1):
            with amqp_connection(broker_of(amqp_uri).service_uris["intake"]) as connection:
                channel = connection.channel()
                channel.confirm_select()
                way(channel)
            assert eventually(lambda: len(watch.parked()) == number), (way.__name__, watch.parked())  # noqa: B023
        assert {reason.partition(":")[0] for reason in watch.parked()} == {"type", "source", "data"}
        assert watch.rows("SELECT * FROM watermarks") == []
