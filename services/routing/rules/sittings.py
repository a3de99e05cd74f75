"""What may be done with a sitting and its minutes, by whom and when. Pure; what may not be done raises Refused."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from schemas.duty import SittingState
from schemas.errors import Conflict, Forbidden
from services.routing.rules.roster_changes import Shift

OPENS_EARLIER = timedelta(minutes=60)
"""How long before its hours a sitting may be opened."""


class HeldSitting(NamedTuple):
    """A sitting that was opened."""

    id: UUID
    center: str
    leader: str
    opens_at: datetime
    closes_at: datetime
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
    minutes: str | None = None
    handover: str | None = None
    signed_at: datetime | None = None
    signed_by: str | None = None

    @property
    def state(self) -> SittingState:
        """How far it has come."""
        if self.signed_at:
            return SittingState.SIGNED
        return SittingState.CLOSED if self.closed_at else SittingState.OPEN


def may_be_opened(shift: Shift | None, now: datetime) -> bool:
    """Whether it is in its hours, or shortly before."""
    return shift is not None and shift.opens_at - OPENS_EARLIER <= now < shift.closes_at


def opens_by_decision(shift: Shift | None, held: HeldSitting | None, staff: str, now: datetime) -> bool:
    """Whether a decision of ``staff`` opens it: whoever sits decides in its hours, and forgot to say that they sit."""
    if shift is None or held is not None or shift.gap:
        return False
    return shift.leader == staff and shift.opens_at <= now < shift.closes_at


def ensure_may_open(
    shift: Shift | None, held: HeldSitting | None, now: datetime, *, by: str, is_director: bool
) -> None:
    """Whoever sits opens it, or the director; once, in its hours or shortly before."""
    if shift is None or not may_be_opened(shift, now):
        raise Conflict("no sitting may be opened now")
    if not is_director and (shift.gap or by != shift.leader):
        raise Forbidden("only the leader who sits or the director does this")
    if held is not None:
        raise Conflict(f"this sitting is {held.state} already")


def ensure_may_close(sitting: HeldSitting, *, by: str, is_director: bool) -> None:
    """Whoever sits closes it, or the director."""
    _ensure_theirs(sitting, by, is_director=is_director)
    if sitting.state != SittingState.OPEN:
        raise Conflict(f"this sitting is {sitting.state} already")


def ensure_may_write(sitting: HeldSitting, *, by: str) -> None:
    """Whoever sat writes the minutes and signs them, once the sitting is closed and until they are signed."""
    _ensure_theirs(sitting, by, is_director=False)
    if sitting.state == SittingState.OPEN:
        raise Conflict("close the sitting first")
    if sitting.state == SittingState.SIGNED:
        raise Conflict("the minutes were signed, and are changed no more")


def _ensure_theirs(sitting: HeldSitting, by: str, *, is_director: bool) -> None:
    if not is_director and by not in (sitting.leader, sitting.opened_by):
        raise Forbidden("only the leader who sits or the director does this")
