"""Which events travel together: many of one type in one message, as CloudEvents' JSON batch mode has it. Pure.

A broker and its clients work by the message, hardly by the byte: a hundred events in one cost little more than one.
"""

from collections.abc import Iterable
from typing import NamedTuple

MOST_EVENTS = 100
MOST_BYTES = 32_768
"""A batch holds no more, unless one event alone is larger. With the number of messages that a subscriber prefetches,
this bounds its memory."""


class OutboxRow(NamedTuple):
    """An event as it is stored in the outbox; ``body`` is its whole envelope as JSON text."""

    seq: int
    id: str
    type: str
    subject: str
    body: str


class EventBatch:
    """Events of one type, in their order."""

    def __init__(self, first: OutboxRow) -> None:
        self.type = first.type
        self.events = [first]
        self._bodies = [first.body.encode()]
        self._bytes = len(self._bodies[0])

    @property
    def id(self) -> str:
        """The id of the first event."""
        return self.events[0].id

    def add(self, event: OutboxRow) -> bool:
        """Add an event; False if there is no room for it."""
        body = event.body.encode()
        if len(self.events) == MOST_EVENTS or self._bytes + len(body) > MOST_BYTES:
            return False
        self.events.append(event)
        self._bodies.append(body)
        self._bytes += len(body)
        return True

    def body(self) -> bytes:
        """What goes over the wire: one event as it is, several as a list."""
        return self._bodies[0] if len(self._bodies) == 1 else b"[" + b",".join(self._bodies) + b"]"


def event_batches(events: Iterable[OutboxRow]) -> list[EventBatch]:
    """All events in as few batches as keep each subject's events in their order."""
    batches: list[EventBatch] = []
    newest: dict[str, int] = {}
    reached: dict[str, int] = {}
    for event in events:
        place = newest.get(event.type, -1)
        if place < reached.get(event.subject, 0) or not batches[place].add(event):
            place = newest[event.type] = len(batches)
            batches.append(EventBatch(event))
        reached[event.subject] = place
    return batches
