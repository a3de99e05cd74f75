"""What is read of the clocks. ``department`` limits each question to one department's own; None sees the center."""

import base64
import binascii
from collections.abc import Iterable
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
from schemas.record import is_placed
from schemas.refusals import Invalid, NotFound
from schemas.words import DeadlineKind, DeadlineState, Light
from services.deadline_watch import policies
from services.deadline_watch.clocks import Clock, Revision
from services.deadline_watch.explanation import days_of
from services.deadline_watch.store import CLOCK, clock_of
from services.plumbing.database import Row, Transaction

_PART = """
(SELECT id, ticket_id, kind, round, department, state, light, started_at, due_at, revision, provisional, ended_at
FROM deadlines WHERE {conditions} ORDER BY due_at, id LIMIT %(limit)s)
"""
_PAGE = """
SELECT d.*, number FROM ({parts}) AS d JOIN tickets USING (ticket_id) ORDER BY d.due_at, d.id LIMIT %(limit)s
"""
_OPEN, _ENDED = "ended_at IS NULL", "ended_at IS NOT NULL"
_WHERE = {
    None: (_OPEN,),
    DeadlineState.RUNNING: (_OPEN,),
    DeadlineState.PAUSED: (_OPEN,),
    DeadlineState.BREACHED: (_OPEN, _ENDED),
    DeadlineState.MET: (_ENDED,),
    DeadlineState.CANCELLED: (_ENDED,),
}
"""Which index holds the clocks in a state; without one, those that are still open are meant."""

_CONDITIONS = {
    "scope": "department = %(scope)s",
    "department": "department = %(department)s",
    "light": "light = %(light)s",
    "state": "state = %(state)s",
    "kind": "kind = %(kind)s",
    "due_before": "due_at < %(due_before)s",
    "due_after": "due_at > %(due_after)s",
    "place": "(due_at, id) > (%(place_at)s, %(place_id)s)",
}


def page(tx: Transaction, center: str, department: str | None, query: DeadlineQuery) -> DeadlinePage:
    """Deadlines by due time: those that are still open, or those in ``query.state``. Raises Invalid on a bad cursor."""
    place = _place(query.after) if query.after else None
    values: dict[str, Any] = {"center": center, "scope": department, "limit": query.limit + 1, "place": place}
    values |= {"place_at": place[0], "place_id": place[1]} if place else {}
    for name in ("department", "light", "state", "kind", "due_before", "due_after"):
        values[name] = getattr(query, name)
    conditions = ["center = %(center)s", *(text for name, text in _CONDITIONS.items() if values[name] is not None)]
    parts = [_PART.format(conditions=" AND ".join([*conditions, where])) for where in _WHERE[query.state]]
    rows = tx.rows(_PAGE.format(parts="UNION ALL".join(parts)), **values)
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
    rows = tx.rows(
        f"SELECT {CLOCK} FROM deadlines WHERE ticket_id = %(ticket_id)s AND center = %(center)s"
        " AND (%(scope)s::text IS NULL OR department = %(scope)s) ORDER BY started_at, id",
        ticket_id=ticket_id,
        center=center,
        scope=department,
    )
    if not rows:
        raise NotFound("no deadline of such a ticket is known")
    ticket = tx.row("SELECT number FROM tickets WHERE ticket_id = %(ticket_id)s", ticket_id=ticket_id)
    clocks = [clock_of(row) for row in rows]
    past = _past(tx, clocks)
    explained = tuple(
        _explained(tx, clock, past.get(clock.id, []), ticket.number if ticket else None) for clock in clocks
    )
    return ExplanationView(ticket_id=ticket_id, deadlines=explained)


def _past(tx: Transaction, clocks: Iterable[Clock]) -> dict[UUID, list[Revision]]:
    found: dict[UUID, list[Revision]] = {}
    for deadline_id, *values in tx.rows(
        "SELECT deadline_id, revision, due_at, counted, provisional, calendar_version, center_version, revised_at, why"
        " FROM revisions WHERE deadline_id = ANY(%(ids)s) ORDER BY deadline_id, revision",
        ids=[clock.id for clock in clocks],
    ):
        found.setdefault(deadline_id, []).append(Revision(*values))
    return found


def _explained(tx: Transaction, clock: Clock, past: list[Revision], number: str | None) -> ExplainedDeadline:
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
                since=calendar.local(each.revised_at),
                why=each.why,
                calendar_version=each.calendar_version,
                center_version=each.center_version,
            )
            for each in (*past, clock.present)
        ),
        days=tuple(days_of(clock, calendar)),
    )


def board(tx: Transaction, center: str, department: str | None) -> BoardView:
    """How many open clocks of each kind show which light, by department."""
    rows = tx.rows(
        "SELECT light, department, kind, count(*) AS count FROM deadlines"
        " WHERE center = %(center)s AND ended_at IS NULL"
        " AND (%(scope)s::text IS NULL OR department = %(scope)s) GROUP BY kind, light, department"
        " ORDER BY kind, department NULLS FIRST, light",
        center=center,
        scope=department,
    )
    return BoardView(as_of=tx.now, rows=tuple(BoardRow(**_words(row)) for row in rows))


def _words(row: Row) -> dict[str, Any]:
    return dict(row._asdict()) | {"light": Light(row.light), "kind": DeadlineKind(row.kind)}
