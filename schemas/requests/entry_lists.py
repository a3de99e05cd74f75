"""The lists of the question base: what is to be vetted, what was read in, what is to be looked at this week."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length, Range

from schemas.center.center import Code
from schemas.entries import EntryState, ReviewReason, ReviewSubject, ReviewVerdict, VettingStage
from schemas.record.record import Record, Reply
from schemas.requests.entries import BasisView, WriteEntry
from schemas.values import Cursor, Line, PageSize

LOT = 50
"""So many are signed, or read in, at once."""


class VettingQuery(Record):
    """What waits to be vetted: of the own department; the center may ask for any, or all."""

    department: Code | None = None
    limit: PageSize = 50
    after: Cursor | None = None


class ToVet(Reply):
    """A version that a department has still to vet; ``is_own``: the reader wrote some of it, and does not vet it."""

    entry_id: UUID
    number: str
    question: str
    version: int
    stage: VettingStage
    department: str
    asked_at: datetime
    due_at: datetime
    departments: tuple[str, ...]
    drafted_by: str
    drafters: tuple[str, ...]
    owner: str
    published_version: int | None
    answer: str
    basis: tuple[BasisView, ...]
    is_own: bool


class VettingPage(Reply):
    """Some of them, what is due first at the top, and where the next page begins."""

    items: tuple[ToVet, ...]
    next: str | None = None


class ImportedEntry(Reply):
    """A draft that was read in from a file for the own department, as much of it as is signed by."""

    entry_id: UUID
    number: str
    question: str
    version: int
    departments: tuple[str, ...]
    answer: str
    basis: tuple[BasisView, ...]
    valid_until: date | None


class ImportedEntryPage(Reply):
    """Some of them, and where the next page begins."""

    items: tuple[ImportedEntry, ...]
    next: str | None = None


class PageOfLot(Record):
    """A page of what was read in."""

    limit: PageSize = LOT
    after: Cursor | None = None


class SeenVersion(Record):
    """The version of an entry that was read before it is signed."""

    entry_id: UUID
    version: Annotated[int, Range(min=1)]


class SignLot(Record):
    """Sign all of these as they are."""

    entries: Annotated[tuple[SeenVersion, ...], Length(min=1, max=LOT)]


class LotSigned(Reply):
    """How many were signed."""

    signed: int


class ReviewQuery(Record):
    """What a department has to look at; or with ``done`` what was looked at, the latest first."""

    department: Code | None = None
    done: bool = False
    limit: PageSize = 50
    after: Cursor | None = None


class ReviewItem(Reply):
    """Something on a list of the week. What is no entry has no ``entry_id``, ``question`` or ``state``."""

    id: UUID
    week: date
    department: str
    subject_kind: ReviewSubject
    subject: str
    entry_id: UUID | None
    question: str | None
    state: EntryState | None
    valid_until: date | None
    basis_ends: date | None
    reasons: tuple[ReviewReason, ...]
    due_at: datetime
    verdict: ReviewVerdict | None
    why: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None


class ReviewPage(Reply):
    """Some of them, and where the next page begins."""

    items: tuple[ReviewItem, ...]
    next: str | None = None


class ReviewLine(Record):
    """What becomes of it; ``why`` is needed unless it is kept."""

    verdict: ReviewVerdict
    why: Annotated[str, Length(max=2000)] = ""


class Reviewed(Reply):
    """It was looked at; ``entry_id`` is the entry, if it is one."""

    entry_id: UUID | None


class ImportEntries(Record):
    """Some rows of a file, with the import's id and the file's name: they become drafts. ``first`` counts from 0; a
    part that came before is not taken again.
    """

    import_id: UUID
    name: Line
    first: Annotated[int, Range(min=0, max=100_000)]
    entries: Annotated[tuple[WriteEntry, ...], Length(min=1, max=LOT)]


class EntriesImported(Reply):
    """How many rows of the file were read in by now."""

    rows: int


class EntryImport(Reply):
    """A file that was read in; ``waiting`` of its drafts nobody has handed in yet."""

    id: UUID
    name: str
    rows: int
    waiting: int
    imported_by: str
    imported_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    removed: int | None


class EntryImportPage(Reply):
    """Some of them, the latest first, and where the next page begins."""

    items: tuple[EntryImport, ...]
    next: str | None = None


class UndoImport(Record):
    """Take the drafts of an import away again; there is nothing to say."""


class ImportUndone(Reply):
    """How many drafts were taken away, and how many stay since somebody has worked on them."""

    removed: int
    kept: int
