"""Promises that run or are broken, by the lead's open assignment, which has an index by what is due first."""

from datetime import datetime

from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.lists import DuePlace
from services.routing.store.assignments import OPEN
from services.routing.store.lists import given


def promises(
    tx: Transaction,
    center: str,
    *,
    since: datetime | None,
    until: datetime,
    after: DuePlace | None,
    limit: int,
    department: str | None = None,
) -> list[Row]:
    """Promises that run or are broken and are due after ``since`` and by ``until``, of tickets that a department leads,
    or this one does.

    In the order in which anything about the lead's assignment breaks, its signature included: that has an index.
    """
    return tx.rows(
        "SELECT a.id, a.next_due_at, t.id AS ticket_id, t.number, t.title, t.complexity, c.kind, t.lead,"
        " t.first_responsible, c.due_at, a.progress, a.progress_at"
        " FROM assignments a JOIN tickets t ON t.id = a.ticket_id"
        " JOIN deadlines c ON c.ticket_id = t.id AND c.round = t.round AND c.state IN ('running', 'breached')"
        " AND c.kind = CASE WHEN t.complexity = 'complex' THEN 'report' ELSE 'answer' END"
        f" WHERE a.center = %(center)s AND a.{OPEN} AND a.role = 'lead' AND a.next_due_at <= %(until)s"
        " AND c.due_at <= %(until)s"
        + given(
            (" AND a.department = %(department)s", department),
            (" AND c.due_at > %(since)s", since),
            (" AND (a.next_due_at, a.id) > (%(place)s, %(id)s)", after),
        )
        + " ORDER BY a.next_due_at, a.id LIMIT %(limit)s",
        center=center,
        department=department,
        since=since,
        until=until,
        place=after and after.due_at,
        id=after and after.id,
        limit=limit,
    )
