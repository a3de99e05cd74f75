"""What is old enough is deleted, a little at a time, so that nobody waits for it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.plumbing.database.transaction import Transaction


def old_notices(tx: Transaction, center: str, before: datetime, unread_before: datetime, limit: int) -> list[UUID]:
    """Notices made before ``before`` of which nothing is under way, locked, the oldest first. One that is red and that
    somebody has not read is older than ``unread_before``.
    """
    rows = tx.rows(
        "SELECT n.id FROM notices n WHERE n.center = %(center)s AND n.created_at < %(before)s"
        " AND NOT EXISTS (SELECT FROM deliveries d WHERE d.notice_id = n.id AND d.state IN ('waiting', 'sending'))"
        " AND (n.light IS DISTINCT FROM 'red' OR n.created_at < %(unread)s OR NOT EXISTS (SELECT FROM recipients r"
        " WHERE r.notice_id = n.id AND r.read_at IS NULL AND r.voided_at IS NULL))"
        " ORDER BY n.created_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        center=center,
        before=before,
        unread=unread_before,
        limit=limit,
    )
    return [row.id for row in rows]


def delete_notices(tx: Transaction, ids: Collection[UUID]) -> None:
    """Delete notices with what became of them."""
    for table, column in (("deliveries", "notice_id"), ("recipients", "notice_id"), ("notices", "id")):
        tx.execute(f"DELETE FROM {table} WHERE {column} = ANY(%(ids)s)", ids=list(ids))


def delete_messages(tx: Transaction, center: str, before: datetime, limit: int) -> int:
    """Delete messages to applicants and tests that were made before ``before`` and are over; how many."""
    deleted = 0
    for table in ("applicant_messages", "channel_tests"):
        deleted += tx.execute(
            f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE center = %(center)s"
            " AND created_at < %(before)s AND state NOT IN ('waiting', 'sending') ORDER BY created_at"
            " LIMIT %(limit)s FOR UPDATE SKIP LOCKED)",
            center=center,
            before=before,
            limit=limit,
        )
    return deleted
