"""The values that the rules work on: a ticket with its deadlines, and the center file and calendar they obey. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from schemas.center.center import Center, Limit
from schemas.enums import PROMISES, DeadlineKind, DeadlineState, Light, Mark
from services.calendar.calendar import WorkCalendar


class Revision(NamedTuple):
    """A due time that a deadline had, and since when."""

    revision: int
    due_at: datetime
    revised_at: datetime


class MarkAt(NamedTuple):
    """A rung of the ladder on one deadline: ``level`` from 1, and the instant at which it is reached.

    ``under`` is the revision that it belongs to, if that is not the one that the deadline has now.
    """

    mark: Mark
    level: int
    working_days: int
    light: Light
    at: datetime
    under: Revision | None = None

    @property
    def key(self) -> tuple[int, datetime]:
        """What makes it the same mark of a deadline, under whatever revision it is told."""
        return self.level, self.at


class Entry(NamedTuple):
    """One line of what was announced of a deadline: ``what`` it became, when and why, and its due time since then."""

    what: str
    at: datetime
    why: str
    revision: int
    due_at: datetime
    provisional: bool
    calendar_version: str
    center_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One deadline as it stands; the columns of the same names are explained in the migration.

    While the rules work on it, ``marks`` are the rungs of its present due time, and ``position`` is the next of them.
    As it is stored, ``marks`` are those that were announced and those still to be, and ``position`` is the first of
    the latter; ``trail`` is what was announced besides, and ``sequence`` how much that was in all.
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
    revision: int = 1
    revised_at: datetime
    why: str = "set"
    state: DeadlineState = DeadlineState.RUNNING
    light: Light | None = None
    ended_at: datetime | None = None
    marks: tuple[MarkAt, ...]
    position: int = 0
    counted_from: datetime
    remaining: timedelta | None = None
    extended: int = 0
    asked_at: datetime | None = None
    pause_ends_at: datetime | None = None
    trail: tuple[Entry, ...] = ()
    sequence: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether marks on it can still be reached."""
        return self.ended_at is None and self.state in (DeadlineState.RUNNING, DeadlineState.BREACHED)

    @property
    def ahead(self) -> tuple[MarkAt, ...]:
        """The marks that come next, if the deadline goes on."""
        return self.marks[self.position :] if self.goes_on else ()

    @property
    def present(self) -> Revision:
        """The due time that it has now."""
        return Revision(self.revision, self.due_at, self.revised_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What the deadlines of a ticket share. ``ended_at``: it was declined or withdrawn, and no deadline is set any
    more.
    """

    ticket_id: UUID
    center: str
    lead: str | None = None
    ended_at: datetime | None = None
    deadlines: tuple[Deadline, ...] = ()

    def having(self, deadline: Deadline) -> "Ticket":
        """The ticket with ``deadline`` in place of the one of the same id, or in addition."""
        others = tuple(other for other in self.deadlines if other.id != deadline.id)
        return replace(self, deadlines=(*others, deadline))

    def about(self, about: UUID) -> Deadline | None:
        """The deadline of an assignment or an arbitration."""
        return next(
            (deadline for deadline in self.deadlines if deadline.about == about and deadline.kind not in PROMISES), None
        )

    def promise(self, round: int, kind: DeadlineKind | None = None) -> Deadline | None:
        """The promise of a round: of ``kind``, or the one that counts, which is the report where there is one."""
        found = [deadline for deadline in self.deadlines if deadline.round == round and deadline.kind in PROMISES]
        if kind is not None:
            found = [deadline for deadline in found if deadline.kind is kind]
        return max(found, key=lambda deadline: deadline.kind is DeadlineKind.REPORT, default=None)

    @property
    def last_round(self) -> int:
        """The last round that has a promise."""
        return max((deadline.round for deadline in self.deadlines if deadline.kind in PROMISES), default=0)


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

    @property
    def is_due_time(self) -> bool:
        """Whether the deadline got another due time by it."""
        return self.what in DUE_TIMES


DUE_TIMES = ("set", "moved", "resumed", "ended")


class Outcome(NamedTuple):
    """A deadline, and what became of it on the way."""

    deadline: Deadline
    transitions: tuple[Transition, ...] = ()


class Decision(NamedTuple):
    """A ticket, and what became of its deadlines on the way."""

    ticket: Ticket
    transitions: tuple[Transition, ...] = ()

    def then(self, turn: Outcome) -> "Decision":
        """The same with a deadline's turn in it."""
        return Decision(self.ticket.having(turn.deadline), (*self.transitions, *turn.transitions))
