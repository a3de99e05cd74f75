"""The papers that applicants were asked for: when, by whom, when they came. Changed only while the ticket is locked."""

from collections.abc import Sequence
from uuid import UUID

from services.intake.rules.pauses import Pause
from services.plumbing.database.transaction import Transaction


def pauses_of(tx: Transaction, ticket_id: UUID, round: int) -> list[Pause]:
    """What was asked for in a round so far, oldest first."""
    rows = tx.rows(
        "SELECT requested_at, supplied_at, working_days_left FROM material_requests"
        " WHERE ticket_id = %(id)s AND round = %(round)s ORDER BY id",
        id=ticket_id,
        round=round,
    )
    return [Pause(*row) for row in rows]


def keep_request(
    tx: Transaction, ticket_id: UUID, round: int, items: Sequence[str], working_days_left: int, by: str
) -> None:
    """What the citizen has to bring, and for how long the promise waits at most."""
    tx.execute("UPDATE tickets SET materials = %(items)s WHERE id = %(id)s", id=ticket_id, items=list(items))
    tx.execute(
        "INSERT INTO material_requests (ticket_id, round, items, working_days_left, requested_at, requested_by)"
        " VALUES (%(id)s, %(round)s, %(items)s, %(left)s, %(now)s, %(by)s)",
        id=ticket_id,
        round=round,
        items=list(items),
        left=working_days_left,
        now=tx.now,
        by=by,
    )


def keep_supply(tx: Transaction, ticket_id: UUID, by: str) -> None:
    """The papers are here, and who took them."""
    tx.execute(
        "UPDATE material_requests SET supplied_at = %(now)s, supplied_by = %(by)s"
        " WHERE ticket_id = %(id)s AND supplied_at IS NULL",
        id=ticket_id,
        by=by,
        now=tx.now,
    )
