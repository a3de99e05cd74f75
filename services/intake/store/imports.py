"""Old ledgers that were read in, and their rows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction, as_json_rows, new_id

_IMPORT = (
    "SELECT id, name, imported_by, imported_at, undone_by, undone_at,"
    " (SELECT count(*)::int FROM imported_tickets t WHERE t.import_id = imports.id) AS rows FROM imports"
)
COLUMNS = (
    "place, number, registered_on, channel, applicant, phone, organisation, title, text, cause, department, answer,"
    " closed_on, rating"
)


def begin(tx: Transaction, center: str, name: str, staff: str) -> UUID:
    """A new one without rows; its id."""
    import_id = new_id()
    tx.execute(
        "INSERT INTO imports (id, center, name, imported_by, imported_at)"
        " VALUES (%(id)s, %(center)s, %(name)s, %(staff)s, %(now)s)",
        id=import_id,
        center=center,
        name=name,
        staff=staff,
        now=tx.now,
    )
    return import_id


def import_of(tx: Transaction, center: str, import_id: UUID, *, lock: bool = False) -> Row:
    """One of a center's. Raises NotFound."""
    row = tx.row(
        f"{_IMPORT} WHERE center = %(center)s AND id = %(id)s{' FOR UPDATE' if lock else ''}",
        center=center,
        id=import_id,
    )
    if row is None:
        raise NotFound("There is no such import.")
    return row


def page(tx: Transaction, center: str, *, after: UUID | None, limit: int) -> list[Row]:
    """Those of a center, the latest first, before the one of that id."""
    return tx.rows(
        f"{_IMPORT} WHERE center = %(center)s AND (%(after)s::uuid IS NULL OR id < %(after)s)"
        " ORDER BY id DESC LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def keep_rows(tx: Transaction, import_id: UUID, rows: Sequence[dict[str, Any]]) -> None:
    """Store rows, each once."""
    tx.execute(
        f"INSERT INTO imported_tickets (import_id, {COLUMNS}) SELECT %(id)s, {COLUMNS}"
        " FROM json_populate_recordset(NULL::imported_tickets, %(rows)s) ON CONFLICT DO NOTHING",
        id=import_id,
        rows=as_json_rows(rows),
    )


def rows(tx: Transaction, import_id: UUID, *, after: int | None, limit: int) -> list[Row]:
    """Rows in their order, after a place."""
    return tx.rows(
        f"SELECT {COLUMNS} FROM imported_tickets WHERE import_id = %(id)s AND place > %(after)s"
        " ORDER BY place LIMIT %(limit)s",
        id=import_id,
        after=-1 if after is None else after,
        limit=limit,
    )


def undo(tx: Transaction, import_id: UUID, staff: str) -> None:
    """Delete its rows; that it was there, and who undid it, stays."""
    tx.execute("DELETE FROM imported_tickets WHERE import_id = %(id)s", id=import_id)
    tx.execute(
        "UPDATE imports SET undone_by = %(staff)s, undone_at = %(now)s WHERE id = %(id)s",
        id=import_id,
        staff=staff,
        now=tx.now,
    )
