"""Old ledgers that are read in: what intake is asked, and what it replies. Their rows are history, with no promise."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length, Range

from schemas.record.record import Record, Reply
from schemas.values import Day, Line, Name, PageSize

ROWS_AT_ONCE = 200
MOST_ROWS = 5_000


class ImportedRow(Record):
    """A row of an old ledger, as it stands there. Only who registered what, and when, must be known."""

    number: Line | None = None
    registered_on: Day
    channel: Name | None = None
    applicant: Name | None = None
    phone: Annotated[str, Length(max=40)] | None = None
    organisation: Name | None = None
    title: Line
    text: Annotated[str, Length(max=20_000)] = ""
    cause: Name | None = None
    department: Line | None = None
    answer: Annotated[str, Length(max=20_000)] = ""
    closed_on: Day | None = None
    rating: Name | None = None


class BeginImport(Record):
    """An old ledger is read in; ``name`` is what people call it."""

    name: Line


class ImportRows(Record):
    """Some of its rows; ``first`` is the place of the first among all of them. Sent twice, they are there once."""

    first: Annotated[int, Range(min=0, max=MOST_ROWS - 1)]
    rows: Annotated[tuple[ImportedRow, ...], Length(min=1, max=ROWS_AT_ONCE)]


class ImportView(Reply):
    """An old ledger that was read in; of one that was undone no row is left."""

    id: UUID
    name: str
    imported_by: str
    imported_at: datetime
    rows: int
    undone_by: str | None = None
    undone_at: datetime | None = None


class ImportsQuery(Record):
    """A page of them, the latest first."""

    limit: PageSize = 50
    after: UUID | None = None


class ImportPage(Reply):
    """Some of them, and where the next page begins."""

    items: tuple[ImportView, ...]
    next: UUID | None = None


class ImportedQuery(Record):
    """A page of the rows of one, in their order."""

    limit: PageSize = 50
    after: Annotated[int, Range(min=0, max=MOST_ROWS)] | None = None


class ImportedTicket(Reply):
    """A row as it is kept: the applicant is masked, and nothing personal stands in its texts."""

    place: int
    number: str | None = None
    registered_on: date
    channel: str | None = None
    applicant: str | None = None
    phone: str | None = None
    organisation: str | None = None
    title: str
    text: str
    cause: str | None = None
    department: str | None = None
    answer: str
    closed_on: date | None = None
    rating: str | None = None


class ImportedPage(Reply):
    """Some rows, and where the next page begins."""

    items: tuple[ImportedTicket, ...]
    next: int | None = None
