"""What is announced of a clock, read off it after its turn. Pure."""

from typing import Any

from schemas.deadlines import (
    DeadlineApproaching,
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlineOverdue,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkReached,
)
from schemas.words import Mark
from services.deadline_watch.clocks import Clock, MarkAt

_MARKS: dict[Mark, type[MarkReached]] = {
    Mark.APPROACHING: DeadlineApproaching,
    Mark.BREACHED: DeadlineBreached,
    Mark.OVERDUE: DeadlineOverdue,
}


def _of(clock: Clock) -> dict[str, Any]:
    return {
        "center": clock.center,
        "ticket_id": clock.ticket_id,
        "deadline_id": clock.id,
        "kind": clock.kind,
        "round": clock.round,
        "revision": clock.revision,
    }


def was_set(clock: Clock) -> DeadlineSet:
    """The clock is new."""
    return DeadlineSet(
        **_of(clock),
        department=clock.department,
        started_at=clock.started_at,
        due_at=clock.due_at,
        counted=clock.counted,
        provisional=clock.provisional,
        calendar_version=clock.calendar_version,
        center_version=clock.center_version,
    )


def was_moved(clock: Clock) -> DeadlineMoved:
    """It has another due time."""
    return DeadlineMoved(
        **_of(clock),
        department=clock.department,
        due_at=clock.due_at,
        provisional=clock.provisional,
        why=clock.why,
    )


def was_paused(clock: Clock) -> DeadlinePaused:
    """It waits, with whole seconds of working time left. Raises ValueError if it does not wait."""
    if clock.remaining is None:
        raise ValueError("this clock was never paused")
    seconds = int(clock.remaining.total_seconds())
    return DeadlinePaused(**_of(clock), paused_at=clock.counted_from, remaining_seconds=seconds)


def was_resumed(clock: Clock) -> DeadlineResumed:
    """It goes on."""
    return DeadlineResumed(
        **_of(clock),
        resumed_at=clock.counted_from,
        due_at=clock.due_at,
        provisional=clock.provisional,
        why=clock.why,
    )


def was_met(clock: Clock) -> DeadlineMet:
    """It ended in time. Raises ValueError if it has not ended."""
    if clock.ended_at is None:
        raise ValueError("this clock has not ended")
    return DeadlineMet(**_of(clock), department=clock.department, due_at=clock.due_at, met_at=clock.ended_at)


def was_cancelled(clock: Clock, why: str) -> DeadlineCancelled:
    """It applies no longer. Raises ValueError if it has not ended."""
    if clock.ended_at is None:
        raise ValueError("this clock has not ended")
    return DeadlineCancelled(**_of(clock), cancelled_at=clock.ended_at, why=why)


def was_reached(clock: Clock, mark: MarkAt) -> MarkReached:
    """A mark on it was reached; `firing` says the same of many clocks at once, in SQL."""
    return _MARKS[mark.mark](
        **_of(clock),
        department=clock.department,
        level=mark.level,
        working_days=mark.working_days,
        mark_at=mark.at,
        due_at=clock.due_at,
    )
