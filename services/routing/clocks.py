"""What deadline_watch announces, as remembered here: one row a clock, whatever the order in which it is heard. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.deadlines import (
    DeadlineApproaching,
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkReached,
)
from schemas.words import DeadlineKind, DeadlineState

Announced = (
    DeadlineSet | DeadlineMoved | DeadlinePaused | DeadlineResumed | DeadlineMet | DeadlineCancelled | MarkReached
)

BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of a state that is only supposed: an event that changes no state found no clock to change."""


class Heard(NamedTuple):
    """What one event says of a clock. ``due_at`` and ``department`` are None where it does not say."""

    deadline_id: UUID
    ticket_id: UUID
    kind: DeadlineKind
    round: int
    department: str | None
    due_at: datetime | None
    revision: int
    state: DeadlineState
    since: datetime


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
        state,
        since,
    )


def _state_of(event: Announced) -> tuple[DeadlineState, datetime]:
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
        case DeadlineMoved() | DeadlineApproaching():
            return DeadlineState.RUNNING, BEFORE_ALL
        case _:
            return DeadlineState.BREACHED, event.mark_at


def waves(events: Iterable[Any]) -> list[list[Heard]]:
    """Rows in as few groups as hold each clock once, each sorted by clock, so that replicas cannot lock crosswise."""
    result: list[dict[UUID, Heard]] = []
    nth: dict[UUID, int] = {}
    for row in map(heard, events):
        at = nth[row.deadline_id] = nth.get(row.deadline_id, -1) + 1
        if at == len(result):
            result.append({})
        result[at][row.deadline_id] = row
    return [[wave[id_] for id_ in sorted(wave)] for wave in result]
