"""The ledger (台账): what routing and intake are asked about each ticket of some days, and what they reply."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.center.center import Code
from schemas.enums import Cause, Channel, Complexity, Outcome, Rating, TicketState
from schemas.record.record import Record, Reply
from schemas.requests.applicants import ApplicantView
from schemas.requests.docket import EarlierReturn
from schemas.values import Cursor, Day, PageSize, Reason, distinct

LINES_AT_ONCE = 200


class LedgerQuery(Record):
    """Which tickets, the earliest registered first: of some days, both included; of a state, a complexity, a department
    that leads or led an assignment, a cause, a channel. Only the first page says how many there are in all.
    """

    since: Day | None = None
    until: Day | None = None
    state: TicketState | None = None
    complexity: Complexity | None = None
    department: Code | None = None
    cause: Cause | None = None
    channel: Channel | None = None
    limit: PageSize = LINES_AT_ONCE
    after: Cursor | None = None


class LedgerProgress(Reply):
    """What a department last reported about its assignment."""

    department: str
    progress: str
    progress_at: datetime


class LedgerLine(Reply):
    """A ticket with all that routing knows of it: texts are masked, people are staff ids. ``escalations`` are those
    that stand, ``highest_level`` is the highest of them; ``extended_days`` are the working days that were granted.
    """

    id: UUID
    number: str
    registered_at: datetime
    channel: Channel
    title: str
    text: str
    matter: str | None = None
    cause: Cause | None = None
    complexity: Complexity | None = None
    state: TicketState
    round: int
    first_responsible: str
    lead: str | None = None
    assisting: tuple[str, ...] = ()
    assigned_at: datetime | None = None
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    extended_days: int = 0
    returns: tuple[EarlierReturn, ...] = ()
    progress: tuple[LedgerProgress, ...] = ()
    report: str | None = None
    answer: str | None = None
    answered_at: datetime | None = None
    outcome: Outcome | None = None
    rating: Rating | None = None
    rated_at: datetime | None = None
    escalations: int = 0
    highest_level: int | None = None
    closed_at: datetime | None = None


class LedgerPage(Reply):
    """Some of them, and where the next page begins; ``total`` with the first page."""

    items: tuple[LedgerLine, ...]
    next: str | None = None
    total: int | None = None


class FindLedgerApplicants(Record):
    """Whose tickets: those of a page of the ledger."""

    tickets: Annotated[tuple[UUID, ...], Length(min=1, max=LINES_AT_ONCE), distinct]


class RevealLedgerApplicants(FindLedgerApplicants):
    """The same unmasked, and why: it is written down for each ticket, with the name of who asked."""

    reason: Reason


class LedgerApplicant(Reply):
    """What intake knows of a ticket besides: the applicant, and how often they had been sent away. ``title`` and
    ``text`` as they were given stand with an unmasked applicant alone.
    """

    id: UUID
    applicant: ApplicantView
    times_refused: int
    registered_by: str
    title: str | None = None
    text: str | None = None


class LedgerApplicants(Reply):
    """Those of the center among the tickets that were named."""

    items: tuple[LedgerApplicant, ...]
