"""What deadline_watch is asked over HTTP, and what it replies."""

from datetime import date, datetime
from uuid import UUID

from schemas.center.center import Code
from schemas.enums import DeadlineKind, DeadlineState, Light
from schemas.record.record import Record, Reply
from schemas.values import Cursor, PageSize, Timestamp


class DeadlineQuery(Record):
    """Which deadlines, soonest due first. Without ``state`` those that have not ended, breached ones among them."""

    light: Light | None = None
    state: DeadlineState | None = None
    department: Code | None = None
    kind: DeadlineKind | None = None
    due_before: Timestamp | None = None
    due_after: Timestamp | None = None
    limit: PageSize = 50
    after: Cursor | None = None


class ProvisionalQuery(Record):
    """A page of the deadlines that lie beyond the announced calendar."""

    limit: PageSize = 50
    after: Cursor | None = None


class DeadlineView(Reply):
    """One deadline. ``light`` is None once it has ended in time; ``provisional`` lies beyond the announced calendar."""

    id: UUID
    ticket_id: UUID
    number: str | None = None
    kind: DeadlineKind
    round: int
    department: str | None = None
    state: DeadlineState
    light: Light | None = None
    started_at: datetime
    due_at: datetime
    revision: int
    provisional: bool
    ended_at: datetime | None = None


class DeadlinePage(Reply):
    """Some deadlines, and where the next page begins."""

    items: tuple[DeadlineView, ...]
    next: str | None = None


class RevisionView(Reply):
    """A due time that a deadline had, since when, why, and under which calendar and center file."""

    revision: int
    due_at: datetime
    since: datetime
    why: str
    calendar_version: str
    center_version: int


class DayView(Reply):
    """A day between start and due time: counted as working day number ``count``, or skipped, and why.

    ``reasons`` are codes of `schemas.reasons.DayReason`, some with a parameter: ``statutory_holiday:春节``.
    """

    day: date
    counted: bool
    count: int | None = None
    reasons: tuple[str, ...]


class ExplainedDeadline(DeadlineView):
    """A deadline with every due time that it had and the days of the present one."""

    revisions: tuple[RevisionView, ...]
    days: tuple[DayView, ...]


class ExplanationView(Reply):
    """Why the deadlines of a ticket are what they are."""

    ticket_id: UUID
    deadlines: tuple[ExplainedDeadline, ...]


class BoardRow(Reply):
    """How many running deadlines of a kind show a light in a department; None is nobody's yet."""

    light: Light
    department: str | None = None
    kind: DeadlineKind
    count: int


class BoardView(Reply):
    """The wall screen: numbers only, nothing of any person, and net of what turned out void.

    Of promises: how many were ``broken_today``, how many more are ``due_today`` in the center, and since when the
    oldest one is broken that is still to be kept.
    """

    as_of: datetime
    rows: tuple[BoardRow, ...]
    broken_today: int = 0
    due_today: int = 0
    oldest_due_at: datetime | None = None
