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


class Tap:
    """What one service has announced since this was made: the ``envelopes``, and how many ``messages`` they came in."""

    def __init__(self, connection: amqp.Connection, source: str, types: tuple[str, ...]) -> None:
        self._connection, self._source = connection, f"/bancheng/{source}"
        self.envelopes: list[dict[str, Any]] = []
        self.messages = 0
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).queue
        for type_ in types:
            channel.queue_bind(queue, broker.EXCHANGE.name, type_)
        channel.basic_qos(prefetch_size=0, prefetch_count=PREFETCH, a_global=False)
        channel.basic_consume(queue, callback=self._keep)

    def _keep(self, message: amqp.Message) -> None:
        if found := [each for each in envelopes_in(message.body) if each["source"] == self._source]:
            self.messages += 1
            self.envelopes += found
        message.channel.basic_ack(message.delivery_tag)

    def read(self, *, seconds: float = 0.05) -> list[dict[str, Any]]:
        """All envelopes so far; returns once none has come for so long."""
        while True:
            try:
                self._connection.drain_events(timeout=seconds)
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
