"""What intake is asked over HTTP, and what it replies."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from marshmallow.validate import Length, Range

from schemas.center.center import Code
from schemas.enums import Cause, Channel, TicketState
from schemas.reasons import DeclineReason
from schemas.record.record import Record, Reply
from schemas.requests.applicants import Applicant, ApplicantView
from schemas.requests.citizen import CitizenView
from schemas.requests.papers import RefusedBeforeView
from schemas.values import Cursor, Day, Explanation, Line, PageSize, distinct, not_blank


class RefusedBefore(Record):
    """Where the citizen was sent away before: a department's code, or free words; and how often."""

    where: Annotated[str, Length(min=1, max=100), not_blank]
    times: Annotated[int, Range(min=1, max=99)] = 1


class RegisterTicket(Record):
    """A matter that could not be got done. ``first_responsible`` is a staff id, by default whoever registers.
    ``missing_materials`` are the papers that were said to be missing elsewhere.

    The time of receipt is not asked for: the promise runs from the moment at which the system has the ticket.
    """

    title: Line
    text: Annotated[str, Length(min=1, max=20_000), not_blank]
    matter: Code | None = None
    cause: Cause | None = None
    channel: Channel
    applicant: Applicant
    first_responsible: Code | None = None
    refused_before: Annotated[tuple[RefusedBefore, ...], Length(max=10)] = ()
    missing_materials: Annotated[tuple[Line, ...], Length(max=50), distinct] = ()


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


class StaffView(CitizenView):
    """A ticket as the clerks of the window see it; ``title``, ``text`` and applicant are masked.

    ``lead_department`` is a name.
    """

    id: UUID
    text: str
    matter: str | None = None
    cause: Cause | None = None
    channel: Channel
    applicant: ApplicantView
    first_responsible: str
    repeat_of: UUID | None = None
    refused_before: tuple[RefusedBeforeView, ...] = ()
    missing_materials: tuple[str, ...] = ()
    forgotten_at: datetime | None = None


class IntakeQuery(Record):
    """Which tickets: of a state or channel, by number, or which somebody follows to the end. Newest first."""

    state: TicketState | None = None
    channel: Channel | None = None
    number: Code | None = None
    first_responsible: Code | None = None
    limit: PageSize = 50
    after: Cursor | None = None


class OwnTicketsQuery(Record):
    """How many of the tickets that one follows to the end."""

    limit: PageSize = 50


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


class TicketStateReply(Reply):
    """Where a ticket stands after something was done to it."""

    id: UUID
    number: str
    state: TicketState
    round: int
