"""Solved tickets that others can learn from: what knowledge is asked over HTTP, and what it replies."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.cases import PromotedTo, TypicalCaseState
from schemas.record.record import Record, Reply
from schemas.values import Cursor, Line, PageSize, not_blank


class PromoteCase(Record):
    """What a solved ticket becomes; texts that are not given are those of the ticket, as they are masked."""

    to: PromotedTo
    title: Line | None = None
    text: Annotated[str, Length(max=20_000)] | None = None
    answer: Annotated[str, not_blank, Length(max=20_000)] | None = None


class CasePromotion(Reply):
    """What a solved ticket became."""

    ticket_id: UUID
    promoted_to: PromotedTo
    entry_id: UUID | None = None
    entry_number: str | None = None
    awaited: tuple[str, ...] = ()


class ConsentToCase(Record):
    """Whether a department lets others read a typical case that names it."""

    consents: bool
    why: Annotated[str, Length(max=500)] = ""


class CaseConsent(Reply):
    """What a department said; None as long as it has said nothing."""

    department: str
    consents: bool | None = None
    why: str = ""
    given_by: str | None = None
    given_at: datetime | None = None


class TypicalCase(Reply):
    """A solved ticket as others may read it. ``awaited`` are the departments that have still to consent."""

    ticket_id: UUID
    number: str
    state: TypicalCaseState
    title: str
    text: str
    answer: str
    lead: str
    departments: tuple[str, ...]
    consents: tuple[CaseConsent, ...]
    awaited: tuple[str, ...]
    promoted_by: str
    promoted_at: datetime


class TypicalCasesQuery(Record):
    """Which typical cases; ``after`` is the ``next`` of the page before."""

    state: TypicalCaseState = TypicalCaseState.SHOWN
    limit: PageSize = 50
    after: Cursor | None = None


class TypicalCases(Reply):
    """Typical cases, the latest first."""

    items: tuple[TypicalCase, ...]
    next: str | None = None


class CaseState(Reply):
    """What can become of a ticket, and what it has become: ``may_become`` is empty where it is not solved, or is both
    already. The texts are masked.
    """

    ticket_id: UUID
    title: str
    text: str
    answer: str
    may_become: tuple[PromotedTo, ...]
    entry_id: UUID | None = None
    entry_number: str | None = None
    typical_case: TypicalCase | None = None
