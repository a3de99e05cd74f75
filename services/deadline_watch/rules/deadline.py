"""The values that the rules work on: a deadline with its marks, and the center file and calendar it follows. Pure."""

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
    """A due time that a deadline has had, and since when."""

    revision: int
    due_at: datetime
    revised_at: datetime


class MarkAt(NamedTuple):
    """A level of the ladder on one deadline: ``level`` counts from 1, ``at`` is the instant at which it is reached.

    ``old_revision`` is the revision that the mark belongs to, if that is not the present one of the deadline.
    ``old_department`` is the department for which the mark was announced, if that is not the present one of the
    deadline; empty if it was announced for none.
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
        """Equal for the same mark of a deadline, whichever revision the mark belongs to."""
        return self.level, self.at


class AnnouncedChange(NamedTuple):
    """A transition of a deadline that was announced: ``what`` happened, when and why, and the due time since then."""

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

    While a history is worked out, ``marks`` are those of the present due time, and ``next_mark`` is the first that the
    deadline has not reached. In the database, ``marks`` are those that were announced, then those still to be
    announced, and ``next_mark`` is the first of the latter; ``announced_changes`` are the other announcements, and
    ``sequence`` counts all announced events.
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
        """The due time that the deadline has now."""
        return Revision(self.revision, self.due_at, self.revised_at)

    def showing(self, mark: MarkAt) -> "Deadline":
        """The deadline with the light of a mark that it has reached."""
        state = DeadlineState.BREACHED if mark.mark is Mark.BREACHED else self.state
        return self._replace(light=mark.light, state=state)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a center file with its calendar; ``earlier`` gives the other versions."""

    center: Center
    version: int
    calendar: WorkCalendar
    earlier: Callable[[int], "Policy"]

    def of(self, deadline: Deadline) -> "Policy":
        """The policy by which ``deadline`` was last counted."""
        return self if deadline.center_version == self.version else self.earlier(deadline.center_version)


class Transition(NamedTuple):
    """Something that happened to a deadline: ``what``, and the deadline after it. ``mark`` is the mark that was
    reached.

    ``what`` is ``set``, ``moved``, ``paused``, ``resumed``, ``met`` or ``cancelled``, which are announced; ``ended`` (a
    pause that ended because the thing was done; the deadline has the due time that it had then), which is not
    announced; or ``reached``.
    """

    what: str
    deadline: Deadline
    why: str = ""
    mark: MarkAt | None = None

    @property
    def at(self) -> datetime:
        """When it happened."""
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
    """A deadline, and the transitions that led to it."""

    deadline: Deadline
    transitions: tuple[Transition, ...] = ()
