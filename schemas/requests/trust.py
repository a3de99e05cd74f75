"""How far suggestions and rules can be trusted: what knowledge is asked over HTTP, and what it replies."""

from datetime import date, datetime
from uuid import UUID

from schemas.record.record import Record, Reply
from schemas.values import Cursor, Day, PageSize


class TrustQuery(Record):
    """Of which days, both included, at most a year."""

    since: Day
    until: Day


class HitRow(Reply):
    """Of the tickets that were solved with a good outcome, and foretold before: how often the department that solved
    them was the first or ``among`` the first three suggested, or by the rules alone. ``shown`` are those in which the
    first was far enough ahead to be shown. ``month`` is None of all months, ``department`` of all departments.
    """

    month: str | None = None
    department: str | None = None
    tickets: int
    shown: int
    shown_first: int
    suggested_first: int
    suggested_among: int
    ruled_first: int
    ruled_among: int


class TakenRow(Reply):
    """What leaders decided in a month who were shown suggestions: in which place of them that department stood."""

    month: str
    first: int = 0
    second: int = 0
    third: int = 0
    none: int = 0


class TrustView(Reply):
    """The rows of all tickets, of each month and of each department."""

    since: date
    until: date
    total: HitRow | None
    by_month: tuple[HitRow, ...]
    by_department: tuple[HitRow, ...]
    taken: tuple[TakenRow, ...]


class RuleRow(Reply):
    """A rule of the center file: how many tickets it ``routed``, and of how many of these another department became the
    lead later; ``by_leader`` of them because a leader decided so.
    """

    rule: str
    routed: int
    overruled: int
    by_leader: int


class RuleRows(Reply):
    """The rules that decided something, those that were overruled most first."""

    items: tuple[RuleRow, ...]


class OverruledQuery(TrustQuery):
    """The tickets in which a rule was overruled."""

    limit: PageSize = 50
    after: Cursor | None = None


class OverruledTicket(Reply):
    """A ticket that a rule gave to ``lead`` and that went to ``then_lead`` later; ``decided_by`` is the leader's staff
    id, None where a department sent it back.
    """

    id: UUID
    number: str
    title: str
    lead: str
    routed_at: datetime
    then_lead: str
    overruled_at: datetime
    decided_by: str | None = None


class OverruledPage(Reply):
    """Some of them, the latest first, and where the next page begins."""

    items: tuple[OverruledTicket, ...]
    next: str | None = None
