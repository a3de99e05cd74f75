"""What intake is asked over HTTP, and what it replies."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from marshmallow.validate import Length

from schemas.center.center import Code
from schemas.enums import Cause, Channel, Complexity, Rating, TicketState
from schemas.reasons import DeclineReason
from schemas.record.record import Record, Reply
from schemas.requests.applicants import Applicant, ApplicantView
from schemas.requests.deadlines import DayView
from schemas.values import Cursor, Day, Explanation, Line, PageSize, QueryCode, distinct, not_blank


class RegisterTicket(Record):
    """A matter that could not be got done. ``first_responsible`` is a staff id, by default whoever registers.

    The time of receipt is not asked for: the promise runs from the moment at which the system has the ticket.
    """

    title: Line
    text: Annotated[str, Length(min=1, max=20_000), not_blank]
    matter: Code | None = None
    cause: Cause | None = None
    channel: Channel
    applicant: Applicant
    first_responsible: Code | None = None


class TicketRegisteredReply(Reply):
    """The receipt. ``query_code`` is shown this once only; ``repeat_of`` is an earlier ticket that says the same."""

    id: UUID
    number: str
    query_code: str
    registered_at: datetime
    repeat_of: UUID | None = None


class RegisterBatch(Record):
    """Tickets of a feed, each a RegisterTicket, each judged for itself: a bad one does not keep the others out."""

    tickets: Annotated[tuple[Any | None, ...], Length(min=1, max=500)]


class BatchResult(Reply):
    """What became of one: ``status`` as it would have been alone (201, 422, ...); the receipt, or what was wrong."""

    index: int
    status: int
    id: UUID | None = None
    number: str | None = None
    query_code: str | None = None
    repeat_of: UUID | None = None
    detail: str | None = None
    errors: dict[str, Any] | None = None


class BatchReply(Reply):
    """One result for each ticket of the batch, in its order."""

    results: tuple[BatchResult, ...]


class StatusWithCode(Record):
    """The citizen asks with the ticket's number, and the code that was given with it."""

    code: QueryCode


class CitizenView(Reply):
    """What the citizen may see of a ticket. Nothing of the applicant, since a code may be overheard."""

    number: str
    state: TicketState
    round: int
    title: str
    registered_at: datetime
    complexity: Complexity | None = None
    lead_department: str | None = None
    due_at: datetime | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    decline_reason: DeclineReason | None = None
    remedy: str | None = None
    materials: tuple[str, ...] = ()
    may_rate: bool = False


class RatingView(Reply):
    """The citizen's rating of a round."""

    round: int
    rating: Rating
    rated_at: datetime


class CitizenStatus(CitizenView):
    """All that the citizen follows: who works on it, and why the answer is promised when it is.

    ``days`` are those of the promise of this round, from ``started_at`` on; ``limit_working_days`` is what the center
    promises. While papers are awaited, they are wanted by ``materials_due_on``, and the promise goes on at
    ``waits_until`` whether they came or not.
    """

    started_at: datetime
    accepted_at: datetime | None = None
    limit_working_days: int | None = None
    days: tuple[DayView, ...] = ()
    provisional: bool = False
    materials_due_on: date | None = None
    waits_until: datetime | None = None
    ratings: tuple[RatingView, ...] = ()


class StaffView(CitizenView):
    """A ticket as the clerks of the window see it; ``title``, ``text`` and applicant are masked."""

    id: UUID
    text: str
    matter: str | None = None
    cause: Cause | None = None
    channel: Channel
    applicant: ApplicantView
    first_responsible: str
    repeat_of: UUID | None = None


class IntakeQuery(Record):
    """Which tickets: of a state or channel, or by number. Newest first."""

    state: TicketState | None = None
    channel: Channel | None = None
    number: Code | None = None
    limit: PageSize = 50
    after: Cursor | None = None


class StaffPage(Reply):
    """Some tickets, and where the next page begins."""

    items: tuple[StaffView, ...]
    next: str | None = None


class DeclineTicket(Record):
    """Not accepted: the reason is given once and completely, with what the citizen can do instead."""

    reason: DeclineReason
    remedy: Explanation


class RequestMaterials(Record):
    """The 《补正材料清单》: every missing paper at once, and the day until which they are to be brought.

    By default that is the last day for which the promise waits.
    """

    items: Annotated[tuple[Line, ...], Length(min=1, max=50), distinct]
    due_on: Day | None = None


class RateTicket(Record):
    """The citizen's rating, as a clerk writes it down."""

    rating: Rating
    comment: Annotated[str, Length(max=2000)] = ""


class RateWithCode(RateTicket):
    """The citizen's rating, given with the code and not at the window."""

    code: QueryCode


class WithdrawWithCode(Record):
    """The citizen withdraws, with the code and not at the window."""

    code: QueryCode


class TicketStateReply(Reply):
    """Where a ticket stands after something was done to it."""

    id: UUID
    number: str
    state: TicketState
    round: int
