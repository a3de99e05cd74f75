"""What messages hold, sorted by what becomes of it: events to handle, those of a later version, and what is none."""

from collections.abc import Container
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.events.event import SOURCES, Delivery, Envelope, RawEvent, UnknownType, UnreadableEvent, parse, split_batch


class Unknown(NamedTuple):
    """An event of the house whose type this program does not handle: one that is newer, or will be again, does."""

    envelope: Envelope
    body: bytes


class Origin(NamedTuple):
    """What the broker vouches for: the routing key, and the service whose user sent it; "" for anybody else's, None
    where there are no users because all is one process.
    """

    routing_key: str
    sender: str | None


class Unreadable(NamedTuple):
    """Bytes that are no event, and why."""

    body: bytes
    reason: str


@dataclass
class Sorted:
    """Of a batch of messages: each part in the order in which it came."""

    deliveries: list[Delivery] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)

    def add(self, body: bytes, handled: Container[str], origin: Origin | None = None) -> None:
        """Sort what a message holds. ``handled`` are the event types that the service handles.

        A service may publish under the routing keys of its own types and in its own name: a body that says something
        else than its ``origin`` is not believed. None for what an administrator put into the queue.
        """
        try:
            envelopes = split_batch(body)
        except UnreadableEvent as error:
            self.unreadable.append(Unreadable(body, str(error)))
            return
        for said in envelopes:
            try:
                self.deliveries.append(known(said, handled, origin))
            except UnknownType as error:
                self.unknown.append(Unknown(error.envelope, said.body))
            except UnreadableEvent as error:
                self.unreadable.append(Unreadable(said.body, str(error)))


def known(said: RawEvent, handled: Container[str], origin: Origin | None = None) -> Delivery:
    """The event, if the service handles its type. Raises UnreadableEvent; of an event of ours UnknownType."""
    if origin is not None and isinstance(said.value, dict):
        if said.value.get("type") not in (None, origin.routing_key):
            raise UnreadableEvent("type: it came by the routing key of another type")
        if origin.sender is not None and said.value.get("source") not in (None, f"{SOURCES}{origin.sender}"):
            raise UnreadableEvent("source: it was not sent by this service's user of the broker")
    try:
        delivery = parse(said)
        if delivery.envelope.type not in handled:
            raise UnknownType("type: this service does not handle it", delivery.envelope)
    except UnknownType as error:
        if not str(said.value.get("source")).startswith(SOURCES):
            raise UnreadableEvent(str(error)) from None
        raise
    return delivery
