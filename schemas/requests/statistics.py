"""The figures of a center over some days, and the tickets behind each: what is asked, and what is replied."""

from datetime import date, datetime
from typing import Annotated

from marshmallow.validate import Length

from schemas.center.center import Code
from schemas.figures import Figure, Grouping
from schemas.record.record import Record, Reply
from schemas.requests.routing import TicketSummary
from schemas.values import Cursor, Day, PageSize


class StatisticsQuery(Record):
    """The figures of which days, both included, at most a year; of one department alone, if it is named. A department
    head is told of the own department only.
    """

    since: Day
    until: Day
    by: Grouping = Grouping.DEPARTMENT
    department: Code | None = None


class StatisticsRow(Reply):
    """The figures (see Figure) of one ``group``: a code, or None for what has none. Working time is from registration,
    or from being opened again, to the answer: the median and the 90th percentile (nearest rank) of the ``answered``.
    """

    group: str | None = None
    registered: int = 0
    repeated: int = 0
    answered: int = 0
    closed: int = 0
    due: int = 0
    kept: int = 0
    broken: int = 0
    assigned: int = 0
    returned: int = 0
    escalated: int = 0
    voided: int = 0
    rated: int = 0
    rated_well: int = 0
    rated_badly: int = 0
    very_satisfied: int = 0
    satisfied: int = 0
    basically_satisfied: int = 0
    dissatisfied: int = 0
    very_dissatisfied: int = 0
    median_seconds: int | None = None
    p90_seconds: int | None = None


class StatisticsView(Reply):
    """The figures of all, and of each group, those with most registered tickets first."""

    since: date
    until: date
    total: StatisticsRow
    rows: tuple[StatisticsRow, ...]


class CountedQuery(StatisticsQuery):
    """What a figure counted, the latest first: of one ``group``, of what has no group, or of all."""

    figure: Figure
    group: Annotated[str, Length(min=1, max=100)] | None = None
    ungrouped: bool = False
    limit: PageSize = 50
    after: Cursor | None = None


class CountedTicket(TicketSummary):
    """A ticket that was counted, when what was counted happened, and the department of an assignment."""

    counted_at: datetime
    department: str | None = None


class CountedPage(Reply):
    """Some of them, one row for each time that was counted, and where the next page begins."""

    items: tuple[CountedTicket, ...]
    next: str | None = None
