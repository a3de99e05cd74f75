"""What was decided and done about one ticket, as it is shown with it."""

from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.http.replies import page_length
from services.routing.store.lists import ASSIGNMENT
from services.routing.store.meetings import MEETING

SHOWN, _SHOWN_CHARACTERS = 100, 25_000
"""How many of a ticket's assignments, deadlines, meetings and so on are shown with it, the latest of each, and how long
their texts may be, so that the reply is below a megabyte; the timeline has them all."""


def everything_of(tx: Transaction, ticket_id: UUID) -> dict[str, list[Row]]:
    """What was decided and done about a ticket, oldest first: the latest SHOWN, fewer where their texts are long."""
    queries = {
        "assignments": f"SELECT {ASSIGNMENT} FROM assignments a JOIN tickets t ON t.id = a.ticket_id"
        " WHERE a.ticket_id = %(id)s ORDER BY a.id DESC",
        "deadlines": "SELECT deadline_id AS id, kind, round, department, state, due_at, revision FROM deadlines"
        " WHERE ticket_id = %(id)s ORDER BY round DESC, due_at DESC, kind DESC, deadline_id DESC",
        "extensions": "SELECT id, round, working_days, reason, legal_basis, requested_by, requested_at, state,"
        " decided_by, decided_at, why FROM extensions WHERE ticket_id = %(id)s ORDER BY id DESC",
        "escalations": 'SELECT id, deadline_id, kind, level, revision, recipients AS "to", skipped, escalated_at,'
        " voided_at FROM escalations WHERE ticket_id = %(id)s AND recipients <> '{}'"
        " ORDER BY escalated_at DESC, kind DESC, level DESC",
        "meetings": f"SELECT {MEETING} FROM meetings m WHERE m.ticket_id = %(id)s ORDER BY m.id DESC",
        "signatures": "SELECT round, department, signed_by, signed_at FROM report_signatures WHERE ticket_id = %(id)s"
        " ORDER BY round DESC, signed_at DESC, department DESC",
    }
    latest = {name: tx.rows(f"{query} LIMIT {SHOWN}", id=ticket_id) for name, query in queries.items()}
    return {name: rows[: page_length(rows, SHOWN, _SHOWN_CHARACTERS)][::-1] for name, rows in latest.items()}
