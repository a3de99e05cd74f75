"""The duty leader's docket: what nobody is responsible for yet, and the decision. Texts in replies are masked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.center import Code
from schemas.record import Record
from schemas.values import Explanation, distinct
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


class DocketView(Record):
    """What lies before the duty leader, oldest first; ``leader`` is None when nobody sits on ``day``."""

    day: date
    leader: str | None = None
    items: tuple[DocketItem, ...]
