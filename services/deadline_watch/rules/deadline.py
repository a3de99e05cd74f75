"""The values that the rules work on: a deadline with its marks, and the center file and calendar it obeys. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from schemas.center.center import Center, Limit
from schemas.enums import DeadlineKind, DeadlineState, Light, Mark
from services.calendar.calendar import WorkCalendar

DUE_TIMES = ("set", "moved", "resumed", "ended")
"""The transitions by which a deadline gets another due time."""


class Revision(NamedTuple):
    """A due time that a deadline had, and since when."""

    revision: int
    due_at: datetime
    revised_at: datetime


class MarkAt(NamedTuple):
    """A step of the ladder on one deadline: ``level`` from 1, and the instant at which it is reached.

    ``old_revision`` is the revision that it belongs to, if that is not the one that the deadline has now.
    ``old_department`` is the one for which it was announced, if that is not the one that the deadline has now; empty
    where it was announced for none.
    """

    mark: Mark
    level: int
    working_days: int
    light: Light
    at: datetime
    old_revision: Revision | None = None
    old_department: str | None = None

    @property
    def key(self) -> tuple[int, datetime]:
        """What makes it the same mark of a deadline, whatever revision it belongs to."""
        return self.level, self.at


class AnnouncedChange(NamedTuple):
    """A transition of a deadline that was announced: ``what`` became of it, when and why, and its due time since."""

    what: str
    at: datetime
    why: str
    revision: int
    due_at: datetime
    provisional: bool
    calendar_version: str
    center_version: int


class Deadline(NamedTuple):
    """One deadline as it stands; the columns of the same names are explained in the migration.

    While a history is gone through, ``marks`` are those of its present due time, and ``next_mark`` is the first that it
    has not reached. As it is stored, ``marks`` are those that were announced and those still to be, and ``next_mark``
    is the first of the latter; ``announced_changes`` is what was announced besides, and ``sequence`` how many events
    that were in all.
    """

    id: UUID
    center: str
    ticket_id: UUID
    kind: DeadlineKind
    round: int
    about: UUID
    department: str | None
    started_at: datetime
    time_limit: Limit
    due_at: datetime
    counted: tuple[date, ...]
    provisional: bool
    calendar_version: str
    center_version: int
    revised_at: datetime
    counted_from: datetime
    marks: tuple[MarkAt, ...] = ()
    next_mark: int = 0
    revision: int = 1
    why: str = "set"
    state: DeadlineState = DeadlineState.RUNNING
    light: Light | None = None
    ended_at: datetime | None = None
    remaining: timedelta | None = None
    extended: int = 0
    asked_at: datetime | None = None
    pause_ends_at: datetime | None = None
    announced_changes: tuple[AnnouncedChange, ...] = ()
    sequence: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether marks on it can still be reached."""
        return self.ended_at is None and self.state in (DeadlineState.RUNNING, DeadlineState.BREACHED)

    @property
    def marks_ahead(self) -> tuple[MarkAt, ...]:
        """The marks that come next, if the deadline goes on."""
        return self.marks[self.next_mark :] if self.goes_on else ()

    @property
    def present_revision(self) -> Revision:
        """The due time that it has now."""
        return Revision(self.revision, self.due_at, self.revised_at)

    def showing(self, mark: MarkAt) -> "Deadline":
        """The deadline with the light of a mark that it has reached."""
        state = DeadlineState.BREACHED if mark.mark is Mark.BREACHED else self.state
        return self._replace(light=mark.light, state=state)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a center file at work, and the way to its earlier ones."""

    center: Center
    version: int
    calendar: WorkCalendar
    earlier: Callable[[int], "Policy"]

    def of(self, deadline: Deadline) -> "Policy":
        """The version by which ``deadline`` was last counted."""
        return self if deadline.center_version == self.version else self.earlier(deadline.center_version)


class Transition(NamedTuple):
    """Something that became of a deadline: ``what``, and how it stood then. ``mark`` is the one that was reached.

    ``what`` is ``set``, ``moved``, ``paused``, ``resumed``, ``met``, ``cancelled``: each is announced; ``ended`` (a
    pause that what was done has ended, with the due time that it then had), which is not; or ``reached``.
    """

    what: str
    deadline: Deadline
    why: str = ""
    mark: MarkAt | None = None

    @property
    def at(self) -> datetime:
        """When it became of the deadline."""
        if self.mark:
            return self.mark.at
        match self.what:
            case "paused":
                return self.deadline.counted_from
            case "met" | "cancelled":
                return self.deadline.ended_at or self.deadline.revised_at
            case _:
                return self.deadline.revised_at


class DeadlineChange(NamedTuple):
    """A deadline, and what became of it on the way."""

    deadline: Deadline
    transitions: tuple[Transition, ...] = ()
