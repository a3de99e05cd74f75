"""Who sits at the window when: what is asked and changed, and what is replied. People are staff ids."""

from datetime import date, datetime
from uuid import UUID

from schemas.center.center import Code
from schemas.duty import RosterChangeKind, RosterChangeState, RosterGap
from schemas.record.record import Record, Reply
from schemas.values import Day, Timestamp


class ShiftView(Reply):
    """One sitting at the window. ``moved_from`` is the closed day it should have been on, ``regular_leader`` who would
    sit by the center file where ``leader`` is another; with a ``gap`` nobody sits.
    """

    leader: str
    opens_at: datetime
    closes_at: datetime
    moved_from: date | None = None
    regular_leader: str | None = None
    gap: RosterGap | None = None


class RosterQuery(Record):
    """The sittings of which days, both included, at most a year; by default 28 days, from today in the center."""

    since: Day | None = None
    until: Day | None = None


class RosterChangeView(Reply):
    """A change of the roster, as `roster.changed` explains it, and who asked for it and decided it."""

    id: UUID
    kind: RosterChangeKind
    state: RosterChangeState
    leader: str
    other: str | None = None
    opens_at: datetime | None = None
    other_opens_at: datetime | None = None
    first: date | None = None
    last: date | None = None
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None


class RosterView(Reply):
    """Who sits when, in order; ``changes`` that are proposed or in force for these days or later; ``gaps`` are sittings
    of the next two weeks that nobody would hold.
    """

    shifts: tuple[ShiftView, ...]
    changes: tuple[RosterChangeView, ...] = ()
    gaps: tuple[ShiftView, ...] = ()


class SwapSittings(Record):
    """Two sittings, by the instants at which they open, whose leaders sit for each other."""

    opens_at: Timestamp
    other_opens_at: Timestamp


class TakeLeave(Record):
    """Days on which a leader does not sit, both included; by default one's own leave. ``substitute`` sits instead."""

    leader: Code | None = None
    first: Day
    last: Day
    substitute: Code | None = None


class NameSubstitute(Record):
    """Who sits for a leader on leave."""

    substitute: Code
