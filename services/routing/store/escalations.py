"""Who was told that a level of the ladder was reached, and who has acknowledged it."""

from collections.abc import Collection
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction
from services.routing.store.lists import given

ESCALATION = (
    'e.id, e.deadline_id, e.kind, e.level, e.revision, e.recipients AS "to", e.skipped, e.escalated_at, e.voided_at'
)
_WITH_TICKET = (
    f"SELECT {ESCALATION}, e.ticket_id, t.number, t.title, t.lead, t.shown_state AS state,"
    " (SELECT due_at FROM deadlines c WHERE c.deadline_id = e.deadline_id) AS due_at"
    " FROM escalations e JOIN tickets t ON t.id = e.ticket_id"
)
_ADDRESSED = (
    "EXISTS (SELECT FROM escalation_recipients r WHERE r.center = e.center AND r.staff = ANY(e.recipients)"
    " AND r.escalation_id = e.id AND r.acknowledged_at IS NULL)"
)


def page(
    tx: Transaction, center: str, *, staff: str | None, unacknowledged: bool, after: UUID | None, limit: int
) -> list[Row]:
    """Escalations of a center, newest first, before the one of that id: those that ``staff`` was told of, or
    all; of ``unacknowledged`` ones those that are not void and that somebody (``staff``) has not acknowledged.
    """
    if staff is not None:
        return tx.rows(
            f"{_WITH_TICKET} JOIN escalation_recipients r ON r.center = e.center AND r.escalation_id = e.id"
            " WHERE r.center = %(center)s AND r.staff = %(staff)s"
            + given(
                (" AND r.acknowledged_at IS NULL AND e.voided_at IS NULL", unacknowledged or None),
                (" AND r.escalation_id < %(after)s", after),
            )
            + " ORDER BY r.escalation_id DESC LIMIT %(limit)s",
            center=center,
            staff=staff,
            after=after,
            limit=limit,
        )
    return tx.rows(
        f"{_WITH_TICKET} WHERE e.center = %(center)s AND e.recipients <> '{{}}'"
        + given(
            (f" AND e.voided_at IS NULL AND {_ADDRESSED}", unacknowledged or None),
            (" AND e.id < %(after)s", after),
        )
        + " ORDER BY e.id DESC LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def escalation(tx: Transaction, center: str, escalation_id: UUID) -> Row | None:
    """One escalation of the center, with its ticket; None if there is none."""
    return tx.row(
        f"{_WITH_TICKET} WHERE e.center = %(center)s AND e.id = %(id)s AND e.recipients <> '{{}}'",
        center=center,
        id=escalation_id,
    )


def acknowledge(tx: Transaction, center: str, staff: str, escalation_id: UUID) -> bool:
    """Note that ``staff`` knows of it; False where there is nothing that they have still to acknowledge."""
    return bool(
        tx.execute(
            "UPDATE escalation_recipients SET acknowledged_at = %(now)s WHERE center = %(center)s"
            " AND staff = %(staff)s AND escalation_id = %(id)s AND acknowledged_at IS NULL",
            center=center,
            staff=staff,
            id=escalation_id,
            now=tx.now,
        )
    )


def acknowledgements(tx: Transaction, center: str, escalation_ids: Collection[UUID]) -> list[Row]:
    """Who has acknowledged these escalations of a center, and when; the first first."""
    return tx.rows(
        "SELECT e.id, r.staff, r.acknowledged_at FROM escalations e"
        " CROSS JOIN LATERAL unnest(e.recipients) AS recipient"
        " JOIN escalation_recipients r ON r.center = e.center AND r.staff = recipient AND r.escalation_id = e.id"
        " WHERE e.center = %(center)s AND e.id = ANY(%(ids)s) AND e.recipients <> '{}'"
        " AND r.acknowledged_at IS NOT NULL ORDER BY r.acknowledged_at, r.staff",
        center=center,
        ids=list(escalation_ids),
    )
