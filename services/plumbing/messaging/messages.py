"""What messages hold: events to handle, events of a type that this program does not handle, and what is no event."""

from collections.abc import Container
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.events.event import SOURCES, Delivery, Envelope, RawEvent, UnknownType, UnreadableEvent, parse, split_batch


class UnknownEvent(NamedTuple):
    """An event of the system whose type this program does not handle, but a newer (or older) version of it does."""

    envelope: Envelope
    body: bytes


class UnreadableBody(NamedTuple):
    """Bytes that are no event, and why."""

    body: bytes
    reason: str


class Origin(NamedTuple):
    """What the broker vouches for: the routing key, and the ``sender``, the service whose user sent the message; "" for
    any other user, None where there are no users because everything runs in one process.
    """

    routing_key: str
    sender: str | None


@dataclass
class MessageContents:
    """What a batch of messages holds; of each kind in the order of arrival."""

    deliveries: list[Delivery] = field(default_factory=list)
    unknown: list[UnknownEvent] = field(default_factory=list)
    unreadable: list[UnreadableBody] = field(default_factory=list)

    def add(self, body: bytes, subscribed: Container[str], origin: Origin | None = None) -> None:
        """Add what a message holds. ``subscribed`` are the event types that the service handles.

        A service may publish only its own event types, and only in its own name: a body that contradicts its ``origin``
        is not believed. ``origin`` is None for what an administrator put into the queue.
        """
        try:
            raw_events = split_batch(body)
        except UnreadableEvent as error:
            self.unreadable.append(UnreadableBody(body, str(error)))
            return
        for raw in raw_events:
            try:
                self.deliveries.append(parse_subscribed(raw, subscribed, origin))
            except UnknownType as error:
                self.unknown.append(UnknownEvent(error.envelope, raw.body))
            except UnreadableEvent as error:
                self.unreadable.append(UnreadableBody(raw.body, str(error)))


def parse_subscribed(raw: RawEvent, subscribed: Container[str], origin: Origin | None = None) -> Delivery:
    """The event, if the service handles its type. Raises UnreadableEvent; UnknownType for other types of ours."""
    if origin is not None and isinstance(raw.value, dict):
        if raw.value.get("type") not in (None, origin.routing_key):
            raise UnreadableEvent("type: it came by the routing key of another type")
        if origin.sender is not None and raw.value.get("source") not in (None, f"{SOURCES}{origin.sender}"):
            raise UnreadableEvent("source: it was not sent by this service's user of the broker")
    try:
        delivery = parse(raw)
        if delivery.envelope.type not in subscribed:
            raise UnknownType("type: this service does not handle it", delivery.envelope)
    except UnknownType as error:
        if not str(raw.value.get("source")).startswith(SOURCES):
            raise UnreadableEvent(str(error)) from None
        raise
    return delivery
