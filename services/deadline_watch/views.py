"""What is read of the deadlines. ``department`` limits each question to one department's own; None sees the center."""

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.enums import DeadlineKind, DeadlineState, Light
from schemas.errors import Invalid, NotFound
from schemas.record.timestamps import has_valid_offset
from schemas.requests.deadlines import (
    BoardRow,
    BoardView,
    DeadlinePage,
    DeadlineQuery,
    DeadlineView,
    ExplainedDeadline,
    ExplanationView,
    RevisionView,
)
from services.deadline_watch import store
from services.deadline_watch.actions import policies
from services.deadline_watch.rules.deadline import DUE_TIMES, Deadline
from services.deadline_watch.rules.explanation import days_of
from services.plumbing.database.transaction import Row, Transaction


def page(tx: Transaction, center: str, department: str | None, query: DeadlineQuery) -> DeadlinePage:
    """Deadlines by due time: those that are still open, or those in ``query.state``. Raises Invalid on a bad cursor."""
    place = _place(query.after) if query.after else None
    rows = store.reading.page(tx, center, department, query, place)
    zone = policies.current(tx, center).calendar.zone if rows else None
    items = tuple(DeadlineView(**_localised(row, zone)) for row in rows[: query.limit])
    return DeadlinePage(items=items, next=_cursor(rows[query.limit - 1]) if len(rows) > query.limit else None)


def _localised(row: Row, zone: Any) -> dict[str, Any]:
    """A row's values with its words as words, its times on the center's clocks."""
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
    if not has_valid_offset(place[0]):
        raise Invalid("after", "Must be a reply's next.")
    return place


def explanation(tx: Transaction, center: str, department: str | None, ticket_id: UUID) -> ExplanationView:
    """A ticket's deadlines, each with every due time that it had. Raises NotFound."""
    deadlines = store.reading.deadlines_of(tx, center, department, ticket_id)
    if not deadlines:
        raise NotFound("no deadline of such a ticket is known")
    number = store.reading.number_of(tx, ticket_id)
    explained = tuple(_explained(tx, deadline, number) for deadline in deadlines)
    return ExplanationView(ticket_id=ticket_id, deadlines=explained)


def _explained(tx: Transaction, deadline: Deadline, number: str | None) -> ExplainedDeadline:
    calendar = policies.at_version(tx, deadline.center, deadline.center_version).calendar
    return ExplainedDeadline(
        id=deadline.id,
        ticket_id=deadline.ticket_id,
        number=number,
        kind=deadline.kind,
        round=deadline.round,
        department=deadline.department,
        state=deadline.state,
        light=deadline.light,
        started_at=calendar.local(deadline.started_at),
        due_at=calendar.local(deadline.due_at),
        revision=deadline.revision,
        provisional=deadline.provisional,
        ended_at=calendar.local(deadline.ended_at) if deadline.ended_at else None,
        revisions=tuple(
            RevisionView(
                revision=each.revision,
                due_at=calendar.local(each.due_at),
                since=calendar.local(each.at),
                why=each.why,
                calendar_version=each.calendar_version,
                center_version=each.center_version,
            )
            for each in deadline.trail
            if each.what in DUE_TIMES
        ),
        days=tuple(days_of(deadline, calendar)),
    )


def board(tx: Transaction, center: str, department: str | None) -> BoardView:
    """How many open deadlines of each kind show which light, by department."""
    rows = store.reading.board(tx, center, department)
    return BoardView(as_of=tx.now, rows=tuple(BoardRow(**_words(row)) for row in rows))


def _words(row: Row) -> dict[str, Any]:
    return dict(row._asdict()) | {"light": Light(row.light), "kind": DeadlineKind(row.kind)}
