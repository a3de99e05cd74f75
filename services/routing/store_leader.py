"""What the duty leader has to decide, and has granted. Changed only while the ticket's row is held."""

from collections.abc import Sequence
from uuid import UUID

from schemas.tickets import ExtensionGranted
from schemas.words import ArbitrationReason
from services.plumbing.transaction import Transaction, document, new_id
from services.routing.ticket import Ticket


def insert_arbitrations(tx: Transaction, rows: Sequence[tuple[UUID, Ticket, ArbitrationReason]]) -> None:
    """Put tickets on the duty leader's docket."""
    tx.run(
        "INSERT INTO arbitrations (id, ticket_id, center, round, reason, requested_at)"
        " SELECT (e->>0)::uuid, (e->>1)::uuid, e->>2, (e->>3)::int, e->>4, %(now)s"
        " FROM json_array_elements(%(rows)s) AS docketed (e)",
        rows=document([(id_, ticket.id, ticket.center, ticket.round, reason) for id_, ticket, reason in rows]),
        now=tx.now,
    )


def open_arbitration(tx: Transaction, ticket_id: UUID) -> UUID | None:
    """The arbitration that waits for a decision on this ticket, if one does."""
    row = tx.row("SELECT id FROM arbitrations WHERE ticket_id = %(id)s AND ended_at IS NULL", id=ticket_id)
    return row.id if row else None


def end_arbitration(tx: Transaction, ticket_id: UUID, *, by: str | None = None, why: str | None = None) -> None:
    """The duty leader decided; without ``by`` the ticket ended before anybody did."""
    tx.run(
        "UPDATE arbitrations SET ended_at = %(now)s, decided_by = %(by)s, why = %(why)s"
        " WHERE ticket_id = %(id)s AND ended_at IS NULL",
        id=ticket_id,
        by=by,
        why=why,
        now=tx.now,
    )


def extensions_granted(tx: Transaction, ticket: Ticket) -> int:
    """How often the promise of this round was extended."""
    row = tx.row(
        "SELECT count(*) AS times FROM extensions WHERE ticket_id = %(id)s AND round = %(round)s",
        id=ticket.id,
        round=ticket.round,
    )
    return int(row.times) if row else 0


def insert_extension(tx: Transaction, granted: ExtensionGranted) -> None:
    """More time was granted."""
    tx.run(
        "INSERT INTO extensions (id, ticket_id, round, working_days, reason, legal_basis, approved_by, granted_at)"
        " VALUES (%(id)s, %(ticket_id)s, %(round)s, %(working_days)s, %(reason)s, %(legal_basis)s, %(approved_by)s,"
        " %(now)s)",
        id=new_id(),
        ticket_id=granted.ticket_id,
        round=granted.round,
        working_days=granted.working_days,
        reason=granted.reason,
        legal_basis=granted.legal_basis,
        approved_by=granted.approved_by,
        now=granted.granted_at,
    )
