"""Joint meetings and the signatures under a special-topic report: what is asked over HTTP, and what is replied."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.center.center import Code
from schemas.enums import MeetingState
from schemas.record.record import Record, Reply
from schemas.requests.escalations import EscalationPage
from schemas.values import Cursor, Explanation, Line, PageSize, Timestamp, distinct, not_blank


class CallMeeting(Record):
    """When and where, and which of the ticket's departments come."""

    meets_at: Timestamp
    place: Line
    departments: Annotated[tuple[Code, ...], Length(min=2, max=20), distinct]


class MoveMeeting(Record):
    """Another time or place, and why."""

    meets_at: Timestamp
    place: Line
    why: Explanation


class CancelMeeting(Record):
    """Why it does not take place."""

    why: Explanation


class HoldMeeting(Record):
    """What came of it."""

    outcome: Annotated[str, Length(min=5, max=5000), not_blank]


class MeetingView(Reply):
    """A joint meeting. ``why`` it was last moved, or cancelled."""

    id: UUID
    ticket_id: UUID
    round: int
    state: MeetingState
    meets_at: datetime
    place: str
    departments: tuple[str, ...]
    called_by: str
    called_at: datetime
    outcome: str | None = None
    why: str | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None


class MeetingOfTicket(MeetingView):
    """A meeting in a list, with the ticket that it is about."""

    number: str
    title: str
    lead: str | None = None


class MeetingQuery(Record):
    """Which meetings are to come, or wait for their outcome: of all, or with a ``department`` invited. A liaison and a
    head see those of the own department.
    """

    department: Code | None = None
    limit: PageSize = 50
    after: Cursor | None = None


class MeetingPage(Reply):
    """Some of them, the earliest first, and where the next page begins."""

    items: tuple[MeetingOfTicket, ...]
    next: str | None = None


class NeededMeeting(Reply):
    """A complex ticket of several departments that have not been called together in this round."""

    ticket_id: UUID
    number: str
    title: str
    lead: str
    assisting: tuple[str, ...]
    due_at: datetime | None = None


class PageQuery(Record):
    """A page of a list in the order of ids."""

    limit: PageSize = 50
    after: UUID | None = None


class NeededMeetingPage(Reply):
    """Some of them, oldest first, and where the next page begins."""

    items: tuple[NeededMeeting, ...]
    next: UUID | None = None


class SignReport(Record):
    """The department signs the report; there is nothing to say."""


class ReportSignature(Reply):
    """A department has signed the report of a round."""

    round: int
    department: str
    signed_by: str
    signed_at: datetime


class UnsignedReport(Reply):
    """A special-topic report that ``missing`` have not signed yet."""

    ticket_id: UUID
    number: str
    title: str
    lead: str
    reported_at: datetime
    missing: tuple[str, ...]


class UnsignedReportPage(Reply):
    """Some of them, oldest ticket first, and where the next page begins."""

    items: tuple[UnsignedReport, ...]
    next: UUID | None = None


class TogetherQuery(Record):
    """How many of each part."""

    limit: PageSize = 20


class TogetherView(Reply):
    """What lies beside the own work, in one reply: escalations that one has still to acknowledge, meetings to come,
    reports to sign, and for leaders the tickets whose departments should meet.
    """

    escalations: EscalationPage
    meetings: MeetingPage
    reports: UnsignedReportPage
    needed: NeededMeetingPage
