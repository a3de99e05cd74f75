"""How far tickets have come, many at once, for whoever follows them to the end."""

from collections.abc import Collection
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction
from services.routing.store.escalations import ESCALATION


def progress(tx: Transaction, center: str, ticket_ids: Collection[UUID]) -> list[Row]:
    """Those of the tickets that the center has, each with what was reported last in its present round, if anything."""
    return tx.rows(
        "SELECT t.id AS ticket_id, r.progress, r.progress_at, r.department AS progress_of FROM tickets t"
        " LEFT JOIN LATERAL (SELECT a.progress, a.progress_at, a.department FROM assignments a"
        " WHERE a.ticket_id = t.id AND a.round = t.round AND a.progress_at IS NOT NULL"
        " ORDER BY a.progress_at DESC, a.id DESC LIMIT 1) AS r ON true"
        " WHERE t.center = %(center)s AND t.id = ANY(%(ids)s)",
        center=center,
        ids=list(ticket_ids),
    )


def escalations(tx: Transaction, center: str, ticket_ids: Collection[UUID]) -> list[Row]:
    """The highest level that each open promise of the tickets' present rounds has reached, the latest first."""
    return tx.rows(
        f"SELECT * FROM (SELECT DISTINCT ON (e.deadline_id) {ESCALATION}, e.ticket_id FROM tickets t"
        " JOIN escalations e ON e.ticket_id = t.id AND e.recipients <> '{}' AND e.voided_at IS NULL"
        " WHERE t.center = %(center)s AND t.id = ANY(%(ids)s) AND NOT EXISTS (SELECT FROM deadlines c"
        " WHERE c.deadline_id = e.deadline_id AND (c.round < t.round OR c.state IN ('met', 'cancelled')))"
        " ORDER BY e.deadline_id, e.level DESC, e.revision DESC) AS reached ORDER BY escalated_at DESC, id DESC",
        center=center,
        ids=list(ticket_ids),
    )
