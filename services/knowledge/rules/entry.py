"""What an entry of the question base is, and what its drafters may and must do. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from schemas.center.center import Center
from schemas.entries import Audience, Basis, EntryKind, EntryState, VersionState
from schemas.errors import Conflict, Forbidden, Invalid

LONGEST_VALID = timedelta(days=366)
"""For how long an entry may be valid: a year, by the longest there is."""


@dataclass(frozen=True, kw_only=True)
class EntryDraft:
    """What somebody writes. ``owner`` is the department that answers for it, ``why`` it is written anew."""

    kind: EntryKind = EntryKind.QUESTION
    question: str
    other_wordings: tuple[str, ...] = ()
    answer: str = ""
    steps: str = ""
    materials: tuple[str, ...] = ()
    basis: tuple[Basis, ...] = ()
    departments: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    owner: str | None = None
    audience: Audience = Audience.PUBLIC
    valid_from: date | None = None
    valid_until: date | None = None
    why: str = ""


class Entry(NamedTuple):
    """An entry; ``departments``, ``matters``, ``question`` and ``audience`` are of the published version, or of the
    latest as long as there is none. ``basis_ends`` is the first day on which a basis of the published one ends.
    """

    id: UUID
    center: str
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
    basis_ends: date | None
    created_at: datetime
    changed_at: datetime
    reviewed_at: datetime | None
    ticket_id: UUID | None
    import_id: UUID | None


class EntryVersion(NamedTuple):
    """One version; ``drafters`` are all who wrote any of it, ``drafted_by`` the last of them."""

    entry_id: UUID
    version: int
    state: VersionState
    question: str
    other_wordings: tuple[str, ...]
    answer: str
    steps: str
    materials: tuple[str, ...]
    basis: tuple[Basis, ...]
    departments: tuple[str, ...]
    matters: tuple[str, ...]
    audience: Audience
    valid_from: date | None
    valid_until: date | None
    why: str
    drafted_by: str
    drafters: tuple[str, ...]
    drafted_at: datetime
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    published_at: datetime | None = None

    @property
    def texts(self) -> str:
        """All that can be searched for."""
        return "\n".join((self.question, *self.other_wordings, self.answer, self.steps, *self.materials))


TEXTS = ("question", "other_wordings", "answer", "steps", "materials", "basis", "departments", "matters", "audience")
WRITTEN = (*TEXTS, "valid_from", "valid_until", "why")
"""The fields of a version that a draft has too."""


def owner_of(center: Center, draft: EntryDraft) -> str:
    """The department that answers for it: the one named, or the first. Raises Invalid if the center has it not."""
    owner = draft.owner or (draft.departments[0] if draft.departments else None)
    if owner is None:
        raise Invalid("departments", "Must name a department that answers for it.")
    if owner not in center.departments:
        raise Invalid("owner", "No such department.")
    for nth, each in enumerate(draft.departments):
        if each not in center.departments:
            raise Invalid(f"departments.{nth}", "No such department.")
    return owner


def ensure_may_write(version: EntryVersion) -> None:
    """What waits to be vetted is not changed meanwhile. Raises Conflict."""
    if version.state in {VersionState.DEPARTMENT_VETTING, VersionState.JUSTICE_VETTING}:
        raise Conflict("a version is being vetted; it changes no more")


def ensure_open(entry: Entry) -> None:
    """What is over stays as it was. Raises Conflict."""
    if entry.state is EntryState.EXPIRED:
        raise Conflict("the entry has expired")


def ensure_whole(version: EntryVersion, today: date) -> None:
    """What is handed in has all that an answer needs, and says until when it holds. Raises Conflict, Invalid."""
    if version.state is not VersionState.DRAFT:
        raise Conflict("the version was handed in before")
    if len(version.answer.strip()) < 5:
        raise Invalid("answer", "Must not be blank.")
    if not version.departments:
        raise Invalid("departments", "Must name a department that vets it.")
    if not version.basis:
        raise Invalid("basis", "Must name a rule that the answer follows from.")
    if version.valid_until is None:
        raise Invalid("valid_until", "Must say until when it holds.")
    begins = max(today, version.valid_from or today)
    if version.valid_until <= begins:
        raise Invalid("valid_until", "Must be later than today and than it begins.")
    if version.valid_until > begins + LONGEST_VALID:
        raise Invalid("valid_until", "Must be within a year.")
    for nth, each in enumerate(version.basis):
        if each.ends is not None and each.ends < today:
            raise Invalid(f"basis.{nth}.ends", "Has ended.")


def ensure_no_drafter(version: EntryVersion, staff: str) -> None:
    """Nobody vets what he or she wrote. Raises Forbidden."""
    if staff in version.drafters:
        raise Forbidden("nobody vets an entry that he or she wrote")


def basis_ends(version: EntryVersion) -> date | None:
    """The first day on which one of its bases ends; None if none does."""
    return min((each.ends for each in version.basis if each.ends is not None), default=None)


def valid_until_of(version: EntryVersion) -> date:
    """Until when it holds; what was handed in says so."""
    assert version.valid_until is not None
    return version.valid_until
