"""The entries of the question base: what is written, vetted and shown of them over HTTP."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Length

from schemas.center.center import Code
from schemas.entries import (
    Audience,
    Basis,
    EntryKind,
    EntryState,
    FlagVerdict,
    VersionState,
    VettingStage,
    VettingVerdict,
)
from schemas.record.record import Record, Reply
from schemas.values import Cursor, Day, Line, PageSize, distinct, not_blank

Question = Annotated[str, Length(min=1, max=300), not_blank]
LongText = Annotated[str, Length(max=10_000)]


class WriteEntry(Record):
    """What is written. A draft may have gaps; what is handed in names departments, a basis, and until when it holds.
    ``owner`` is the department that answers for it, the first one if none is named; ``why`` it is written anew.
    """

    kind: EntryKind = EntryKind.QUESTION
    question: Question
    other_wordings: Annotated[tuple[Question, ...], Length(max=20)] = ()
    answer: LongText = ""
    steps: LongText = ""
    materials: Annotated[tuple[Line, ...], Length(max=50)] = ()
    basis: Annotated[tuple[Basis, ...], Length(max=20)] = ()
    departments: Annotated[tuple[Code, ...], Length(max=10), distinct] = ()
    matters: Annotated[tuple[Code, ...], Length(max=20), distinct] = ()
    owner: Code | None = None
    audience: Audience = Audience.PUBLIC
    valid_from: Day | None = None
    valid_until: Day | None = None
    why: Annotated[str, Length(max=2000)] = ""


class EntryQuery(Record):
    """Which entries: in a ``state``, of a ``department`` that is named in them, with these words."""

    state: EntryState | None = None
    department: Code | None = None
    text: Annotated[str, Length(max=100)] = ""
    limit: PageSize = 50
    after: Cursor | None = None


class EntryItem(Reply):
    """An entry in a list. ``latest_version`` may be a draft beside the ``published_version``."""

    id: UUID
    number: str
    kind: EntryKind
    state: EntryState
    owner: str
    departments: tuple[str, ...]
    matters: tuple[str, ...]
    question: str
    audience: Audience
    latest_version: int
    published_version: int | None
    valid_until: date | None
    changed_at: datetime
    reviewed_at: datetime | None
    ticket_id: UUID | None
    import_id: UUID | None


class EntryPage(Reply):
    """Some of them, the last changed first, and where the next page begins."""

    items: tuple[EntryItem, ...]
    next: str | None = None


class VettingView(Reply):
    """A department that is asked to vet a version; ``verdict`` is None until it has, or no longer has to."""

    stage: VettingStage
    department: str
    asked_at: datetime
    due_at: datetime
    verdict: VettingVerdict | None
    reason: str | None
    vetted_by: str | None
    vetted_at: datetime | None
    ended_at: datetime | None


class BasisView(Reply):
    """A rule that the answer follows from; what is not known of it is empty."""

    title: str
    number: str
    article: str
    in_force: date | None
    ends: date | None


class EntryVersionView(Reply):
    """One version, with who was asked to vet it."""

    version: int
    state: VersionState
    question: str
    other_wordings: tuple[str, ...]
    answer: str
    steps: str
    materials: tuple[str, ...]
    basis: tuple[BasisView, ...]
    departments: tuple[str, ...]
    matters: tuple[str, ...]
    audience: Audience
    valid_from: date | None
    valid_until: date | None
    why: str
    drafted_by: str
    drafters: tuple[str, ...]
    drafted_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    published_at: datetime | None
    vettings: tuple[VettingView, ...]


class FlagView(Reply):
    """Somebody says that it is not right; ``due_at`` is when it is to be judged, then when it is to be mended."""

    id: UUID
    version: int
    reason: str
    flagged_by: str
    flagged_at: datetime
    due_at: datetime
    verdict: FlagVerdict | None
    why: str | None
    settled_by: str | None
    settled_at: datetime | None
    ended_at: datetime | None


class EntryTimelineItem(Reply):
    """Something that happened to an entry; ``what`` is an event's type without its version."""

    version: int
    at: datetime
    what: str
    actor: str | None
    department: str | None
    text: str | None


class EntryView(EntryItem):
    """An entry whole: its versions, the latest first, its flags, and what happened to it. ``may`` is what the actor may
    do with it now: edit, submit, vet, suspend, expire, flag, settle.
    """

    versions: tuple[EntryVersionView, ...]
    flags: tuple[FlagView, ...]
    timeline: tuple[EntryTimelineItem, ...]
    may: tuple[str, ...] = field(default_factory=tuple)
