"""Parked events over HTTP: what a service gave up on, shown without what people wrote, tried again or discarded."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.record.record import Record, Reply
from schemas.values import Cursor, PageSize, Reason


class ParkedQuery(Record):
    """A page of the parked events, those that are parked for the longest first."""

    limit: PageSize = 50
    after: Cursor | None = None


class ParkedEventView(Reply):
    """An event that was given up after so many ``tries``, and why. ``type`` is None of what is no event at all."""

    event_id: UUID
    type: str | None = None
    subject: str | None = None
    why: str
    tries: int
    held_since: datetime


class ParkedPage(Reply):
    """Some of them, and where the next page begins."""

    items: tuple[ParkedEventView, ...] = ()
    next: str | None = None


class ParkedField(Reply):
    """A field of what the event says. Ids, instants, numbers and codes have their ``value``; of a text only its
    ``length`` is told, since it may speak of somebody.
    """

    name: str
    value: str | None = None
    length: int | None = None


class ParkedEventDetails(ParkedEventView):
    """One of them: its envelope, its ``size`` in bytes, and its fields."""

    source: str | None = None
    announced_at: datetime | None = None
    correlation_id: UUID | None = None
    size: int
    fields: tuple[ParkedField, ...] = ()


class ParkedKind(Reply):
    """How many of a type are parked, and since when."""

    type: str | None = None
    parked: int
    oldest: datetime


class ParkedSummary(Reply):
    """What is parked, by type, and how many events wait to be tried again by themselves."""

    parked: int
    waiting: int
    kinds: tuple[ParkedKind, ...] = ()


class DiscardParkedEvent(Record):
    """Forget it for good: why."""

    reason: Reason


class ReplayParkedKind(Record):
    """Try all of a type again; None for what is no event."""

    type: Annotated[str, Length(min=1, max=100)] | None = None


class ParkedActed(Reply):
    """How many events something was done to."""

    events: int
