"""Entries of the question base and their versions. An entry is locked before anything of it is changed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from schemas.entries import Audience, Basis, EntryKind, EntryState, VersionState
from schemas.errors import NotFound
from schemas.events.entries import EntryEvent
from services.knowledge.rules.entry import Entry, EntryVersion
from services.knowledge.rules.entry_events import timeline_row
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

_ENTRY = ", ".join(Entry._fields)
_VERSION = ", ".join(EntryVersion._fields)


def next_numbers(tx: Transaction, center: str, count: int) -> list[str]:
    """So many new numbers of a center, in their order; whoever takes some holds up others until the end."""
    row = tx.row(
        "INSERT INTO entry_numbers AS n (center, last) VALUES (%(center)s, %(count)s)"
        " ON CONFLICT (center) DO UPDATE SET last = n.last + excluded.last RETURNING last",
        center=center,
        count=count,
    )
    assert row is not None
    return [f"Q-{nth:04}" for nth in range(row.last - count + 1, row.last + 1)]


def insert(tx: Transaction, entries: Sequence[Entry], versions: Sequence[EntryVersion]) -> None:
    """Store new entries, each with its first version."""
    tx.execute(
        f"INSERT INTO entries ({_ENTRY}) SELECT {_ENTRY} FROM json_populate_recordset(NULL::entries, %(rows)s)",
        rows=as_json_rows([each._asdict() for each in entries]),
    )
    insert_versions(tx, versions)


def insert_versions(tx: Transaction, versions: Sequence[EntryVersion]) -> None:
    """Store further versions."""
    tx.execute(
        f"INSERT INTO entry_versions ({_VERSION}) SELECT {_VERSION}"
        " FROM json_populate_recordset(NULL::entry_versions, %(rows)s)",
        rows=as_json_rows([each._asdict() for each in versions]),
    )


def lock(tx: Transaction, center: str, entry_id: UUID) -> Entry:
    """An entry of a center, held until the end. Raises NotFound."""
    (entry,) = lock_all(tx, center, [entry_id])
    return entry


def lock_all(tx: Transaction, center: str, entry_ids: Sequence[UUID]) -> list[Entry]:
    """Entries of a center in the order of their ids, as everybody takes them, held until the end. Raises NotFound."""
    rows = tx.rows(
        f"SELECT {_ENTRY} FROM entries WHERE id = ANY(%(ids)s::uuid[]) AND center = %(center)s ORDER BY id FOR UPDATE",
        ids=list(entry_ids),
        center=center,
    )
    if len(rows) < len(set(entry_ids)):
        raise NotFound("no such entry")
    return [entry_of(row) for row in rows]


def find(tx: Transaction, center: str, entry_id: UUID) -> Entry:
    """An entry of a center. Raises NotFound."""
    row = tx.row(f"SELECT {_ENTRY} FROM entries WHERE id = %(id)s AND center = %(center)s", id=entry_id, center=center)
    if row is None:
        raise NotFound("no such entry")
    return entry_of(row)


def version(tx: Transaction, entry_id: UUID, version: int) -> EntryVersion:
    """One version of an entry. Raises NotFound."""
    row = tx.row(
        f"SELECT {_VERSION} FROM entry_versions WHERE entry_id = %(id)s AND version = %(version)s",
        id=entry_id,
        version=version,
    )
    if row is None:
        raise NotFound("no such version")
    return version_of(row)


def versions(tx: Transaction, entry_id: UUID) -> list[EntryVersion]:
    """All versions of an entry, the latest first."""
    rows = tx.rows(f"SELECT {_VERSION} FROM entry_versions WHERE entry_id = %(id)s ORDER BY version DESC", id=entry_id)
    return [version_of(row) for row in rows]


def update(tx: Transaction, entry_id: UUID, **columns: Any) -> None:
    """Change these columns of an entry that is locked."""
    changes = ", ".join(f"{name} = %({name})s" for name in columns)
    tx.execute(
        f"UPDATE entries SET {changes}, changed_at = %(now)s WHERE id = %(id)s",
        **_plain(columns) | {"id": entry_id, "now": tx.now},
    )


def update_version(tx: Transaction, entry_id: UUID, version: int, **columns: Any) -> None:
    """Change these columns of a version of an entry that is locked."""
    changes = ", ".join(f"{name} = %({name})s" for name in columns)
    tx.execute(
        f"UPDATE entry_versions SET {changes} WHERE entry_id = %(id)s AND version = %(version)s",
        **_plain(columns) | {"id": entry_id, "version": version},
    )


def rewrite(tx: Transaction, version: EntryVersion) -> None:
    """Put a draft in place of the same version as it was."""
    tx.execute(
        "DELETE FROM entry_versions WHERE entry_id = %(id)s AND version = %(version)s AND state = 'draft'",
        id=version.entry_id,
        version=version.version,
    )
    insert_versions(tx, [version])


def record_and_announce(tx: Transaction, *events: EntryEvent) -> None:
    """Write down what was decided about entries, each event as one line, and announce it."""
    tx.execute(
        "INSERT INTO entry_timeline (center, entry_id, version, at, what, actor, department, text)"
        " SELECT center, entry_id, version, at, what, actor, department, text"
        " FROM json_populate_recordset(NULL::entry_timeline, %(rows)s)",
        rows=as_json_rows([timeline_row(each) for each in events]),
    )
    tx.announce(*events)


def take_ending(tx: Transaction, center: str, today: date, limit: int) -> list[Entry]:
    """Entries that hold no longer, or whose basis does not, held until the end; those held already are left."""
    rows = tx.rows(
        f"SELECT {_ENTRY} FROM entries WHERE center = %(center)s AND"
        " (state = 'published' AND least(valid_until, basis_ends) < %(today)s"
        " OR state = 'suspended' AND valid_until < %(today)s) ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        center=center,
        today=today,
        limit=limit,
    )
    return [entry_of(row) for row in rows]


def entry_of(row: Row) -> Entry:
    """An entry out of a row that has its columns."""
    return Entry(*row)._replace(
        kind=EntryKind(row.kind),
        state=EntryState(row.state),
        departments=tuple(row.departments),
        matters=tuple(row.matters),
        audience=Audience(row.audience),
    )


def version_of(row: Row) -> EntryVersion:
    """A version out of a row that has its columns."""
    return EntryVersion(*row)._replace(
        state=VersionState(row.state),
        audience=Audience(row.audience),
        basis=tuple(Basis.load(each) for each in row.basis),
        other_wordings=tuple(row.other_wordings),
        materials=tuple(row.materials),
        departments=tuple(row.departments),
        matters=tuple(row.matters),
        drafters=tuple(row.drafters),
    )


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in columns.items()}
