"""Who has acknowledged an escalation, and what becomes of one that nobody acknowledges."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction


def acknowledge(tx: Transaction, center: str, staff: str, escalation_id: UUID) -> bool:
    """Note that ``staff`` knows of it; False where there is nothing that they have still to acknowledge."""
    tx.execute(
        "UPDATE escalations SET acknowledge_by = NULL WHERE center = %(center)s AND id = %(id)s"
        " AND %(staff)s = ANY(recipients)",
        center=center,
        staff=staff,
        id=escalation_id,
    )
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


def unacknowledged(tx: Transaction, limit: int) -> list[Row]:
    """Escalations that nobody acknowledged in time, locked, the oldest first; another replica's are left to it.

    ``is_overtaken``: a higher level of the same deadline was reached since, and has a time of its own.
    """
    return tx.rows(
        "SELECT e.id, e.center, e.deadline_id, e.kind, e.level, e.revision, e.ticket_id, e.recipients,"
        " coalesce(e.passed_up_to, e.level) AS reached_level, d.due_at, d.state, d.department,"
        " EXISTS (SELECT FROM escalations h WHERE h.deadline_id = e.deadline_id AND h.level > e.level"
        " AND h.voided_at IS NULL) AS is_overtaken"
        " FROM escalations e JOIN deadlines d USING (deadline_id) WHERE e.acknowledge_by <= %(now)s"
        " ORDER BY e.acknowledge_by LIMIT %(limit)s FOR UPDATE OF e SKIP LOCKED",
        now=tx.now,
        limit=limit,
    )


def of_tickets(tx: Transaction, ticket_ids: Collection[UUID]) -> list[Row]:
    """The escalations of tickets of which somebody was notified, unless void; locked."""
    return tx.rows(
        "SELECT id, deadline_id, level, revision, passed_up_to FROM escalations WHERE ticket_id = ANY(%(ids)s)"
        " AND voided_at IS NULL AND recipients <> '{}' ORDER BY id FOR UPDATE",
        ids=list(ticket_ids),
    )


def note_unreached(tx: Transaction, escalation_id: UUID, staff: str) -> None:
    """None of somebody's channels took it; once that is so of all who were told and have not acknowledged it, the time
    to acknowledge it is over.
    """
    tx.execute(
        "UPDATE escalations e SET unreached = unreached || %(staff)s::text, acknowledge_by = CASE"
        " WHEN recipients <@ (unreached || %(staff)s::text) AND NOT EXISTS (SELECT FROM escalation_recipients r"
        " WHERE r.center = e.center AND r.staff = ANY(e.recipients) AND r.escalation_id = e.id"
        " AND r.acknowledged_at IS NOT NULL) THEN %(now)s ELSE acknowledge_by END"
        " WHERE id = %(id)s AND %(staff)s = ANY(recipients) AND %(staff)s <> ALL(unreached)",
        id=escalation_id,
        staff=staff,
        now=tx.now,
    )


def set_time(tx: Transaction, escalation_id: UUID, at: datetime | None) -> None:
    """It is to be acknowledged by then; None: it is not waited for any more."""
    tx.execute("UPDATE escalations SET acknowledge_by = %(at)s WHERE id = %(id)s", id=escalation_id, at=at)


def pass_up(tx: Transaction, center: str, escalation_id: UUID, to: Collection[str], level: int) -> None:
    """Note that ``to``, who hold the posts of ``level``, are told too, and have it to acknowledge."""
    tx.execute(
        "WITH passed AS (UPDATE escalations SET recipients = recipients || %(to)s, passed_up_to = %(level)s"
        " WHERE id = %(id)s)"
        " INSERT INTO escalation_recipients (center, staff, escalation_id)"
        " SELECT %(center)s, unnest(%(to)s), %(id)s",
        center=center,
        id=escalation_id,
        to=list(to),
        level=level,
    )


def of_escalations(tx: Transaction, center: str, escalation_ids: Collection[UUID]) -> list[Row]:
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
