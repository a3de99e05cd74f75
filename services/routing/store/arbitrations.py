"""What the duty leader has to decide. Changed only while the ticket's row is held."""

from collections.abc import Sequence
from uuid import UUID

from schemas.enums import ArbitrationReason
from services.plumbing.database.transaction import Transaction, as_json_rows
from services.routing.rules.ticket import Ticket


def insert_arbitrations(tx: Transaction, rows: Sequence[tuple[UUID, Ticket, ArbitrationReason]]) -> None:
    """Put tickets on the duty leader's docket."""
    tx.execute(
        "INSERT INTO arbitrations (id, ticket_id, center, round, reason, requested_at)"
        " SELECT (e->>0)::uuid, (e->>1)::uuid, e->>2, (e->>3)::int, e->>4, %(now)s"
        " FROM json_array_elements(%(rows)s) AS docketed (e)",
        rows=as_json_rows([(id_, ticket.id, ticket.center, ticket.round, reason) for id_, ticket, reason in rows]),
        now=tx.now,
    )


def open_arbitration(tx: Transaction, ticket_id: UUID) -> UUID | None:
    """The arbitration that waits for a decision on this ticket, if one does."""
    row = tx.row("SELECT id FROM arbitrations WHERE ticket_id = %(id)s AND ended_at IS NULL", id=ticket_id)
    return row.id if row else None


def end_arbitration(tx: Transaction, ticket_id: UUID, *, by: str | None = None, why: str | None = None) -> None:
    """The duty leader decided; without ``by`` the ticket ended before anybody did."""
    tx.execute(
        "UPDATE arbitrations SET ended_at = %(now)s, decided_by = %(by)s, why = %(why)s"
        " WHERE ticket_id = %(id)s AND ended_at IS NULL",
        id=ticket_id,
        by=by,
        why=why,
        now=tx.now,
    )
