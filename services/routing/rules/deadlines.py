"""What deadline_watch announces, as remembered here: one row a deadline, whatever the order in which it is heard. Pure.

Of a deadline's state the event with the highest ``sequence`` counts, of its due time the one with the highest revision.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.enums import DeadlineKind, DeadlineState
from schemas.events.deadlines import (
    DeadlineBreached,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkReached,
    MarkVoided,
)

Announced = (
    DeadlineSet
    | DeadlineMoved
    | DeadlinePaused
    | DeadlineResumed
    | DeadlineMet
    | DeadlineCancelled
    | MarkReached
    | MarkVoided
)


class Heard(NamedTuple):
    """What one event says of a deadline. ``due_at``, ``department`` and ``since`` are None where it does not say."""

    deadline_id: UUID
    ticket_id: UUID
    kind: DeadlineKind
    round: int
    department: str | None
    due_at: datetime | None
    revision: int
    sequence: int
    state: DeadlineState
    since: datetime | None


def heard(event: Announced) -> Heard:
    """``event`` as a row."""
    state, since = _state_of(event)
    return Heard(
        event.deadline_id,
        event.ticket_id,
        event.kind,
        event.round,
        getattr(event, "department", None),
        getattr(event, "due_at", None),
        event.revision,
        event.sequence,
        state,
        since,
    )


def _state_of(event: Announced) -> tuple[DeadlineState, datetime | None]:
    match event:
        case DeadlineSet():
            return DeadlineState.RUNNING, event.started_at
        case DeadlinePaused():
            return DeadlineState.PAUSED, event.paused_at
        case DeadlineResumed():
            return DeadlineState.RUNNING, event.resumed_at
        case DeadlineMet():
            return DeadlineState.MET, event.met_at
        case DeadlineCancelled():
            return DeadlineState.CANCELLED, event.cancelled_at
        case DeadlineBreached():
            return event.state, event.mark_at
        case _:
            return event.state, None


def unique_batches(events: Iterable[Any]) -> list[list[Heard]]:
    """Rows in as few groups as hold each deadline once, each sorted by deadline, so that replicas cannot lock
    crosswise.
    """
    result: list[dict[UUID, Heard]] = []
    nth: dict[UUID, int] = {}
    for row in map(heard, events):
        at = nth[row.deadline_id] = nth.get(row.deadline_id, -1) + 1
        if at == len(result):
            result.append({})
        result[at][row.deadline_id] = row
    return [[batch[id_] for id_ in sorted(batch)] for batch in result]
