"""A recording of every event that the broker took, from the beginning, in a quorum queue of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import amqp

from schemas.events.watermarks import SourceReached
from tests.stack.envelopes import envelopes_in
from tests.stack.waiting import amqp_connection

QUEUE = "faults.recording"
EXCHANGE = "bancheng.events"
QUIET_SECONDS, PATIENCE_SECONDS = 1.0, 60.0
POISON = "poison"  # the app_id of messages that are no events


class Recording:
    """Begun as it is made. At the firehose (`rabbitmqctl trace_on`) of what is published, not of what is delivered: a
    queue at the exchange takes what no service would, so that nothing is ever returned to who published it; one at the
    firehose does not, but may hold an event that was returned.
    """

    def __init__(self, uri: str, *, firehose: bool = False) -> None:
        self._uri = uri
        self._envelopes: list[dict[str, Any]] = []
        self._bodies: set[bytes] = set()
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._fetch)
        with amqp_connection(uri) as connection:
            channel = connection.channel()
            channel.queue_declare(QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
            if firehose:
                channel.queue_bind(QUEUE, "amq.rabbitmq.trace", f"publish.{EXCHANGE}")
            else:
                channel.queue_bind(QUEUE, EXCHANGE, "#")

    @contextmanager
    def kept_elsewhere(self) -> Iterator[None]:
        """What is recorded is fetched as it comes, so that it is not on the broker's disk when a row fills that.

        On a disk without a byte left RabbitMQ 3.10's write-ahead log ends with ENOSPC, and messages that it had
        confirmed and that still wait are lost now and then: 1,700 of 4,400 in one run out of three.
        """
        self._reader.start()
        try:
            yield
        finally:
            self._end()

    def read(self) -> list[dict[str, Any]]:
        """Every envelope in the order of arrival; what was published twice is there twice. Poison is left out.

        Nothing is fetched as it comes any more. Raises TimeoutError when the broker does not give what it holds.
        """
        self._end()
        _consume(self._uri, QUEUE, self._keep)
        return self._envelopes

    def _end(self) -> None:
        self._ended.set()
        if self._reader.is_alive():
            self._reader.join()

    def _fetch(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError, amqp.AMQPError), amqp_connection(self._uri) as connection:
                channel = connection.channel()
                channel.basic_qos(0, 1000, False)
                channel.basic_consume(QUEUE, callback=self._keep_and_confirm)
                while not self._ended.is_set():
                    with suppress(TimeoutError):
                        connection.drain_events(timeout=QUIET_SECONDS)
            self._ended.wait(QUIET_SECONDS)

    def _keep_and_confirm(self, message: amqp.Message) -> None:
        self._keep(message)
        message.channel.basic_ack(message.delivery_tag)

    def _keep(self, message: amqp.Message) -> None:
        if message.properties.get("app_id") == POISON:
            return
        if message.delivery_info["redelivered"] and message.body in self._bodies:
            return  # it was kept, and its confirmation did not arrive
        self._bodies.add(message.body)
        self._envelopes.extend(envelopes_in(message.body))


def left(uri: str, queues: tuple[str, ...]) -> int:
    """How many messages wait in queues that nobody reads any more.

    Not counted is how far a source has come: that is said once a second, and so to a service too that just stopped.
    """
    found: list[amqp.Message] = []
    for queue in queues:
        _consume(uri, queue, found.append)
    return sum(message.properties.get("type") != SourceReached.TYPE for message in found)


def _consume(uri: str, queue: str, keep: Callable[[amqp.Message], None]) -> None:
    """All messages of a queue: those it holds now, and what follows until for a second none has come but those that say
    how far a source has come. Raises TimeoutError when the broker does not give what it holds.
    """
    taken, last_at = 0, time.monotonic()

    def take(message: amqp.Message) -> None:
        nonlocal taken, last_at
        keep(message)
        taken += 1
        if message.properties.get("type") != SourceReached.TYPE:
            last_at = time.monotonic()

    with amqp_connection(uri) as connection:
        channel = connection.channel()
        channel.basic_qos(0, 1000, False)
        held = channel.queue_declare(queue, passive=True).message_count
        channel.basic_consume(queue, no_ack=True, callback=take)
        while taken < held or time.monotonic() - last_at < QUIET_SECONDS:
            with suppress(TimeoutError):
                connection.drain_events(timeout=QUIET_SECONDS)
            if taken < held and time.monotonic() - last_at > PATIENCE_SECONDS:
                raise TimeoutError(f"{queue} holds {held} messages and gave {taken}")


def backlog(uri: str, queues: tuple[str, ...]) -> int:
    """How many messages wait in queues."""
    with amqp_connection(uri) as connection:
        channel = connection.channel()
        return sum(channel.queue_declare(queue, passive=True).message_count for queue in queues)
