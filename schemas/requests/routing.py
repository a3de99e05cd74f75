"""What routing is asked over HTTP, and what it replies. Texts in replies are masked already."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length, Range

from schemas.center.center import Code
from schemas.enums import Cause, Channel, Complexity, DeadlineKind, DeadlineState, ExtensionState, Outcome, TicketState
from schemas.record.record import Record, Reply
from schemas.requests.assignments import TicketAssignment
from schemas.requests.escalations import EscalationView
from schemas.requests.meetings import MeetingView, ReportSignature
from schemas.requests.timeline import TimelineEntry
from schemas.values import Explanation, PageSize, not_blank


class AnswerTicket(Record):
    """The solution, as the citizen will read it."""

    answer: Annotated[str, Length(min=5, max=20_000), not_blank]


class FileReport(Record):
    """The special-topic report (专题报告) of a complex ticket."""

    report: Annotated[str, Length(min=20, max=50_000), not_blank]


class CloseTicket(Record):
    """How it ended."""

    outcome: Outcome


class ReclassifyTicket(Record):
    """An ordinary ticket turns out to be complex."""

    complexity: Complexity
    why: Explanation


class GrantExtension(Record):
    """More time, asked for before the due time: granted when a leader asks, a request when the lead department does."""

    working_days: Annotated[int, Range(min=1, max=60)]
    reason: Explanation
    legal_basis: Explanation


class RefuseExtension(Record):
    """Why a leader gives no more time."""

    why: Explanation


class ExtensionView(Reply):
    """More time that was asked for; ``why`` is the leader's reason for refusing it. People are staff ids."""

    id: UUID
    round: int
    working_days: int
    reason: str
    legal_basis: str
    requested_by: str
    requested_at: datetime
    state: ExtensionState
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str | None = None


class TicketDeadline(Reply):
    """A deadline as the last event told routing; deadline_watch explains it day by day."""

    id: UUID
    kind: DeadlineKind
    round: int
    department: str | None = None
    state: DeadlineState
    due_at: datetime | None = None
    revision: int


class TicketQuery(Record):
    """Which tickets: of a state, complexity, with a department's part in it, or in which all words of ``search`` stand
    (a ticket's number, or words of two characters at least). Newest first. A liaison sees the own department's only.
    """

    state: TicketState | None = None
    complexity: Complexity | None = None
    department: Code | None = None
    search: Annotated[str, Length(min=2, max=100), not_blank] | None = None
    limit: PageSize = 50
    after: UUID | None = None


class TicketSummary(Reply):
    """A ticket on one line of a list. ``lead`` and ``assisting`` are department codes."""

    id: UUID
    number: str
    title: str
    state: TicketState
    round: int
    complexity: Complexity | None = None
    lead: str | None = None
    assisting: tuple[str, ...] = ()
    first_responsible: str
    registered_at: datetime
    due_at: datetime | None = None


class TicketPage(Reply):
    """Some tickets, and where the next page begins."""

    items: tuple[TicketSummary, ...]
    next: UUID | None = None


class TicketView(TicketSummary):
    """A ticket with what was decided and done: the latest of its timeline, and as ``timeline_before`` what to ask for
    where there is more. ``why`` it is with its departments: the words of the leader ``decided_by``, or RoutingReasons.
    """

    text: str
    channel: Channel
    matter: str | None = None
    cause: Cause | None = None
    rule: str | None = None
    decided_by: str | None = None
    why: str | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    report: str | None = None
    reported_at: datetime | None = None
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    forgotten_at: datetime | None = None
    assignments: tuple[TicketAssignment, ...] = ()
    deadlines: tuple[TicketDeadline, ...] = ()
    extensions: tuple[ExtensionView, ...] = ()
    escalations: tuple[EscalationView, ...] = ()
    meetings: tuple[MeetingView, ...] = ()
    signatures: tuple[ReportSignature, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    timeline_before: int | None = None
