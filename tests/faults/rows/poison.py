"""Messages that are no events, or events at the wrong time: rows 21 and 25."""

import json
import time
import uuid
from contextlib import suppress
from typing import Any

import amqp

from schemas.events.watermarks import SourceReached
from services.plumbing.messaging.broker_users import user_of
from tests.faults.house import EXCHANGE, House
from tests.faults.recording import POISON
from tests.faults.row import row
from tests.faults.run import Run
from tests.stack.broker_users import user_uris
from tests.stack.waiting import amqp_connection

QUIET_SECONDS = 1.0
_STACK: dict[str, Any] = {"nameko.call_id_stack": 5}  # on its own this kills a nameko process (pitfalls)


def _envelope(**changes: Any) -> bytes:
    whole = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/bancheng/intake",
        "type": "ticket.registered.v1",
        "subject": "x",
        "time": "2025-03-03T09:00:00+08:00",
        "center": "BC",
        "correlationid": str(uuid.uuid4()),
        "data": {},
    } | changes
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


def _poison(nth: int) -> list[tuple[bytes, dict[str, Any]]]:
    """Bodies with headers, none like that of another turn."""
    tag = f"{nth}-{uuid.uuid4()}"
    return [
        (f"not JSON {tag}".encode(), {}),
        (b"\xff\xfe" + tag.encode(), {}),
        (b"[" * 100_000 + tag.encode(), {}),
        (json.dumps([tag]).encode(), _STACK),
        (b'{"specversion": NaN, "x": "' + tag.encode() + b'"}', {}),
        (b'{"id": ' + b"9" * 5000 + b', "x": "' + tag.encode() + b'"}', {}),
        (_envelope(), {}),
        (_envelope(id=None), _STACK),
        (_envelope(type="ticket.registered.v9", source="/elsewhere"), {}),
        (_envelope(type=f"nothing.{nth}.v1", source="/elsewhere"), {"content": ["a", {"b": 1}]}),
        (_envelope(data={"center": "BC", "ticket_id": "no uuid"}), {}),
    ]


@row(21, "raw AMQP to the exchange, each message twice")
def poison_is_sent(run: Run) -> None:
    """Poison is sent: bad bodies, bad headers, unknown versions. It is parked, and the processes live."""
    with run.house() as house:
        subscribers = [
            row.service
            for row in house.rows("SELECT service FROM bancheng.subscriptions WHERE type = 'ticket.registered.v1'")
        ]
        pids = [each.process.pid for each in house.supervisor.all]
        for nth in range(3):
            run.some_time(2, 4)
            with run.fault("poison"):
                sent = _poison(nth)
                _publish(house, [*sent, *sent])
                for service in subscribers:
                    run.poison[service] = run.poison.get(service, 0) + len(sent)
        run.expect(pids == [each.process.pid for each in house.supervisor.all], "D a process was ended by poison")


def _publish(house: House, messages: list[tuple[bytes, dict[str, Any]]]) -> None:
    """Send them as intake: what another sent in its name would be parked unread."""
    with amqp_connection(user_uris(house.amqp_uri, "intake")["intake"]) as connection:
        channel = connection.channel()
        channel.confirm_select()
        for body, headers in messages:
            message = amqp.Message(
                body, delivery_mode=2, app_id=POISON, user_id=user_of("intake"), application_headers=headers
            )
            channel.basic_publish_confirm(message, exchange=EXCHANGE, routing_key="ticket.registered.v1")


@row(25, "what waits for a service is taken from its queue, shuffled, and put back twice")
def every_event_comes_twice_and_in_any_order(run: Run) -> None:
    """Every event is delivered twice, and in any order."""
    with run.house() as house:
        for service in ("routing", "deadline_watch", "intake"):
            (supervised,) = house.supervisor.of(service)
            with run.fault(f"the post of {service} is shuffled"):
                supervised.stop()
                time.sleep(7 if service != "intake" else 2)
                for each in house.supervisor.all:  # or they would report how far they have come before it is put back
                    each.stop()
                posted = _shuffle(run, house, f"bancheng.{service}")
                for each in house.supervisor.all:
                    each.start()
                house.supervisor.await_ready()
            run.expect(posted > 5 or service == "intake", f"B only {posted} events were shuffled for {service}")
            run.result.published_twice += posted


def _shuffle(run: Run, house: House, queue: str) -> int:
    """How many messages were taken out, shuffled and put back twice.

    How far a service has come is left out: it is true only behind the events that came before it.
    """
    with amqp_connection(house.amqp_uri) as connection:
        channel = connection.channel()
        channel.confirm_select()
        taken: list[amqp.Message] = []
        took_at = time.monotonic()

        def take(message: amqp.Message) -> None:
            nonlocal took_at
            if message.delivery_info["routing_key"] == SourceReached.TYPE:
                channel.basic_ack(message.delivery_tag)
                return
            taken.append(message)
            took_at = time.monotonic()

        channel.basic_consume(queue, callback=take, consumer_tag="shuffle")
        while time.monotonic() - took_at < QUIET_SECONDS:
            with suppress(TimeoutError):
                connection.drain_events(timeout=QUIET_SECONDS)
        channel.basic_cancel("shuffle")
        twice = [*taken, *taken]
        run.chance.shuffle(twice)
        for message in twice:
            channel.basic_publish_confirm(amqp.Message(message.body, delivery_mode=2), routing_key=queue)
        if taken:
            channel.basic_ack(taken[-1].delivery_tag, multiple=True)
        return len(taken)
