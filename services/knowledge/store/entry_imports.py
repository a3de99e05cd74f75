"""Files of entries that were read in."""

from datetime import datetime
from uuid import UUID

from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction

_COLUMNS = "i.id, i.name, i.rows, i.imported_by, i.imported_at, i.undone_by, i.undone_at, i.removed"


def lock(tx: Transaction, center: str, import_id: UUID, name: str, by: str) -> Row:
    """An import, begun if it is new, held until the end. Raises NotFound for one of another center."""
    tx.execute(
        "INSERT INTO entry_imports (id, center, name, rows, imported_by, imported_at)"
        " VALUES (%(id)s, %(center)s, %(name)s, 0, %(by)s, %(now)s) ON CONFLICT DO NOTHING",
        **{"id": import_id, "center": center, "name": name, "by": by, "now": tx.now},
    )
    return get(tx, center, import_id)


def get(tx: Transaction, center: str, import_id: UUID) -> Row:
    """An import of the center, held until the end. Raises NotFound."""
    row = tx.row(
        f"SELECT {_COLUMNS} FROM entry_imports i WHERE id = %(id)s AND center = %(center)s FOR UPDATE",
        id=import_id,
        center=center,
    )
    if row is None:
        raise NotFound("no such import")
    return row


def grow(tx: Transaction, import_id: UUID, rows: int) -> int:
    """So many more rows were read in; how many in all."""
    row = tx.row(
        "UPDATE entry_imports SET rows = rows + %(rows)s WHERE id = %(id)s RETURNING rows", id=import_id, rows=rows
    )
    return int(row.rows) if row else 0


def note_undone(tx: Transaction, import_id: UUID, by: str, removed: int) -> None:
    """It was undone."""
    tx.execute(
        "UPDATE entry_imports SET undone_by = %(by)s, undone_at = %(now)s, removed = %(removed)s WHERE id = %(id)s",
        **{"id": import_id, "by": by, "now": tx.now, "removed": removed},
    )


def page(tx: Transaction, center: str, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """The imports of a center, the latest first, with how many of their drafts nobody has handed in."""
    return tx.rows(
        f"SELECT {_COLUMNS}, (SELECT count(*) FROM entries e WHERE e.import_id = i.id AND e.state = 'draft') AS waiting"
        " FROM entry_imports i WHERE i.center = %(center)s"
        " AND (%(at)s::timestamptz IS NULL OR (i.imported_at, i.id) < (%(at)s, %(id)s))"
        " ORDER BY i.imported_at DESC, i.id DESC LIMIT %(limit)s",
        center=center,
        at=after and after[0],
        id=after and after[1],
        limit=limit,
    )


def remove_drafts(tx: Transaction, center: str, import_id: UUID) -> tuple[int, int]:
    """Remove the entries of an import that are still its first drafts; how many went, and how many stay."""
    values = {"center": center, "import_id": import_id}
    tx.rows(
        "SELECT FROM entries WHERE center = %(center)s AND import_id = %(import_id)s ORDER BY id FOR UPDATE", **values
    )
    removed = tx.execute(
        "DELETE FROM entries e USING entry_versions v WHERE e.center = %(center)s AND e.import_id = %(import_id)s"
        " AND e.latest_version = 1 AND v.entry_id = e.id AND v.version = 1 AND v.state = 'draft'"
        " AND cardinality(v.drafters) = 1",
        **values,
    )
    left = tx.row(
        "SELECT count(*) AS left FROM entries WHERE center = %(center)s AND import_id = %(import_id)s", **values
    )
    return removed, left.left if left else 0
