"""What somebody said is not right in an entry. Changed only while the entry is locked."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.entries import FlagVerdict
from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction, as_json_rows


class NewFlag(NamedTuple):
    """Somebody says so; the ``owner`` judges it by ``due_at``."""

    id: UUID
    center: str
    entry_id: UUID
    version: int
    owner: str
    reason: str
    flagged_by: str
    flagged_at: datetime
    due_at: datetime
    next_level_at: datetime | None


_NEW = ", ".join(NewFlag._fields)


def insert(tx: Transaction, flag: NewFlag) -> None:
    """Somebody flagged an entry."""
    tx.execute(
        f"INSERT INTO flags ({_NEW}) SELECT {_NEW} FROM json_populate_recordset(NULL::flags, %(rows)s)",
        rows=as_json_rows([flag._asdict()]),
    )


def entry_of(tx: Transaction, center: str, flag_id: UUID) -> UUID:
    """The entry of a flag of the center. Raises NotFound."""
    row = tx.row("SELECT entry_id FROM flags WHERE id = %(id)s AND center = %(center)s", id=flag_id, center=center)
    if row is None:
        raise NotFound("no such flag")
    entry_id: UUID = row.entry_id
    return entry_id


def get(tx: Transaction, flag_id: UUID) -> Row:
    """A flag as it is now that its entry is locked."""
    (row,) = tx.rows("SELECT id, version, flagged_by, verdict FROM flags WHERE id = %(id)s", id=flag_id)
    return row


def settle(
    tx: Transaction,
    flag_id: UUID,
    verdict: FlagVerdict,
    why: str,
    by: str,
    mend: tuple[datetime, datetime | None] | None,
) -> None:
    """A flag was judged; ``mend``: by when it is mended, and when that is late."""
    tx.execute(
        "UPDATE flags SET verdict = %(verdict)s, why = %(why)s, settled_by = %(by)s, settled_at = %(now)s, level = 0,"
        " due_at = coalesce(%(due_at)s, due_at), next_level_at = %(level_at)s,"
        " ended_at = CASE WHEN %(due_at)s::timestamptz IS NULL THEN %(now)s::timestamptz END WHERE id = %(id)s",
        id=flag_id,
        verdict=verdict,
        why=why,
        by=by,
        now=tx.now,
        due_at=mend and mend[0],
        level_at=mend and mend[1],
    )


def end(tx: Transaction, entry_id: UUID, *, judged_only: bool) -> None:
    """What was upheld is mended; or all is over, if not ``judged_only``."""
    tx.execute(
        "UPDATE flags SET ended_at = %(now)s, next_level_at = NULL WHERE entry_id = %(id)s AND ended_at IS NULL"
        " AND (verdict = 'upheld' OR NOT %(judged_only)s)",
        id=entry_id,
        now=tx.now,
        judged_only=judged_only,
    )


def of_entry(tx: Transaction, entry_id: UUID) -> list[Row]:
    """The flags of an entry, the latest first."""
    return tx.rows(
        "SELECT id, version, reason, flagged_by, flagged_at, due_at, verdict, why, settled_by, settled_at, ended_at"
        " FROM flags WHERE entry_id = %(id)s ORDER BY flagged_at DESC, id DESC LIMIT 100",
        id=entry_id,
    )
