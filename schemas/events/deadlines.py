"""What happens to a deadline: the deadline of one kind of promise or duty, announced by deadline_watch alone.

``department`` is None while nobody has been made responsible. Times carry an offset; days are local days of the center.
``revision`` counts the due times that a deadline was announced to have, ``sequence`` all that was announced of it: what
has a lower one than an event that has arrived already is outdated.
"""

from datetime import date, datetime
from uuid import UUID

from schemas.enums import DeadlineKind, DeadlineState, Mark
from schemas.events.event import Event


class DeadlineSet(Event, type="deadline.set.v1", by="deadline_watch"):
    """A deadline was started; ``counted`` are its working days; ``provisional`` lies beyond the announced calendar."""

    ticket_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    round: int
    department: str | None = None
    started_at: datetime
    due_at: datetime
    revision: int
    sequence: int
    counted: tuple[date, ...]
    provisional: bool
    calendar_version: str
    center_version: int


class DeadlineMoved(Event, type="deadline.moved.v1", by="deadline_watch"):
    """The due time changed, with a new revision and the reason; the deadline runs on or still waits."""

    ticket_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    round: int
    department: str | None = None
    state: DeadlineState
    due_at: datetime
    revision: int
    sequence: int
    provisional: bool
    why: str


class DeadlinePaused(Event, type="deadline.paused.v1", by="deadline_watch"):
    """The deadline waits for the applicant; ``remaining_seconds`` of working time are kept."""

    ticket_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    round: int
    revision: int
    sequence: int
    paused_at: datetime
    remaining_seconds: int


class DeadlineResumed(Event, type="deadline.resumed.v1", by="deadline_watch"):
    """The deadline goes on; ``why`` is "supplied" or "cap" (the pause had lasted as long as it may)."""

    ticket_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    round: int
    revision: int
    sequence: int
    resumed_at: datetime
    due_at: datetime
    provisional: bool
    why: str


class DeadlineMet(Event, type="deadline.met.v1", by="deadline_watch"):
    """What was promised was done at ``met_at``, not after ``due_at``."""

    ticket_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    round: int
    department: str | None = None
    revision: int
    sequence: int
    due_at: datetime
    met_at: datetime


class DeadlineCancelled(Event, type="deadline.cancelled.v1", by="deadline_watch"):
    """The deadline no longer applies: withdrawn, declined, reclassified, assignment replaced."""

    ticket_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    round: int
    revision: int
    sequence: int
    cancelled_at: datetime
    why: str


class MarkReached(Event):
    """What the three marks on a deadline have in common. ``level`` is its place on the ladder, from 1.

    ``due_at`` and ``revision`` are those that the mark belongs to, in force since ``revised_at``; ``state`` is the
    deadline's present one. Not ``confirmed``: a service was silent for too long to wait for it, so an event that makes
    the mark void may still arrive.
    """

    ticket_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    round: int
    level: int
    working_days: int
    mark_at: datetime
    due_at: datetime
    revision: int
    revised_at: datetime
    sequence: int
    state: DeadlineState
    department: str | None = None
    confirmed: bool = True


class DeadlineApproaching(MarkReached, type="deadline.approaching.v1", by="deadline_watch"):
    """``working_days`` are left."""


class DeadlineBreached(MarkReached, type="deadline.breached.v1", by="deadline_watch"):
    """The due time passed with nothing done."""


class DeadlineOverdue(MarkReached, type="deadline.overdue.v1", by="deadline_watch"):
    """``working_days`` have passed since the due time."""


class MarkVoided(Event, type="mark.voided.v1", by="deadline_watch"):
    """A mark was announced under ``revision`` and had not been reached: the event that shows this arrived later.

    Whoever was notified of it is notified that it is void, and figures do not count it. ``state`` is the deadline's
    true state; ``department`` is the one for which the mark was announced, whichever has the ticket now.
    """

    ticket_id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    round: int
    mark: Mark
    level: int
    mark_at: datetime
    revision: int
    sequence: int
    state: DeadlineState
    department: str | None = None
