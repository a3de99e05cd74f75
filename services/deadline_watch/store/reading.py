"""The queries about deadlines. ``department`` limits each to one department; None is the whole center."""

from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.enums import DeadlineState
from schemas.requests.deadlines import DeadlineQuery
from services.deadline_watch.rules.deadline import Deadline
from services.deadline_watch.store.deadlines import DEADLINE, deadline_of
from services.plumbing.database.transaction import Row, Transaction

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
"""Which index has the deadlines in a state; without a state, the open ones are meant."""

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


def page(
    tx: Transaction, center: str, department: str | None, query: DeadlineQuery, place: tuple[datetime, UUID] | None
) -> list[Row]:
    """Deadlines by due time after ``place``; one more than was asked for, if there is one."""
    values: dict[str, Any] = {"center": center, "scope": department, "limit": query.limit + 1, "place": place}
    values |= {"place_at": place[0], "place_id": place[1]} if place else {}
    for name in ("department", "light", "state", "kind", "due_before", "due_after"):
        values[name] = getattr(query, name)
    conditions = ["center = %(center)s", *(text for name, text in _CONDITIONS.items() if values[name] is not None)]
    parts = [_PART.format(conditions=" AND ".join([*conditions, where])) for where in _WHERE[query.state]]
    return tx.rows(_PAGE.format(parts="UNION ALL".join(parts)), **values)


def provisional_page(tx: Transaction, center: str, place: tuple[datetime, UUID] | None, *, limit: int) -> list[Row]:
    """Deadlines that run, or are paused, and lie beyond the announced calendar, by due time after ``place``."""
    at, id_ = place or ("-infinity", UUID(int=0))
    return tx.rows(
        "SELECT id, ticket_id, number, kind, round, department, state, light, started_at, due_at, revision,"
        " provisional, ended_at FROM deadlines JOIN tickets USING (ticket_id)"
        " WHERE deadlines.center = %(center)s AND provisional AND ended_at IS NULL AND state <> 'breached'"
        " AND (due_at, id) > (%(at)s, %(id)s) ORDER BY due_at, id LIMIT %(limit)s",
        center=center,
        at=at,
        id=id_,
        limit=limit,
    )


def deadlines_of(tx: Transaction, center: str, department: str | None, ticket_id: UUID) -> list[Deadline]:
    """A ticket's deadlines, in the order of their start."""
    rows = tx.rows(
        f"SELECT {DEADLINE} FROM deadlines WHERE ticket_id = %(ticket_id)s AND center = %(center)s"
        " AND (%(scope)s::text IS NULL OR department = %(scope)s) ORDER BY started_at, id",
        ticket_id=ticket_id,
        center=center,
        scope=department,
    )
    return [deadline_of(row) for row in rows]


def number_of(tx: Transaction, ticket_id: UUID) -> str | None:
    """The number of a ticket."""
    row = tx.row("SELECT number FROM tickets WHERE ticket_id = %(ticket_id)s", ticket_id=ticket_id)
    return row.number if row else None


def board(tx: Transaction, center: str, department: str | None) -> list[Row]:
    """How many open deadlines of each kind show which light, by department."""
    return tx.rows(
        "SELECT light, department, kind, count(*) AS count FROM deadlines"
        " WHERE center = %(center)s AND ended_at IS NULL"
        " AND (%(scope)s::text IS NULL OR department = %(scope)s) GROUP BY kind, light, department"
        " ORDER BY kind, department NULLS FIRST, light",
        center=center,
        scope=department,
    )


def open_promises(tx: Transaction) -> list[Row]:
    """How many promises are still to be kept, in all centers, by kind, light and department."""
    return tx.rows(
        "SELECT kind, light, department, count(*) AS deadlines FROM deadlines"
        " WHERE kind IN ('answer', 'report') AND ended_at IS NULL GROUP BY kind, light, department"
    )


def provisional(tx: Transaction) -> int:
    """How many running deadlines lie beyond the announced calendar."""
    row: Any = tx.row(
        "SELECT count(*) AS deadlines FROM deadlines WHERE provisional AND ended_at IS NULL AND state <> 'breached'"
    )
    return int(row.deadlines)


def unfired(tx: Transaction, seconds: float) -> int:
    """How many marks were due ``seconds`` of real time ago and have not been announced."""
    row: Any = tx.row(
        "SELECT count(*) AS deadlines FROM deadlines WHERE next_mark_at <= bancheng.real_seconds_ago(%(seconds)s)",
        seconds=seconds,
    )
    return int(row.deadlines)


def of_today(tx: Transaction, center: str, department: str | None, today: datetime, tomorrow: datetime) -> Row:
    """Promises that are due from ``today`` to ``tomorrow``: how many are ``broken``, how many ``due`` that run.

    A mark that turned out void left no broken deadline. Each part has the index of open or of ended deadlines.
    """
    part = (
        " FROM deadlines WHERE center = %(center)s AND due_at >= %(today)s AND due_at < %(tomorrow)s"
        " AND kind IN ('answer', 'report') AND (%(scope)s::text IS NULL OR department = %(scope)s)"
    )
    (row,) = tx.rows(
        f"SELECT (SELECT count(*){part} AND {_OPEN} AND state = 'breached')"
        f" + (SELECT count(*){part} AND {_ENDED} AND state = 'breached') AS broken,"
        f" (SELECT count(*){part} AND {_OPEN} AND state = 'running') AS due",
        center=center,
        scope=department,
        today=today,
        tomorrow=tomorrow,
    )
    return row


def oldest_broken(tx: Transaction, center: str, department: str | None) -> datetime | None:
    """When the promise was due that has been broken for the longest and is still to be kept."""
    row = tx.row(
        f"SELECT due_at FROM deadlines WHERE center = %(center)s AND {_OPEN} AND light = 'red'"
        " AND kind IN ('answer', 'report') AND (%(scope)s::text IS NULL OR department = %(scope)s)"
        " ORDER BY due_at, id LIMIT 1",
        center=center,
        scope=department,
    )
    return row.due_at if row else None
