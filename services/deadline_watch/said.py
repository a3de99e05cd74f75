"""What is announced of a clock, read off a transition that it has taken. Pure."""

from typing import Any

from schemas.deadlines import (
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkVoided,
)
from schemas.event import Event
from services.deadline_watch.clocks import Clock, MarkAt, Transition


def of(transition: Transition, revision: int, sequence: int) -> Event:
    """The event of a transition: the deadline's ``sequence``-th, with the number that its revision is announced by."""
    clock, about = transition.clock, _of(transition.clock) | {"revision": revision, "sequence": sequence}
    match transition.what:
        case "set":
            return DeadlineSet(
                **about,
                department=clock.department,
                started_at=clock.started_at,
                due_at=clock.due_at,
                counted=clock.counted,
                provisional=clock.provisional,
                calendar_version=clock.calendar_version,
                center_version=clock.center_version,
            )
        case "moved":
            return DeadlineMoved(
                **about,
                department=clock.department,
                state=clock.state,
                due_at=clock.due_at,
                provisional=clock.provisional,
                why=transition.why,
            )
        case "paused":
            assert clock.remaining is not None
            seconds = int(clock.remaining.total_seconds())
            return DeadlinePaused(**about, paused_at=clock.counted_from, remaining_seconds=seconds)
        case "resumed":
            return DeadlineResumed(
                **about,
                resumed_at=clock.counted_from,
                due_at=clock.due_at,
                provisional=clock.provisional,
                why=transition.why,
            )
        case "met":
            return DeadlineMet(**about, department=clock.department, due_at=clock.due_at, met_at=transition.at)
        case "cancelled":
            return DeadlineCancelled(**about, cancelled_at=transition.at, why=transition.why)
    raise ValueError(f"{transition.what} is not announced")


def was_void(clock: Clock, mark: MarkAt, sequence: int) -> MarkVoided:
    """A mark was announced, and the clock had not reached it: ``state`` says why."""
    assert mark.under
    return MarkVoided(
        **_of(clock),
        department=clock.department,
        mark=mark.mark,
        level=mark.level,
        mark_at=mark.at,
        revision=mark.under.revision,
        sequence=sequence,
        state=clock.state,
    )


def _of(clock: Clock) -> dict[str, Any]:
    return {
        "center": clock.center,
        "ticket_id": clock.ticket_id,
        "deadline_id": clock.id,
        "kind": clock.kind,
        "round": clock.round,
    }
