"""The values that the rules work on: a ticket with its clocks, and the center file and calendar they obey. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from schemas.center import Center, Limit
from schemas.words import PROMISES, DeadlineKind, DeadlineState, Light, Mark
from services.calendar import WorkCalendar


class Revision(NamedTuple):
    """A due time that a clock had, and since when."""

    revision: int
    due_at: datetime
    revised_at: datetime


class MarkAt(NamedTuple):
    """A rung of the ladder on one clock: ``level`` from 1, and the instant at which it is reached.

    ``under`` is the revision that it belongs to, if that is not the one that the clock has now.
    """

    mark: Mark
    level: int
    working_days: int
    light: Light
    at: datetime
    under: Revision | None = None

    @property
    def key(self) -> tuple[int, datetime]:
        """What makes it the same mark of a clock, under whatever revision it is told."""
        return self.level, self.at


class Entry(NamedTuple):
    """One line of what was announced of a clock: ``what`` became of it, when and why, and its due time since then."""

    what: str
    at: datetime
    why: str
    revision: int
    due_at: datetime
    provisional: bool
    calendar_version: str
    center_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
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
        """The marks that come next, if the clock goes on."""
        return self.marks[self.position :] if self.goes_on else ()

    @property
    def present(self) -> Revision:
        """The due time that it has now."""
        return Revision(self.revision, self.due_at, self.revised_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What the clocks of a ticket share. ``ended_at``: it was declined or withdrawn, and no clock is set any more."""

    ticket_id: UUID
    center: str
    lead: str | None = None
    ended_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()

    def having(self, clock: Clock) -> "Ticket":
        """The ticket with ``clock`` in place of the one of the same id, or in addition."""
        others = tuple(other for other in self.clocks if other.id != clock.id)
        return replace(self, clocks=(*others, clock))

    def about(self, about: UUID) -> Clock | None:
        """The clock of an assignment or an arbitration."""
        return next((clock for clock in self.clocks if clock.about == about and clock.kind not in PROMISES), None)

    def promise(self, round: int, kind: DeadlineKind | None = None) -> Clock | None:
        """The promise of a round: of ``kind``, or the one that counts, which is the report where there is one."""
        found = [clock for clock in self.clocks if clock.round == round and clock.kind in PROMISES]
        if kind is not None:
            found = [clock for clock in found if clock.kind is kind]
        return max(found, key=lambda clock: clock.kind is DeadlineKind.REPORT, default=None)

    @property
    def last_round(self) -> int:
        """The last round that has a promise."""
        return max((clock.round for clock in self.clocks if clock.kind in PROMISES), default=0)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a center file at work, and the way to its earlier ones."""

    center: Center
    version: int
    calendar: WorkCalendar
    earlier: Callable[[int], "Policy"]

    def of(self, clock: Clock) -> "Policy":
        """The version by which ``clock`` was last counted."""
        return self if clock.center_version == self.version else self.earlier(clock.center_version)


class Transition(NamedTuple):
    """Something that became of a clock: ``what``, and how it stood then. ``mark`` is the one that was reached.

    ``what`` is ``set``, ``moved``, ``paused``, ``resumed``, ``met``, ``cancelled``: each is announced; ``ended`` (a
    pause that what was done has ended, with the due time that it then had), which is not; or ``reached``.
    """

    what: str
    clock: Clock
    why: str = ""
    mark: MarkAt | None = None

    @property
    def at(self) -> datetime:
        """When it became of the clock."""
        if self.mark:
            return self.mark.at
        match self.what:
            case "paused":
                return self.clock.counted_from
            case "met" | "cancelled":
                return self.clock.ended_at or self.clock.revised_at
            case _:
                return self.clock.revised_at

    @property
    def is_due_time(self) -> bool:
        """Whether the clock got another due time by it."""
        return self.what in DUE_TIMES


DUE_TIMES = ("set", "moved", "resumed", "ended")


class Turn(NamedTuple):
    """A clock, and what became of it on the way."""

    clock: Clock
    transitions: tuple[Transition, ...] = ()


class Decision(NamedTuple):
    """A ticket, and what became of its clocks on the way."""

    ticket: Ticket
    transitions: tuple[Transition, ...] = ()

    def then(self, turn: Turn) -> "Decision":
        """The same with a clock's turn in it."""
        return Decision(self.ticket.having(turn.clock), (*self.transitions, *turn.transitions))
