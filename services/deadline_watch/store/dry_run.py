"""Open deadlines with the history of their tickets, which a draft of the center file may move."""

from datetime import datetime
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction


def open_deadlines(tx: Transaction, center: str, place: tuple[datetime, UUID] | None, *, limit: int) -> list[Row]:
    """The deadlines of a center that have not ended, by due time, after ``place``."""
    at, id_ = place or ("-infinity", UUID(int=0))
    return tx.rows(
        "SELECT d.*, number, facts, pauses_ended_at FROM (SELECT id, ticket_id, kind, round, department, state, due_at,"
        " provisional, calendar_version, center_version FROM deadlines WHERE center = %(center)s AND ended_at IS NULL"
        " AND (due_at, id) > (%(at)s, %(id)s) ORDER BY due_at, id LIMIT %(limit)s) AS d"
        " JOIN tickets USING (ticket_id) ORDER BY d.due_at, d.id",
        center=center,
        at=at,
        id=id_,
        limit=limit,
    )
