"""What is announced of a deadline, read off a transition that it has taken. Pure."""

from typing import Any

from schemas.events.deadlines import (
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkVoided,
)
from schemas.events.event import Event
from services.deadline_watch.rules.deadline import Deadline, MarkAt, Transition


def of(transition: Transition, revision: int, sequence: int) -> Event:
    """The event of a transition: the deadline's ``sequence``-th, with the number that its revision is announced by."""
    deadline, about = transition.deadline, _of(transition.deadline) | {"revision": revision, "sequence": sequence}
    match transition.what:
        case "set":
            return DeadlineSet(
                **about,
                department=deadline.department,
                started_at=deadline.started_at,
                due_at=deadline.due_at,
                counted=deadline.counted,
                provisional=deadline.provisional,
                calendar_version=deadline.calendar_version,
                center_version=deadline.center_version,
            )
        case "moved":
            return DeadlineMoved(
                **about,
                department=deadline.department,
                state=deadline.state,
                due_at=deadline.due_at,
                provisional=deadline.provisional,
                why=transition.why,
            )
        case "paused":
            assert deadline.remaining is not None
            seconds = int(deadline.remaining.total_seconds())
            return DeadlinePaused(**about, paused_at=deadline.counted_from, remaining_seconds=seconds)
        case "resumed":
            return DeadlineResumed(
                **about,
                resumed_at=deadline.counted_from,
                due_at=deadline.due_at,
                provisional=deadline.provisional,
                why=transition.why,
            )
        case "met":
            return DeadlineMet(**about, department=deadline.department, due_at=deadline.due_at, met_at=transition.at)
        case "cancelled":
            return DeadlineCancelled(**about, cancelled_at=transition.at, why=transition.why)
    raise ValueError(f"{transition.what} is not announced")


def was_void(deadline: Deadline, mark: MarkAt, sequence: int) -> MarkVoided:
    """A mark was announced, and the deadline had not reached it: ``state`` says why."""
    assert mark.under
    return MarkVoided(
        **_of(deadline),
        department=deadline.department,
        mark=mark.mark,
        level=mark.level,
        mark_at=mark.at,
        revision=mark.under.revision,
        sequence=sequence,
        state=deadline.state,
    )


def _of(deadline: Deadline) -> dict[str, Any]:
    return {
        "center": deadline.center,
        "ticket_id": deadline.ticket_id,
        "deadline_id": deadline.id,
        "kind": deadline.kind,
        "round": deadline.round,
    }
