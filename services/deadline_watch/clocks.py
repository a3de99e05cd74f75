"""The values that the rules work on: a ticket with its clocks, and the center file and calendar they obey. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from schemas.center import Center, Limit
from schemas.event import Event
from schemas.words import PROMISES, DeadlineKind, DeadlineState, Light, Mark
from services.calendar import WorkCalendar


class MarkAt(NamedTuple):
    """A rung of the ladder on one clock: ``level`` from 1, and the instant at which it is reached."""

    mark: Mark
    level: int
    working_days: int
    light: Light
    at: datetime


class Revision(NamedTuple):
    """A due time that a clock had, since when and why, and by which calendar and center file it was counted."""

    revision: int
    due_at: datetime
    counted: tuple[date, ...]
    provisional: bool
    calendar_version: str
    center_version: int
    revised_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One deadline as it stands; the columns of the same names are explained in the migration.

    ``past`` are the revisions that ended since the clock was read: the store still has to write them down.
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
    past: tuple[Revision, ...] = ()

    @property
    def next_mark(self) -> MarkAt | None:
        """The mark that comes next, if the clock goes on."""
        goes_on = self.ended_at is None and self.state in (DeadlineState.RUNNING, DeadlineState.BREACHED)
        return self.marks[self.position] if goes_on and self.position < len(self.marks) else None

    @property
    def next_mark_at(self) -> datetime | None:
        """When the watch has to look at this clock."""
        if self.state is DeadlineState.PAUSED:
            return self.pause_ends_at
        return self.next_mark.at if self.next_mark else None

    @property
    def present(self) -> Revision:
        """The revision that holds now."""
        return Revision(
            self.revision,
            self.due_at,
            self.counted,
            self.provisional,
            self.calendar_version,
            self.center_version,
            self.revised_at,
            self.why,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What the clocks of a ticket share. ``ended_at``: it was declined or withdrawn, and no clock is set any more."""

    ticket_id: UUID
    center: str
    number: str
    lead: str | None = None
    routed_at: datetime | None = None
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

    def promise_at(self, instant: datetime) -> Clock | None:
        """The promise that counted at ``instant``: of the last round that had begun."""
        rounds = [clock.round for clock in self.clocks if clock.kind in PROMISES and clock.started_at <= instant]
        return self.promise(max(rounds)) if rounds else None

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


class Turn(NamedTuple):
    """What became of one clock, and what there is to say about it."""

    clock: Clock
    said: tuple[Event, ...] = ()


class Decision(NamedTuple):
    """What became of a ticket, and what there is to say about it."""

    ticket: Ticket
    said: tuple[Event, ...] = ()

    def then(self, turn: Turn) -> "Decision":
        """The same with a clock's turn in it."""
        return Decision(self.ticket.having(turn.clock), (*self.said, *turn.said))
