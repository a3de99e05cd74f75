"""Changes on top of the roster of the center file: leaders who swap sittings, leave, substitutes. Pure.

A change names a sitting by the instant at which it opens and by its leader. Where the center file has another leader
for it since, the change has no effect.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from schemas.duty import RosterChangeKind, RosterChangeState, RosterGap
from schemas.errors import Conflict, Forbidden, Invalid

LONGEST_LEAVE = 366
"""How many days a leave has at most."""


class Shift(NamedTuple):
    """One sitting at the window. ``moved_from`` is the closed day it should have been on, None if it was not moved.

    ``regular_leader`` would sit by the center file, where ``leader`` is another; with a ``gap`` nobody sits.
    """

    opens_at: datetime
    closes_at: datetime
    leader: str
    moved_from: date | None
    regular_leader: str | None = None
    gap: RosterGap | None = None


class RosterChange(NamedTuple):
    """A swap of the sittings that open at ``opens_at`` (``leader``'s) and ``other_opens_at`` (``other``'s); or a leave
    of ``leader`` from ``first`` to ``last``, with ``other`` as the substitute.
    """

    id: UUID
    kind: RosterChangeKind
    state: RosterChangeState
    leader: str
    other: str | None
    opens_at: datetime | None
    other_opens_at: datetime | None
    first: date
    last: date
    asked_by: str


class RosterChanges(NamedTuple):
    """The changes in force, in the order in which they came into force, and who is in the center file (None: all)."""

    in_force: tuple[RosterChange, ...] = ()
    staff: Collection[str] | None = None

    def applied_to(self, shift: Shift) -> Shift:
        """The sitting with whoever really sits."""
        leader, gap, day = shift.leader, None, shift.opens_at.date()
        for change in self.in_force:
            if change.kind == RosterChangeKind.SWAP:
                leader = _after_swap(change, shift.opens_at, leader)
        absent: set[str] = set()
        while gap is None and (leave := self._leave_of(leader, day)):
            absent.add(leader)
            if leave.other is None or leave.other in absent:
                gap = RosterGap.ON_LEAVE
            else:
                leader = leave.other
        if gap is None and self.staff is not None and leader not in self.staff:
            gap = RosterGap.HAS_LEFT
        return shift._replace(leader=leader, gap=gap, regular_leader=None if leader == shift.leader else shift.leader)

    def _leave_of(self, leader: str, day: date) -> RosterChange | None:
        return next(
            (each for each in self.in_force if is_leave_of(each, leader) and each.first <= day <= each.last), None
        )


NO_CHANGES = RosterChanges()


def is_leave_of(change: RosterChange, leader: str) -> bool:
    """Whether it is a leave of this leader."""
    return change.kind == RosterChangeKind.LEAVE and change.leader == leader


def _after_swap(change: RosterChange, opens_at: datetime, leader: str) -> str:
    if (opens_at, leader) == (change.opens_at, change.leader):
        return change.other or leader
    if (opens_at, leader) == (change.other_opens_at, change.other):
        return change.leader
    return leader


def ensure_may_swap(
    own: Shift | None,
    other: Shift | None,
    now: datetime,
    *,
    by: str,
    is_director: bool,
    pending: Sequence[RosterChange],
) -> None:
    """Two leaders may swap sittings that are to come, and of which no other swap is proposed; one of them asks for it,
    or the director. Raises Invalid, Conflict, Forbidden.
    """
    first, second = _to_come("opens_at", own, now), _to_come("other_opens_at", other, now)
    if first.leader == second.leader:
        raise Invalid("other_opens_at", "Is a sitting of the same leader.")
    ensure_concerned(by, first.leader, is_director=is_director)
    instants = {first.opens_at, second.opens_at}
    if any(instants & {each.opens_at, each.other_opens_at} for each in pending):
        raise Conflict("another swap of this sitting waits for a leader to confirm it")


def _to_come(field: str, shift: Shift | None, now: datetime) -> Shift:
    if shift is None:
        raise Invalid(field, "No sitting opens then.")
    if shift.opens_at <= now:
        raise Conflict("this sitting has begun already")
    if shift.gap is not None:
        raise Conflict("nobody holds this sitting: name a substitute first")
    return shift


def ensure_concerned(by: str, *leaders: str | None, is_director: bool) -> None:
    """The roster is changed by the leader concerned or by the director. Raises Forbidden."""
    if not is_director and by not in leaders:
        raise Forbidden("only the leader concerned or the director changes this")


def ensure_may_take_leave(
    first: date,
    last: date,
    today: date,
    *,
    leader: str,
    substitute: str | None,
    leaders: Collection[str],
    in_force: Sequence[RosterChange],
) -> None:
    """A leave is to come, has an end, and is the leader's only one on these days. Raises Invalid, Conflict."""
    if leader not in leaders:
        raise Invalid("leader", "Is no leader who sits at the window.")
    if first < today:
        raise Invalid("first", "Must not be before today.")
    if not 0 <= (last - first).days < LONGEST_LEAVE:
        raise Invalid("last", f"Must not be before the first day, nor more than {LONGEST_LEAVE} days in all.")
    ensure_may_substitute(leader, substitute, leaders)
    if any(is_leave_of(each, leader) and each.first <= last and first <= each.last for each in in_force):
        raise Conflict("there is a leave on some of these days already; withdraw it first")


def ensure_may_substitute(leader: str, substitute: str | None, leaders: Collection[str]) -> None:
    """Another leader sits instead, or the director, who may decide what lies on the docket. Raises Invalid."""
    if substitute is not None and (substitute not in leaders or substitute == leader):
        raise Invalid("substitute", "Must be another leader, or the director.")


def ensure_may_confirm(change: RosterChange, own: Shift | None, other: Shift | None, now: datetime) -> None:
    """A swap is confirmed while both sittings are to come and are of the same leaders as when it was proposed."""
    if own is None or other is None or (own.leader, other.leader) != (change.leader, change.other):
        raise Conflict("the roster has changed since; propose another swap")
    if min(own.opens_at, other.opens_at) <= now:
        raise Conflict("this sitting has begun already")


def ensure_may_withdraw(change: RosterChange, today: date, *, is_director: bool) -> None:
    """What is to come may be withdrawn; a swap in force by the director alone, since two agreed on it."""
    if change.state not in (RosterChangeState.PROPOSED, RosterChangeState.IN_FORCE):
        raise Conflict(f"this change is {change.state} already")
    if change.last < today:
        raise Conflict("these days are over")
    if (change.kind, change.state) == (RosterChangeKind.SWAP, RosterChangeState.IN_FORCE) and not is_director:
        raise Conflict("two leaders agreed on this swap: swap back, or ask the director")
