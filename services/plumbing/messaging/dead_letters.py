"""What the broker put aside: messages that ended their service as often as its policy allows (`deploy/rabbitmq`).

They lie unchanged in a queue of their own, until a person has them handled again or discards them. Whoever looks at
them takes them from the queue; the broker puts them back by itself when the connection ends.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import amqp

from services.plumbing.messaging import broker

QUEUE = "bancheng.dead"
REPLAYS = "bancheng.replays"
_OF_THE_BROKER = ("x-death", "x-first-death-", "x-last-death-", "x-delivery-count", "x-acquired-count")


class NoDeadLetters(Exception):
    """This broker puts nothing aside: it has no such queue."""


class NotTaken(Exception):
    """The message's own queue did not take it back; it still lies among the dead."""


@dataclass(frozen=True)
class DeadLetter:
    """A message that was put aside: from which queue, why (a word of the broker's), and when it first was (UTC)."""

    message: Any
    queue: str
    reason: str
    died_at: datetime | None

    @property
    def id(self) -> str:
        """A name for it, made from its bytes."""
        return hashlib.sha256(self.body).hexdigest()[:12]

    @property
    def type(self) -> str:
        """The event type that the sender wrote into the message's properties; a question mark if there is none."""
        return str(self.message.properties.get("type") or "?")

    @property
    def body(self) -> bytes:
        """One event, or a list of them, as they arrived."""
        return broker.body_of(self.message)


class DeadLetters:
    """The messages that a broker put aside, over one connection. The methods raise one of broker.FAULTS."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._returned: list[Any] = []
        channel.auto_decode = False
        channel.confirm_select()
        channel.events["basic_return"].add(lambda *returned: self._returned.append(returned))

    def each(self) -> Iterator[DeadLetter]:
        """The messages that lie there now, oldest first. Raises NoDeadLetters."""
        try:
            count = self._channel.queue_declare(QUEUE, passive=True).message_count
        except amqp.exceptions.NotFound:
            raise NoDeadLetters(f"there is no queue {QUEUE}: this broker puts nothing aside") from None
        for _ in range(count):
            message = self._channel.basic_get(QUEUE)
            if message is None:
                return
            yield _read(message)

    def replay(self, letter: DeadLetter) -> None:
        """Give a message back to its queue, where it counts as never delivered. Raises NotTaken.

        It is removed from the dead letters when its queue has confirmed it. If the process ends in between, it is in
        both queues; that is harmless, since the inbox takes an event once.
        """
        properties = dict(letter.message.properties)
        properties.pop("user_id", None)  # nobody sends in another's name
        headers = {
            name: value
            for name, value in (properties.pop("application_headers", None) or {}).items()
            if not name.startswith(_OF_THE_BROKER)
        }
        way = self._way_to(letter)
        self._returned.clear()
        try:
            self._channel.basic_publish_confirm(
                amqp.Message(letter.body, application_headers=headers, **properties),
                exchange=way,
                routing_key=letter.queue,
                mandatory=True,
                confirm_timeout=broker.SOCKET_SECONDS,
            )
        except amqp.exceptions.MessageNacked:
            raise NotTaken(f"{letter.queue} is full and refuses {letter.id}") from None
        if self._returned:
            raise NotTaken(f"{letter.queue} did not take {letter.id}")
        self.discard(letter)

    def _way_to(self, letter: DeadLetter) -> str:
        """An exchange by which the letter reaches its own queue, and no other. Raises NotTaken.

        Not the broker's default exchange: a user with rights on our queues and exchanges alone may not publish to it.
        """
        if not letter.queue:
            raise NotTaken(f"{letter.id} does not say where it came from")
        self._channel.exchange_declare(REPLAYS, "direct", durable=True, auto_delete=False)
        try:
            self._channel.queue_bind(letter.queue, REPLAYS, letter.queue)
        except amqp.exceptions.NotFound:
            raise NotTaken(f"there is no queue {letter.queue} to take {letter.id}") from None
        return REPLAYS

    def discard(self, letter: DeadLetter) -> None:
        """Delete a message for good."""
        self._channel.basic_ack(letter.message.delivery_tag)


def _read(message: Any) -> DeadLetter:
    headers = message.properties.get("application_headers") or {}
    deaths = headers.get("x-death") or [{}]
    return DeadLetter(
        message,
        str(headers.get("x-first-death-queue", "")),
        str(headers.get("x-first-death-reason", "?")),
        deaths[-1].get("time"),
    )


@contextmanager
def opened(uri: str) -> Iterator[DeadLetters]:
    """The dead letters of the broker at ``uri``; those that are neither replayed nor discarded go back at the end.

    Raises NoDeadLetters for an in-process broker, and one of broker.FAULTS.
    """
    with broker.connected(uri) as link:
        if not isinstance(link.connection, amqp.Connection):
            raise NoDeadLetters("an in-process broker puts nothing aside")
        with link.channel() as channel:
            yield DeadLetters(channel)
