"""What is read of the clocks. ``department`` limits each question to one department's own; None sees the center."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.deadline_requests import (
    BoardRow,
    BoardView,
    DeadlinePage,
    DeadlineQuery,
    DeadlineView,
    ExplainedDeadline,
    ExplanationView,
    RevisionView,
)
from schemas.instants import is_placed
from schemas.refusals import Invalid, NotFound
from schemas.words import DeadlineKind, DeadlineState, Light
from services.deadline_watch import policies, store_reading
from services.deadline_watch.clocks import DUE_TIMES, Clock
from services.deadline_watch.explanation import days_of
from services.plumbing.transaction import Row, Transaction


def page(tx: Transaction, center: str, department: str | None, query: DeadlineQuery) -> DeadlinePage:
    """Deadlines by due time: those that are still open, or those in ``query.state``. Raises Invalid on a bad cursor."""
    place = _place(query.after) if query.after else None
    rows = store_reading.page(tx, center, department, query, place)
    zone = policies.current(tx, center).calendar.zone if rows else None
    items = tuple(DeadlineView(**_localised(row, zone)) for row in rows[: query.limit])
    return DeadlinePage(items=items, next=_cursor(rows[query.limit - 1]) if len(rows) > query.limit else None)


def _localised(row: Row, zone: Any) -> dict[str, Any]:
    """A row's values with its words as words and its times on the center's clocks."""
    values = dict(row._asdict())
    values |= {name: value.astimezone(zone) for name, value in values.items() if isinstance(value, datetime)}
    values |= {"kind": DeadlineKind(row.kind), "state": DeadlineState(row.state)}
    return values | {"light": Light(row.light) if row.light else None}


def _cursor(row: Row) -> str:
    return base64.urlsafe_b64encode(f"{row.due_at.isoformat()} {row.id}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, _, id_ = base64.urlsafe_b64decode(cursor).decode().partition(" ")
        place = datetime.fromisoformat(at), UUID(id_)
    except (ValueError, binascii.Error):
        raise Invalid("after", "Must be a reply's next.") from None
    if not is_placed(place[0]):
        raise Invalid("after", "Must be a reply's next.")
    return place


def explanation(tx: Transaction, center: str, department: str | None, ticket_id: UUID) -> ExplanationView:
    """A ticket's clocks, each with every due time that it had. Raises NotFound."""
    clocks = store_reading.clocks_of(tx, center, department, ticket_id)
    if not clocks:
        raise NotFound("no deadline of such a ticket is known")
    number = store_reading.number_of(tx, ticket_id)
    explained = tuple(_explained(tx, clock, number) for clock in clocks)
    return ExplanationView(ticket_id=ticket_id, deadlines=explained)


def _explained(tx: Transaction, clock: Clock, number: str | None) -> ExplainedDeadline:
    calendar = policies.at_version(tx, clock.center, clock.center_version).calendar
    return ExplainedDeadline(
        id=clock.id,
        ticket_id=clock.ticket_id,
        number=number,
        kind=clock.kind,
        round=clock.round,
        department=clock.department,
        state=clock.state,
        light=clock.light,
        started_at=calendar.local(clock.started_at),
        due_at=calendar.local(clock.due_at),
        revision=clock.revision,
        provisional=clock.provisional,
        ended_at=calendar.local(clock.ended_at) if clock.ended_at else None,
        revisions=tuple(
            RevisionView(
                revision=each.revision,
                due_at=calendar.local(each.due_at),
                since=calendar.local(each.at),
                why=each.why,
                calendar_version=each.calendar_version,
                center_version=each.center_version,
            )
            for each in clock.trail
            if each.what in DUE_TIMES
        ),
        days=tuple(days_of(clock, calendar)),
    )


def board(tx: Transaction, center: str, department: str | None) -> BoardView:
    """How many open clocks of each kind show which light, by department."""
    rows = store_reading.board(tx, center, department)
    return BoardView(as_of=tx.now, rows=tuple(BoardRow(**_words(row)) for row in rows))


def _words(row: Row) -> dict[str, Any]:
    return dict(row._asdict()) | {"light": Light(row.light), "kind": DeadlineKind(row.kind)}
