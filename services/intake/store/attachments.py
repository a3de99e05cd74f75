"""The files of tickets, encrypted, and who was given them."""

from typing import Any
from uuid import UUID

from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction

_SHOWN = "id, ticket_id, center, kind, size, item, scanned, added_by, added_at"


def count(tx: Transaction, ticket_id: UUID) -> int:
    """How many files a ticket has."""
    return len(of_ticket(tx, ticket_id))


def of_ticket(tx: Transaction, ticket_id: UUID) -> list[Row]:
    """The files of a ticket, oldest first, without their contents."""
    return tx.rows(
        f"SELECT {_SHOWN} FROM attachments WHERE ticket_id = %(id)s AND removed_at IS NULL ORDER BY id", id=ticket_id
    )


def one(
    tx: Transaction, ticket_id: UUID, attachment_id: UUID, *, with_content: bool = False, of_citizen: bool = False
) -> Row:
    """A file of the ticket; if ``of_citizen`` one that a citizen sent. Raises NotFound."""
    row = tx.row(
        f"SELECT {_SHOWN}{', content' if with_content else ''} FROM attachments"
        " WHERE id = %(id)s AND ticket_id = %(ticket_id)s AND removed_at IS NULL"
        + (" AND added_by IS NULL" if of_citizen else ""),
        id=attachment_id,
        ticket_id=ticket_id,
    )
    if row is None:
        raise NotFound("There is no such file.")
    return row


def insert(tx: Transaction, **columns: Any) -> None:
    """Store a file that is added now."""
    columns["added_at"] = tx.now
    names = ", ".join(columns)
    tx.execute(f"INSERT INTO attachments ({names}) VALUES ({', '.join(f'%({name})s' for name in columns)})", **columns)


def update_removed(tx: Transaction, attachment_id: UUID, by: str | None) -> None:
    """Forget a file's content, and store who removed it."""
    tx.execute(
        "UPDATE attachments SET content = NULL, removed_at = %(now)s, removed_by = %(by)s WHERE id = %(id)s",
        id=attachment_id,
        by=by,
        now=tx.now,
    )


def keep_view(tx: Transaction, center: str, attachment_id: UUID, staff: str) -> None:
    """Record who was given a file."""
    tx.execute(
        "INSERT INTO attachment_views (attachment_id, center, staff, seen_at)"
        " VALUES (%(id)s, %(center)s, %(staff)s, %(now)s)",
        id=attachment_id,
        center=center,
        staff=staff,
        now=tx.now,
    )


def encrypted_with(tx: Transaction, key_ids: list[str], limit: int) -> list[Row]:
    """Up to ``limit`` files encrypted with one of the keys, locked; those that others have locked are left out."""
    return tx.rows(
        "SELECT id, ticket_id, center, content FROM attachments WHERE key_id = ANY(%(keys)s) AND removed_at IS NULL"
        " LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        keys=key_ids,
        limit=limit,
    )


def update_content(tx: Transaction, attachment_id: UUID, key_id: str, content: bytes | None) -> None:
    """Store a file as it was encrypted anew."""
    tx.execute(
        "UPDATE attachments SET content = %(content)s, key_id = %(key)s WHERE id = %(id)s",
        id=attachment_id,
        key=key_id,
        content=content,
    )
