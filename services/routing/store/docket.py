"""What lies before the duty leader, section by section, each a page at a time."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.cursors import DuePlace
from services.routing.store.due import OPEN
from services.routing.store.reading import DUE, given


def arbitrations(tx: Transaction, center: str, *, after: UUID | None, limit: int) -> list[Row]:
    """What waits for the duty leader's decision, oldest first, with the deadline of the decision where it is known."""
    return tx.rows(
        "SELECT b.id AS arbitration_id, b.ticket_id, t.number, t.title, t.text, b.round, b.reason, b.requested_at,"
        " (SELECT due_at FROM deadlines c WHERE c.ticket_id = b.ticket_id AND c.kind = 'arbitrate'"
        " AND c.state IN ('running', 'breached') ORDER BY c.due_at DESC LIMIT 1) AS due_at"
        " FROM arbitrations b JOIN tickets t ON t.id = b.ticket_id WHERE b.center = %(center)s AND b.ended_at IS NULL"
        + given((" AND b.id > %(after)s", after))
        + " ORDER BY b.id LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def returns(tx: Transaction, ticket_ids: Collection[UUID]) -> list[Row]:
    """Which departments sent these tickets back, and why, oldest first."""
    return tx.rows(
        "SELECT ticket_id, department, reason, explanation, returned_at FROM assignments"
        " WHERE ticket_id = ANY(%(ids)s) AND state = 'returned' ORDER BY returned_at, id",
        ids=list(ticket_ids),
    )


def promises(
    tx: Transaction, center: str, *, since: datetime | None, until: datetime, after: DuePlace | None, limit: int
) -> list[Row]:
    """Promises that run or are broken and are due after ``since`` and by ``until``, of tickets that a department leads.

    In the order in which anything about the lead's part breaks, its signature included: that has an index.
    """
    return tx.rows(
        "SELECT a.id, a.next_due_at, t.id AS ticket_id, t.number, t.title, t.complexity, c.kind, t.lead,"
        " t.first_responsible, c.due_at FROM assignments a JOIN tickets t ON t.id = a.ticket_id"
        " JOIN deadlines c ON c.ticket_id = t.id AND c.round = t.round AND c.state IN ('running', 'breached')"
        " AND c.kind = CASE WHEN t.complexity = 'complex' THEN 'report' ELSE 'answer' END"
        f" WHERE a.center = %(center)s AND a.{OPEN} AND a.role = 'lead' AND a.next_due_at <= %(until)s"
        " AND c.due_at <= %(until)s"
        + given(
            (" AND c.due_at > %(since)s", since),
            (" AND (a.next_due_at, a.id) > (%(place)s, %(id)s)", after),
        )
        + " ORDER BY a.next_due_at, a.id LIMIT %(limit)s",
        center=center,
        since=since,
        until=until,
        place=after and after.due_at,
        id=after and after.id,
        limit=limit,
    )


def extensions(tx: Transaction, center: str, *, after: UUID | None, limit: int) -> list[Row]:
    """Requests for more time that nobody has decided, oldest first."""
    return tx.rows(
        "SELECT e.id, e.round, e.working_days, e.reason, e.legal_basis, e.requested_by, e.requested_at, e.state,"
        f" t.id AS ticket_id, t.number, t.title, t.lead, {DUE} FROM extensions e JOIN tickets t ON t.id = e.ticket_id"
        " WHERE e.center = %(center)s AND e.state = 'requested'"
        + given((" AND e.id > %(after)s", after))
        + " ORDER BY e.id LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )
