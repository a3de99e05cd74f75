"""What was asked, and the published entries that answer it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from schemas.entries import Audience
from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction

_ANSWERS = """
SELECT e.id AS entry_id, e.number, v.version, v.question, v.answer, v.steps, v.materials, v.basis, v.departments,
    coalesce(e.reviewed_at, v.published_at) AS reviewed_at, e.valid_until
FROM entries e JOIN entry_versions v ON v.entry_id = e.id AND v.version = e.published_version
WHERE e.id = ANY(%(ids)s::uuid[]) AND e.center = %(center)s AND e.state = 'published'
    AND (v.valid_from IS NULL OR v.valid_from <= %(today)s) AND e.valid_until >= %(today)s
    AND (v.audience = ANY(%(audiences)s) OR (v.audience = 'department' AND %(department)s = ANY(v.departments)))
"""


def published(
    tx: Transaction,
    center: str,
    ids: Collection[UUID],
    audiences: Collection[Audience],
    department: str | None,
    today: date,
) -> dict[UUID, Row]:
    """What those of the entries say that are valid today and for one of ``audiences``, or for ``department``."""
    rows = tx.rows(
        _ANSWERS,
        **{"ids": list(ids), "center": center, "today": today},
        **{"audiences": list(audiences), "department": department},
    )
    return {row.entry_id: row for row in rows}


def note(tx: Transaction, id: UUID, center: str, words: str, role: str | None, shown: Sequence[UUID]) -> None:
    """Keep what was asked; ``words`` are masked."""
    tx.execute(
        "INSERT INTO asked (id, center, words_masked, by_role, at, found, shown, is_missed) VALUES (%(id)s, %(center)s,"
        " %(words)s, %(role)s, %(now)s, %(found)s, %(shown)s::uuid[], %(found)s = 0)",
        **{"id": id, "center": center, "words": words, "role": role, "now": tx.now},
        **{"found": len(shown), "shown": list(shown)},
    )


def lock(tx: Transaction, id: UUID, center: str | None) -> Row:
    """What was asked, held until the end; of ``center`` if that is given. Raises NotFound."""
    row = tx.row(
        "SELECT id, center, at, shown, opened, helped, is_missed, ticket_id FROM asked"
        " WHERE id = %(id)s AND (%(center)s::text IS NULL OR center = %(center)s) FOR UPDATE",
        **{"id": id, "center": center},
    )
    if row is None:
        raise NotFound("nothing was asked by this id")
    return row


def update(tx: Transaction, id: UUID, **columns: Any) -> None:
    """Change these columns of what was asked."""
    changes = ", ".join(f"{name} = %({name})s" for name in columns)
    tx.execute(f"UPDATE asked SET {changes} WHERE id = %(id)s", **columns, id=id)


def missed(tx: Transaction, center: str, since: datetime, limit: int) -> list[str]:
    """What was asked and not found since then, the latest first."""
    rows = tx.rows(
        "SELECT words_masked FROM asked WHERE center = %(center)s AND is_missed AND at >= %(since)s"
        " ORDER BY at DESC, id DESC LIMIT %(limit)s",
        **{"center": center, "since": since, "limit": limit},
    )
    return [row.words_masked for row in rows]
