"""What is late in the question base: vettings, flags, reviews. Each level of the ladder is taken once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.plumbing.database.transaction import Row, Transaction, as_json_rows

_LATE = {
    "vettings": "SELECT w.ctid, w.center, w.department, w.due_at, w.level, w.entry_id, e.number FROM vettings w"
    " JOIN entries e ON e.id = w.entry_id",
    "flags": "SELECT w.ctid, w.center, w.owner AS department, w.due_at, w.level, w.entry_id, e.number FROM flags w"
    " JOIN entries e ON e.id = w.entry_id",
    "reviews": "SELECT w.ctid, w.center, w.department, w.due_at, w.level, w.entry_id, w.subject AS number"
    " FROM reviews w",
}
TABLES = tuple(_LATE)


def take(tx: Transaction, table: str, limit: int) -> list[Row]:
    """Rows of a table whose next level is reached, held until the end; those that another process holds are left."""
    return tx.rows(
        f"{_LATE[table]} WHERE w.ended_at IS NULL AND w.next_level_at <= %(now)s"
        " ORDER BY w.next_level_at LIMIT %(limit)s FOR UPDATE OF w SKIP LOCKED",
        now=tx.now,
        limit=limit,
    )


def set_levels(tx: Transaction, table: str, rows: Sequence[tuple[str, int, datetime | None]]) -> None:
    """Rows that are held have reached a level, and when they reach the next: ``(place, level, next_level_at)``."""
    given: list[dict[str, Any]] = [{"place": place, "level": level, "next_level_at": at} for place, level, at in rows]
    tx.execute(
        f"UPDATE {table} w SET level = g.level, next_level_at = g.next_level_at"
        " FROM json_to_recordset(%(rows)s) AS g (place tid, level integer, next_level_at timestamptz)"
        " WHERE w.ctid = g.place",
        rows=as_json_rows(given),
    )
