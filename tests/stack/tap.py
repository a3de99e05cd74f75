"""Hears what is announced: a queue of the tests' own at the exchange."""

from typing import Any, TypeVar
from uuid import UUID

import amqp

from schemas.events.event import Event
from services.plumbing.messaging import broker
from tests.stack.envelopes import envelopes_in
from tests.stack.eventually import eventually

E = TypeVar("E", bound=Event)

PREFETCH = 4
"""So few that what is sent and not read yet fits into the socket: the broker hangs up on whoever blocks it for 30 s,
and a test is busy with other things for longer.
"""

MOST_SECONDS = 30.0
"""How long the broker may take for what is in the queue, on a machine that has much else to do."""


class Tap:
    """What one service has announced since this was made: the ``envelopes``, and how many ``messages`` they came in."""

    def __init__(self, connection: amqp.Connection, source: str, types: tuple[str, ...]) -> None:
        self._connection, self._source = connection, f"/bancheng/{source}"
        self.envelopes: list[dict[str, Any]] = []
        self.messages = 0
        self._channel = channel = connection.channel()
        self._queue = channel.queue_declare("", exclusive=True).queue
        self._asked = self._answered = 0
        for type_ in types:
            channel.queue_bind(self._queue, broker.EXCHANGE.name, type_)
        channel.basic_qos(prefetch_size=0, prefetch_count=PREFETCH, a_global=False)
        channel.basic_consume(self._queue, callback=self._keep)

    def _keep(self, message: amqp.Message) -> None:
        if message.delivery_info["exchange"] == "":
            self._answered += 1
            message.channel.basic_ack(message.delivery_tag)
            return
        if found := [each for each in envelopes_in(message.body) if each["source"] == self._source]:
            self.messages += 1
            self.envelopes += found
        message.channel.basic_ack(message.delivery_tag)

    def read(self, *, seconds: float = 0.05) -> list[dict[str, Any]]:
        """All envelopes so far; returns once none has come for so long, and not before all that were in the queue when
        it was called: a message of its own comes behind them.
        """
        self._asked += 1
        self._channel.basic_publish(amqp.Message(b""), routing_key=self._queue)
        while True:
            try:
                self._connection.drain_events(timeout=seconds if self._answered == self._asked else MOST_SECONDS)
            except TimeoutError:
                return self.envelopes

    def about(self, subject: object) -> list[dict[str, Any]]:
        """The envelopes so far with that subject."""
        return [each for each in self.read() if each["subject"] == str(subject)]

    def hears(self, count: int, subject: object, *, seconds: float = 15.0) -> bool:
        """Whether so many events about a subject come in time."""
        return eventually(lambda: len(self.about(subject)) >= count, seconds=seconds)

    def of(self, event: type[E], subject: UUID | str) -> list[E]:
        """The events of a type about a ticket or center so far, in order."""
        return [event.load(each["data"]) for each in self.about(subject) if each["type"] == event.TYPE]

    def wait_for(self, event: type[E], subject: UUID | str, *, times: int = 1, seconds: float = 10.0) -> list[E]:
        """The same, once there are ``times`` of them. Raises TimeoutError."""
        if not eventually(lambda: len(self.of(event, subject)) >= times, seconds=seconds):
            raise TimeoutError(f"{len(self.of(event, subject))} of {times} {event.TYPE} about {subject}")
        return self.of(event, subject)
