"""When the next thing about an assignment is due, kept beside it so that a list can begin with what breaks first.

A promise of the ticket's round counts, and the department's own signature, while its deadline runs or is broken. What
waits for the applicant, or of which no deadline has been heard, is due at no time: ``infinity``, which comes last.
"""

from collections.abc import Iterable
from uuid import UUID

from services.plumbing.database.transaction import Transaction

NEXT_DUE = (
    "coalesce((SELECT min(c.due_at) FROM deadlines c WHERE c.ticket_id = a.ticket_id AND c.round = a.round"
    " AND c.state IN ('running', 'breached') AND (c.kind IN ('answer', 'report')"
    " OR (c.kind = 'acknowledge' AND c.department = a.department))), 'infinity')"
)
"""Of the assignment ``a``, as far as deadlines have been heard of."""

OPEN = "state IN ('made', 'accepted')"


def hold(tx: Transaction, ticket_ids: Iterable[UUID]) -> None:
    """Nobody else changes the assignments of these tickets until the end; taken in one order by everybody."""
    tx.execute("SELECT FROM tickets WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE", ids=list(set(ticket_ids)))


def refresh(tx: Transaction, ticket_ids: Iterable[UUID]) -> None:
    """Clocks of these tickets, which are held, were started, moved or stopped."""
    tx.execute(
        f"UPDATE assignments a SET next_due_at = {NEXT_DUE}"
        f" WHERE a.ticket_id = ANY(%(ids)s) AND a.{OPEN} AND a.next_due_at <> {NEXT_DUE}",
        ids=list(set(ticket_ids)),
    )
