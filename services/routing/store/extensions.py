"""Requests for more time, and what leaders made of them. Changed only while the ticket's row is held."""

from uuid import UUID

from schemas.enums import ExtensionState
from schemas.errors import NotFound
from services.plumbing.database.transaction import Transaction
from services.routing.rules.ticket import Extension, Ticket

_EXTENSION = "id, ticket_id, round, working_days, reason, legal_basis, requested_by, requested_at, state"


def insert(tx: Transaction, center: str, extension: Extension) -> None:
    """More time is asked for."""
    tx.execute(
        f"INSERT INTO extensions ({_EXTENSION}, center) VALUES (%(id)s, %(ticket_id)s, %(round)s, %(working_days)s,"
        " %(reason)s, %(legal_basis)s, %(requested_by)s, %(requested_at)s, %(state)s, %(center)s)",
        **extension._asdict(),
        center=center,
    )


def open_request(tx: Transaction, ticket_id: UUID) -> UUID | None:
    """The request that waits for a decision on this ticket, if one does."""
    row = tx.row("SELECT id FROM extensions WHERE ticket_id = %(id)s AND state = 'requested'", id=ticket_id)
    return row.id if row else None


def ticket_behind(tx: Transaction, extension_id: UUID, center: str) -> UUID:
    """The ticket of an extension of the center. Raises NotFound."""
    row = tx.row(
        "SELECT ticket_id FROM extensions WHERE id = %(id)s AND center = %(center)s", id=extension_id, center=center
    )
    if row is None:
        raise NotFound("no such extension")
    ticket_id: UUID = row.ticket_id
    return ticket_id


def get(tx: Transaction, extension_id: UUID) -> Extension:
    """One extension, as it is now that its ticket is held."""
    (row,) = tx.rows(f"SELECT {_EXTENSION} FROM extensions WHERE id = %(id)s", id=extension_id)
    return Extension(*row)._replace(state=ExtensionState(row.state))


def granted(tx: Transaction, ticket: Ticket) -> int:
    """How often the promise of this round was extended."""
    row = tx.row(
        "SELECT count(*) AS times FROM extensions WHERE ticket_id = %(id)s AND round = %(round)s AND state = 'granted'",
        id=ticket.id,
        round=ticket.round,
    )
    return int(row.times) if row else 0


def decide(tx: Transaction, extension_id: UUID, state: ExtensionState, *, by: str, why: str | None = None) -> None:
    """A leader granted or refused it."""
    tx.execute(
        "UPDATE extensions SET state = %(state)s, decided_by = %(by)s, decided_at = %(now)s, why = %(why)s"
        " WHERE id = %(id)s",
        id=extension_id,
        state=state,
        by=by,
        why=why,
        now=tx.now,
    )


def lapse(tx: Transaction, ticket_id: UUID) -> None:
    """The ticket was answered or ended: a request that nobody has decided does not matter any more."""
    tx.execute(
        "UPDATE extensions SET state = 'lapsed', decided_at = %(now)s WHERE ticket_id = %(id)s AND state = 'requested'",
        id=ticket_id,
        now=tx.now,
    )
