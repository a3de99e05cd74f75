"""The duty leader's docket: what nobody is responsible for yet, and the decision. Texts in replies are masked."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.center.center import Code
from schemas.enums import Complexity, DeadlineKind, DocketSection, TicketState
from schemas.reasons import ArbitrationReason, ReturnReason
from schemas.record.record import Record, Reply
from schemas.requests.roster import ShiftView
from schemas.requests.routing import ExtensionView
from schemas.values import Cursor, Explanation, PageSize, Timestamp, distinct


class Arbitrate(Record):
    """The duty leader's decision, which is final. Without ``complexity`` the rules of the center say it."""

    lead: Code
    assisting: Annotated[tuple[Code, ...], Length(max=20), distinct] = ()
    complexity: Complexity | None = None
    why: Explanation


class EarlierReturn(Reply):
    """A department that sent the ticket back, and why."""

    department: str
    reason: ReturnReason
    explanation: str
    returned_at: datetime


class DocketItem(Reply):
    """A ticket that waits for the duty leader's decision."""

    arbitration_id: UUID
    ticket_id: UUID
    number: str
    title: str
    text: str
    round: int
    reason: ArbitrationReason
    requested_at: datetime
    due_at: datetime | None = None
    returns: tuple[EarlierReturn, ...] = ()


class DocketDeadline(Reply):
    """A promise that is broken or about to be: an answer, or the special-topic report of a complex ticket; and what the
    lead department last reported.
    """

    ticket_id: UUID
    number: str
    title: str
    complexity: Complexity
    kind: DeadlineKind
    lead: str
    first_responsible: str
    due_at: datetime
    progress: str | None = None
    progress_at: datetime | None = None


class DocketDeadlines(Reply):
    """Some of them, the earliest due first, and where the next page begins."""

    items: tuple[DocketDeadline, ...] = ()
    next: str | None = None


class PromiseQuery(Record):
    """Which open promises, the earliest due first: due after ``since`` and by ``until``, broken ones included, of
    tickets that a department leads. A liaison and a department head see the own department's only.
    """

    since: Timestamp | None = None
    until: Timestamp
    department: Code | None = None
    limit: PageSize = 50
    after: Cursor | None = None


class DocketExtension(ExtensionView):
    """More time that a department asked for, and when the promise is due as it is."""

    ticket_id: UUID
    number: str
    title: str
    lead: str
    due_at: datetime | None = None


class DocketExtensions(Reply):
    """Some of them, the earliest requested first, and where the next page begins."""

    items: tuple[DocketExtension, ...] = ()
    next: UUID | None = None


class DocketRepeat(Reply):
    """An open ticket that came back: in a second or later round, or with what the ticket ``repeat_of`` said before."""

    ticket_id: UUID
    number: str
    title: str
    state: TicketState
    round: int
    complexity: Complexity | None = None
    lead: str | None = None
    first_responsible: str
    repeat_of: UUID | None = None
    repeated_number: str | None = None
    due_at: datetime | None = None


class DocketRepeats(Reply):
    """Some of them, the earliest registered first, and where the next page begins."""

    items: tuple[DocketRepeat, ...] = ()
    next: UUID | None = None


class DocketQuery(Record):
    """How much of the docket: of each section, or of one alone. ``after`` goes on in it, the first by default."""

    section: DocketSection | None = None
    limit: PageSize = 50
    after: Cursor | None = None


class DocketView(Reply):
    """What waits for the duty leader. ``sitting`` is the present or the next one, None if there is none;
    ``following_at`` is when the one after it opens.

    ``items`` are to be arbitrated, oldest first, with ``next`` for the following page; ``breached`` are promises that
    are broken, ``about_to_break`` those that will be by ``following_at``, ``extensions`` requests for more time,
    ``repeats`` open tickets that came back.
    """

    sitting: ShiftView | None = None
    following_at: datetime | None = None
    items: tuple[DocketItem, ...] = ()
    next: UUID | None = None
    breached: DocketDeadlines = DocketDeadlines()
    about_to_break: DocketDeadlines = DocketDeadlines()
    extensions: DocketExtensions = DocketExtensions()
    repeats: DocketRepeats = DocketRepeats()
