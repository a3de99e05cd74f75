"""Changes of the roster. Whoever changes one holds the lock of the center's roster."""

from datetime import date
from typing import Any
from uuid import UUID

from schemas.duty import RosterChangeKind, RosterChangeState
from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.roster_changes import RosterChange

_CHANGE = ", ".join(RosterChange._fields)


def lock(tx: Transaction, center: str) -> None:
    """Nobody else changes the center's roster until the end of the transaction."""
    tx.execute("SELECT pg_advisory_xact_lock(hashtext('roster'), hashtext(%(center)s))", center=center)


def _change_of(row: Row) -> RosterChange:
    return RosterChange(*row)._replace(kind=RosterChangeKind(row.kind), state=RosterChangeState(row.state))


def insert(tx: Transaction, center: str, change: RosterChange) -> None:
    """A change is asked for, or in force at once."""
    tx.execute(
        f"INSERT INTO roster_changes ({_CHANGE}, center, asked_at, in_force_since) VALUES"
        f" ({', '.join(f'%({name})s' for name in RosterChange._fields)}, %(center)s, %(now)s,"
        " CASE WHEN %(state)s = 'in_force' THEN %(now)s::timestamptz END)",
        **change._asdict(),
        center=center,
        now=tx.now,
    )


def update(tx: Transaction, change: RosterChange, by: str) -> None:
    """It was decided by ``by``: confirmed, refused, withdrawn, or another substitute was named."""
    tx.execute(
        "UPDATE roster_changes SET state = %(state)s, other = %(other)s, decided_by = %(by)s, decided_at = %(now)s,"
        " in_force_since = coalesce(in_force_since, CASE WHEN %(state)s = 'in_force' THEN %(now)s::timestamptz END)"
        " WHERE id = %(id)s",
        id=change.id,
        state=change.state,
        other=change.other,
        by=by,
        now=tx.now,
    )


def change(tx: Transaction, center: str, change_id: UUID) -> RosterChange:
    """One change of the center. Raises NotFound."""
    row = tx.row(
        f"SELECT {_CHANGE} FROM roster_changes WHERE id = %(id)s AND center = %(center)s", id=change_id, center=center
    )
    if row is None:
        raise NotFound("no such change of the roster")
    return _change_of(row)


def changes(tx: Transaction, center: str, state: RosterChangeState, since: date) -> list[RosterChange]:
    """Those in a state that touch ``since`` or a later day, in the order in which they came into force."""
    rows = tx.rows(
        f"SELECT {_CHANGE} FROM roster_changes WHERE center = %(center)s AND state = %(state)s AND last >= %(since)s"
        " ORDER BY in_force_since, id",
        center=center,
        state=state,
        since=since,
    )
    return [_change_of(row) for row in rows]


def shown(tx: Transaction, center: str, since: date) -> list[Any]:
    """What a page shows of the changes that are proposed or in force for ``since`` or later, by their first day."""
    return tx.rows(
        f"SELECT {_CHANGE}, asked_at, decided_by, decided_at FROM roster_changes WHERE center = %(center)s"
        " AND state IN ('proposed', 'in_force') AND last >= %(since)s ORDER BY first, id LIMIT 200",
        center=center,
        since=since,
    )
