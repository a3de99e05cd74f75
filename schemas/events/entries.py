"""What happens to the entries of the question base."""

from datetime import date, datetime
from uuid import UUID

from schemas.entries import Audience, FlagVerdict, SuspensionReason, VettingStage, VettingVerdict
from schemas.events.event import Event


class EntryEvent(Event):
    """Something happened to a version of an entry."""

    entry_id: UUID
    number: str
    version: int

    @property
    def subject(self) -> str:
        """The entry's id."""
        return str(self.entry_id)


class EntrySubmitted(EntryEvent, type="entry.submitted.v1", by="knowledge"):
    """A version is written and changes no more: these departments are asked to vet it by ``due_at``."""

    departments: tuple[str, ...]
    submitted_by: str
    submitted_at: datetime
    due_at: datetime


class EntryVetted(EntryEvent, type="entry.vetted.v1", by="knowledge"):
    """A department, or justice after all of them, has vetted a version."""

    stage: VettingStage
    department: str
    verdict: VettingVerdict
    reason: str
    vetted_by: str
    vetted_at: datetime


class EntryPublished(EntryEvent, type="entry.published.v1", by="knowledge"):
    """A version is shown from now on, in place of the one before."""

    departments: tuple[str, ...]
    matters: tuple[str, ...]
    audience: Audience
    valid_until: date
    drafted_by: str
    published_at: datetime


class EntrySuspended(EntryEvent, type="entry.suspended.v1", by="knowledge"):
    """An entry is not shown while it is checked (正在核对); ``suspended_by`` is None where its basis has ended."""

    reason: SuspensionReason
    why: str
    suspended_by: str | None
    suspended_at: datetime


class EntryExpired(EntryEvent, type="entry.expired.v1", by="knowledge"):
    """An entry is over: its time has come (``expired_by`` is None), or somebody decided so."""

    why: str
    expired_by: str | None
    expired_at: datetime


class EntryFlagged(EntryEvent, type="entry.flagged.v1", by="knowledge"):
    """Somebody says that what an entry says is not right; the owner judges that by ``due_at``."""

    flag_id: UUID
    reason: str
    flagged_by: str
    flagged_at: datetime
    due_at: datetime


class FlagSettled(EntryEvent, type="flag.settled.v1", by="knowledge"):
    """The owner has judged a flag. What was upheld is to be mended by ``due_at``."""

    flag_id: UUID
    verdict: FlagVerdict
    why: str
    settled_by: str
    settled_at: datetime
    due_at: datetime | None = None


ENTRY_EVENTS: tuple[type[EntryEvent], ...] = (
    EntrySubmitted,
    EntryVetted,
    EntryPublished,
    EntrySuspended,
    EntryExpired,
    EntryFlagged,
    FlagSettled,
)
"""All of them."""
