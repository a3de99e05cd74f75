"""What the citizen asks with number and code over HTTP, and what intake replies."""

from datetime import date, datetime
from typing import Annotated

from marshmallow.validate import Length

from schemas.enums import Complexity, Rating, TicketState
from schemas.reasons import DeclineReason
from schemas.record.record import Record, Reply
from schemas.requests.attachments import AttachmentView
from schemas.requests.deadlines import DayView
from schemas.requests.papers import ToleratedView
from schemas.values import QueryCode


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
    tolerated: tuple[ToleratedView, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
    may_attach: bool = False


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
