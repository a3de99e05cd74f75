"""The audit of personal data, as an auditor reads it: who was shown them, or searched by them, when and why."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Range

from schemas.record.record import Record, Reply
from schemas.values import PageSize


class AuditQuery(Record):
    """A page of the audit, the latest first; ``after`` is an earlier reply's ``next``."""

    limit: PageSize = 50
    after: Annotated[int, Range(min=1, max=2**63 - 1)] | None = None


class Reveal(Reply):
    """Somebody was shown the personal data of a ticket's applicant, for a reason, in which nothing personal stands."""

    id: int
    ticket_id: UUID
    number: str
    staff: str
    reason: str
    revealed_at: datetime


class RevealPage(Reply):
    """Some of them, and where the next page begins."""

    items: tuple[Reveal, ...]
    next: int | None = None


class Forgetting(Reply):
    """The personal data of a ticket were deleted: for a reason that ``staff`` gave, or by the center's retention."""

    id: int
    ticket_id: UUID
    number: str
    staff: str | None = None
    reason: str
    forgotten_at: datetime


class ForgettingPage(Reply):
    """Some of them, and where the next page begins."""

    items: tuple[Forgetting, ...]
    next: int | None = None


class PhoneSearch(Reply):
    """Somebody searched for the tickets of a phone, and how many were found. The phone itself is not kept."""

    id: int
    staff: str
    reason: str
    found: int
    searched_at: datetime


class PhoneSearchPage(Reply):
    """Some of them, and where the next page begins."""

    items: tuple[PhoneSearch, ...]
    next: int | None = None
