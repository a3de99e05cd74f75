"""The duty leader's docket: what nobody is responsible for yet, and the decision. Texts in replies are masked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.center import Code
from schemas.record import Record
from schemas.values import Day, Explanation, PageSize, distinct
from schemas.words import ArbitrationReason, Complexity, ReturnReason


class Arbitrate(Record):
    """The duty leader's decision, which is final. Without ``complexity`` the rules of the center say it."""

    lead: Code
    assisting: Annotated[tuple[Code, ...], Length(max=20), distinct] = ()
    complexity: Complexity | None = None
    why: Explanation


class EarlierReturn(Record):
    """A department that sent the ticket back, and why."""

    department: str
    reason: ReturnReason
    explanation: str
    returned_at: datetime


class DocketItem(Record):
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


class TurnView(Record):
    """One sitting at the window. ``moved_from`` is the closed day it should have been on."""

    leader: str
    opens_at: datetime
    closes_at: datetime
    moved_from: date | None = None


class DocketQuery(Record):
    """How much of the docket."""

    limit: PageSize = 50
    after: UUID | None = None


class DocketView(Record):
    """What lies before the duty leader, oldest first. ``sitting`` is the one now or next, if ever."""

    sitting: TurnView | None = None
    items: tuple[DocketItem, ...]
    next: UUID | None = None


class RosterQuery(Record):
    """The sittings of which days, both included, at most a year; by default 28 days, from today in the center."""

    since: Day | None = None
    until: Day | None = None


class RosterView(Record):
    """Who sits when, in order."""

    turns: tuple[TurnView, ...]
