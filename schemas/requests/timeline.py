"""What routing is asked about what happened, and what it replies: to one ticket, or to all of a center."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Range

from schemas.record.record import Record, Reply
from schemas.values import PageSize


class TimelineEntry(Reply):
    """Something that happened to a ticket: ``what`` is the event's type, ``by`` a staff id or a rule's."""

    at: datetime
    what: str
    by: str | None = None
    department: str | None = None
    text: str | None = None


class TicketTimelineQuery(Record):
    """How much of a ticket's timeline: at most ``timeline_limit`` entries, the latest, or the latest of those before
    the place ``timeline_before``.
    """

    timeline_before: Annotated[int, Range(min=0, max=2**63 - 1)] | None = None
    timeline_limit: PageSize = 100


class TimelineLine(TimelineEntry):
    """An entry among those of all tickets."""

    seq: int
    ticket_id: UUID
    number: str


class TimelineQuery(Record):
    """What has happened since the entry ``after``, 0 for all. ``limit`` entries at most, fewer where they are long."""

    after: Annotated[int, Range(min=0, max=2**63 - 1)] = 0
    limit: PageSize = 50


class TimelinePage(Reply):
    """Entries in the order in which the events arrived. Give ``next`` as ``after`` to get the following ones."""

    items: tuple[TimelineLine, ...]
    next: int
