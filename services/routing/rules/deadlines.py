"""What is known here of deadlines, and what may be done about the promise to the citizen that one of them is. Pure.

What deadline_watch says counts: one row for each deadline, whatever the order in which its events arrive. Of a
deadline's state the event with the highest ``sequence`` counts, of its department the one with the highest that names
one, of its due time the one with the highest revision.
"""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from schemas.center.center import ExtensionRule
from schemas.enums import Complexity, DeadlineKind, DeadlineState
from schemas.errors import Conflict, Invalid
from schemas.events.deadlines import (
    DeadlineCancelled,
    DeadlineMet,
    DeadlineMoved,
    DeadlinePaused,
    DeadlineResumed,
    DeadlineSet,
    MarkReached,
    MarkVoided,
)
from services.calendar.calendar import WorkCalendar
from services.routing.rules.assignments import ensure_open
from services.routing.rules.ticket import Promise, Ticket

DeadlineEvent = (
    DeadlineSet
    | DeadlineMoved
    | DeadlinePaused
    | DeadlineResumed
    | DeadlineMet
    | DeadlineCancelled
    | MarkReached
    | MarkVoided
)


class DeadlineUpdate(NamedTuple):
    """What one event says of a deadline. ``due_at`` and ``department`` are None where it does not say."""

    deadline_id: UUID
    ticket_id: UUID
    kind: DeadlineKind
    round: int
    department: str | None
    due_at: datetime | None
    revision: int
    sequence: int
    state: DeadlineState


_STATES: dict[type[DeadlineEvent], DeadlineState] = {
    DeadlineSet: DeadlineState.RUNNING,
    DeadlinePaused: DeadlineState.PAUSED,
    DeadlineResumed: DeadlineState.RUNNING,
    DeadlineMet: DeadlineState.MET,
    DeadlineCancelled: DeadlineState.CANCELLED,
}
"""What a deadline is after events that do not name its state."""

CHANGES: tuple[type[DeadlineEvent], ...] = (*_STATES, DeadlineMoved)
"""What is announced of a deadline besides its marks."""


def update_of(event: DeadlineEvent) -> DeadlineUpdate:
    """``event`` as a row. The department of a void mark is left out, since it need not be the present one."""
    return DeadlineUpdate(
        event.deadline_id,
        event.ticket_id,
        event.kind,
        event.round,
        None if isinstance(event, MarkVoided) else getattr(event, "department", None),
        getattr(event, "due_at", None),
        event.revision,
        event.sequence,
        getattr(event, "state", None) or _STATES[type(event)],
    )


def unique_batches(events: Iterable[Any]) -> list[list[DeadlineUpdate]]:
    """Rows in as few groups as hold each deadline once, each sorted by deadline, so that replicas cannot lock
    crosswise.
    """
    result: list[dict[UUID, DeadlineUpdate]] = []
    nth: dict[UUID, int] = {}
    for row in map(update_of, events):
        at = nth[row.deadline_id] = nth.get(row.deadline_id, -1) + 1
        if at == len(result):
            result.append({})
        result[at][row.deadline_id] = row
    return [[batch[id_] for id_ in sorted(batch, key=attrgetter("int"))] for batch in result]


def ensure_may_extend(
    rule: ExtensionRule,
    calendar: WorkCalendar,
    promise: Promise | None,
    *,
    working_days: int,
    granted: int,
    requested_at: datetime,
    now: datetime,
) -> None:
    """Make sure that an extension may be granted: it was requested early enough before the due time (``rule`` says how
    many working days), the promise runs, and the due time has not passed.

    ``granted`` extensions were given in this round. Raises Conflict, or Invalid when too much is asked for.
    """
    if working_days > rule.max_working_days:
        raise Invalid("working_days", f"At most {rule.max_working_days} working days are granted.")
    known = _ensure_known(promise)
    if known.state == DeadlineState.PAUSED:
        raise Conflict("the deadline waits for the applicant; ask when it runs again")
    if known.state == DeadlineState.MET:
        raise Conflict("the promise was kept already")
    if granted >= rule.times:
        raise Conflict(f"it was extended {granted} times already, which is all that is allowed")
    until = calendar.before(known.due_at, rule.notice_working_days)
    if requested_at > until:
        raise Conflict(f"an extension could be asked for until {until:%Y-%m-%d %H:%M}")
    if now > known.due_at:
        raise Conflict(f"an extension could be granted until {calendar.local(known.due_at):%Y-%m-%d %H:%M}")


def ensure_may_reclassify(
    ticket: Ticket, to: Complexity, promise: Promise | None, calendar: WorkCalendar, now: datetime
) -> None:
    """An ordinary ticket becomes complex before its promise is due: afterwards it is broken, and stays so."""
    ensure_open(ticket)
    if to != Complexity.COMPLEX:
        raise Invalid("complexity", "Only from ordinary to complex: a report that was promised is owed.")
    if ticket.complexity is None:
        raise Conflict("nobody has decided yet who handles this ticket")
    if ticket.is_complex:
        raise Conflict("this ticket is complex already")
    known = _ensure_known(promise)
    if now > known.due_at and known.state != DeadlineState.PAUSED:
        raise Conflict(f"it could be reclassified until {calendar.local(known.due_at):%Y-%m-%d %H:%M}")


def _ensure_known(promise: Promise | None) -> Promise:
    if promise is None:
        raise Conflict("the deadline is not known yet; try again")
    return promise
