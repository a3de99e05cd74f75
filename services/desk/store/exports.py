"""Tables that people take out: how far each has come, and its content in pieces, so that none is large in memory."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction, as_json_rows

SILENT = "beat_at < bancheng.real_now() - interval '60 seconds'"
_ROW = (
    "SELECT id, name, is_masked, done, total, fault, size, asked_at, ended_at,"
    f" CASE WHEN state = 'running' AND {SILENT} THEN 'failed' ELSE state END AS state FROM exports"
)


def begin(
    tx: Transaction, export_id: UUID, center: str, staff: str, name: str, filters: Mapping[str, Any], is_masked: bool
) -> bool:
    """Note that a table is to be written; False where that was asked for already."""
    return bool(
        tx.execute(
            "INSERT INTO exports (id, center, staff, name, filters, is_masked, state, asked_at, beat_at)"
            " VALUES (%(id)s, %(center)s, %(staff)s, %(name)s, %(filters)s::jsonb, %(is_masked)s, 'running',"
            " bancheng.real_now(), bancheng.real_now()) ON CONFLICT DO NOTHING",
            id=export_id,
            center=center,
            staff=staff,
            name=name,
            filters=as_json_rows([filters])[1:-1],
            is_masked=is_masked,
        )
    )


def running(tx: Transaction, center: str) -> int:
    """How many of a center are being written."""
    (row,) = tx.rows(
        f"SELECT count(*) AS count FROM exports WHERE center = %(center)s AND state = 'running' AND NOT {SILENT}",
        center=center,
    )
    return int(row.count)


def of_person(tx: Transaction, center: str, staff: str) -> list[Row]:
    """Those of a person, the latest first."""
    return tx.rows(
        f"{_ROW} WHERE center = %(center)s AND staff = %(staff)s ORDER BY asked_at DESC LIMIT 20",
        center=center,
        staff=staff,
    )


def export(tx: Transaction, center: str, staff: str, export_id: UUID) -> Row | None:
    """One of a person's; None if it is none of theirs."""
    return tx.row(
        f"{_ROW} WHERE center = %(center)s AND staff = %(staff)s AND id = %(id)s",
        center=center,
        staff=staff,
        id=export_id,
    )


def advance(tx: Transaction, export_id: UUID, done: int, total: int | None) -> bool:
    """Note how far it has come; False where nobody wants it any more."""
    return bool(
        tx.execute(
            "UPDATE exports SET done = %(done)s, total = coalesce(%(total)s, total), beat_at = bancheng.real_now()"
            " WHERE id = %(id)s AND state = 'running'",
            id=export_id,
            done=done,
            total=total,
        )
    )


def put_chunk(tx: Transaction, export_id: UUID, nth: int, content: bytes) -> None:
    """Store a piece of the file."""
    tx.execute(
        "INSERT INTO export_chunks (export_id, nth, content) VALUES (%(id)s, %(nth)s, %(content)s)",
        id=export_id,
        nth=nth,
        content=content,
    )


def chunk(tx: Transaction, export_id: UUID, nth: int) -> bytes | None:
    """A piece of the file; None after the last."""
    row = tx.row("SELECT content FROM export_chunks WHERE export_id = %(id)s AND nth = %(nth)s", id=export_id, nth=nth)
    return bytes(row.content) if row else None


def end(tx: Transaction, export_id: UUID, *, size: int | None = None, fault: str | None = None) -> None:
    """It is done, with so many bytes, or has failed."""
    tx.execute(
        "UPDATE exports SET state = %(state)s, size = %(size)s, fault = %(fault)s, ended_at = bancheng.real_now()"
        " WHERE id = %(id)s AND state = 'running'",
        id=export_id,
        state="failed" if size is None else "done",
        size=size,
        fault=fault,
    )


def delete(tx: Transaction, center: str, staff: str, export_id: UUID) -> None:
    """Forget one of a person's; the process that still writes it ends."""
    tx.execute(
        "DELETE FROM exports WHERE center = %(center)s AND staff = %(staff)s AND id = %(id)s",
        center=center,
        staff=staff,
        id=export_id,
    )


def delete_old(tx: Transaction) -> None:
    """Forget what was asked for more than a day ago."""
    tx.execute("DELETE FROM exports WHERE asked_at < bancheng.real_now() - interval '1 day'")
