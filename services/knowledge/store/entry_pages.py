"""What is read of entries: lists, and what happened to one."""

from datetime import datetime
from uuid import UUID

from services.knowledge.rules.entry import Entry
from services.knowledge.store.entries import entry_of
from services.plumbing.database.transaction import Row, Transaction

_ENTRY = ", ".join(f"e.{name}" for name in Entry._fields)
_IN_SCOPE = (
    "(%(own)s::text IS NULL OR %(own)s = ANY(array_append(e.departments, e.owner))"
    " OR e.published_version IS NOT NULL AND e.audience <> 'department'"
    " OR EXISTS (SELECT FROM vettings w WHERE w.entry_id = e.id AND w.department = %(own)s)"
    " OR EXISTS (SELECT FROM entry_versions d WHERE d.entry_id = e.id AND %(staff)s = ANY(d.drafters)))"
)
"""What a department sees: the own entries, those it is asked about or wrote, and what others show it."""


def page(
    tx: Transaction,
    center: str,
    *,
    own: str | None,
    staff: str,
    state: str | None,
    department: str | None,
    text: str,
    drafts_of: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Entry]:
    """Entries of a center, the last changed first. ``own`` is the department of who may not see all; ``drafts_of``
    wants only what was read in from a file for a department and was not handed in.
    """
    rows = tx.rows(
        f"SELECT {_ENTRY} FROM entries e WHERE e.center = %(center)s AND {_IN_SCOPE}"
        " AND (%(state)s::text IS NULL OR e.state = %(state)s)"
        " AND (%(department)s::text IS NULL OR %(department)s = ANY(array_append(e.departments, e.owner)))"
        " AND (%(drafts_of)s::text IS NULL OR e.state = 'draft' AND e.import_id IS NOT NULL"
        " AND %(drafts_of)s = ANY(e.departments) AND EXISTS (SELECT FROM entry_versions d WHERE d.entry_id = e.id"
        " AND d.version = e.latest_version AND d.state = 'draft'))"
        " AND (%(text)s = '' OR e.number ILIKE %(text)s OR EXISTS (SELECT FROM entry_versions v"
        " WHERE v.entry_id = e.id AND v.version IN (e.latest_version, e.published_version)"
        " AND (v.question ILIKE %(like)s OR v.answer ILIKE %(like)s OR v.other_wordings::text ILIKE %(like)s)))"
        " AND (%(at)s::timestamptz IS NULL OR (e.changed_at, e.id) < (%(at)s, %(id)s))"
        " ORDER BY e.changed_at DESC, e.id DESC LIMIT %(limit)s",
        center=center,
        own=own,
        staff=staff,
        state=state,
        department=department,
        drafts_of=drafts_of,
        text=text,
        like="%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%",
        at=after and after[0],
        id=after and after[1],
        limit=limit,
    )
    return [entry_of(row) for row in rows]


def is_in_scope(tx: Transaction, entry_id: UUID, own: str | None, staff: str) -> bool:
    """Whether somebody may see an entry of the own center."""
    return (
        tx.row(f"SELECT FROM entries e WHERE e.id = %(id)s AND {_IN_SCOPE}", id=entry_id, own=own, staff=staff)
        is not None
    )


def timeline(tx: Transaction, entry_id: UUID) -> list[Row]:
    """What happened to an entry, the earliest first; of many the latest."""
    rows = tx.rows(
        "SELECT version, at, what, actor, department, text FROM entry_timeline WHERE entry_id = %(id)s"
        " ORDER BY seq DESC LIMIT 200",
        id=entry_id,
    )
    return list(reversed(rows))


def latest_versions(tx: Transaction, entry_ids: list[UUID]) -> dict[UUID, Row]:
    """The answers of the latest versions of entries, for those who sign many on one page."""
    rows = tx.rows(
        "SELECT v.entry_id, v.version, v.answer, v.basis, v.valid_until FROM entry_versions v JOIN entries e"
        " ON e.id = v.entry_id AND e.latest_version = v.version WHERE e.id = ANY(%(ids)s::uuid[])",
        ids=entry_ids,
    )
    return {row.entry_id: row for row in rows}


def counts(tx: Transaction) -> dict[str, list[Row]]:
    """What operators see: entries by state and owner, reviews and vettings that are late, flags that are open."""
    return {
        "entries": tx.rows("SELECT state, owner AS department, count(*) AS number FROM entries GROUP BY 1, 2"),
        "reviews": tx.rows(
            "SELECT department, count(*) AS number FROM reviews WHERE ended_at IS NULL AND due_at < %(now)s GROUP BY 1",
            now=tx.now,
        ),
        "vettings": tx.rows(
            "SELECT stage, count(*) AS number FROM vettings WHERE ended_at IS NULL AND due_at < %(now)s GROUP BY 1",
            now=tx.now,
        ),
        "flags": tx.rows("SELECT count(*) AS number FROM flags WHERE ended_at IS NULL"),
    }
