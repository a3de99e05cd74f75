"""What is read of notices and their deliveries: by the person whose they are, by those who answer for a center."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.notify.rules.texts import TEST
from services.plumbing.database.transaction import Row, Transaction


def of_person(
    tx: Transaction, center: str, staff: str, *, unread: bool, after: tuple[datetime, UUID] | None, limit: int
) -> list[Row]:
    """Somebody's notices, the latest first, before the one at ``after``."""
    at, id_ = after or (None, None)
    return tx.rows(
        "SELECT n.id AS notice_id, n.ticket_id, n.entry_id, coalesce(t.number, n.entry_number, '') AS number,"
        " n.center, n.template, n.light,"
        " n.kind, n.level, n.due_at, r.created_at, r.read_at, r.voided_at"
        " FROM recipients r JOIN notices n ON n.id = r.notice_id"
        " LEFT JOIN tickets t ON t.ticket_id = n.ticket_id"
        " WHERE r.center = %(center)s AND r.recipient = %(staff)s"
        + (" AND r.read_at IS NULL AND r.voided_at IS NULL" if unread else "")
        + " AND (%(at)s::timestamptz IS NULL OR (r.created_at, r.notice_id) < (%(at)s, %(id)s))"
        " ORDER BY r.created_at DESC, r.notice_id DESC LIMIT %(limit)s",
        center=center,
        staff=staff,
        at=at,
        id=id_,
        limit=limit,
    )


def unread(tx: Transaction, center: str, staff: str) -> int:
    """How many notices somebody has not read."""
    row = tx.row(
        "SELECT count(*) AS unread FROM recipients WHERE center = %(center)s AND recipient = %(staff)s"
        " AND read_at IS NULL AND voided_at IS NULL",
        center=center,
        staff=staff,
    )
    return int(row.unread) if row else 0


def is_recipient(tx: Transaction, center: str, staff: str, notice_id: UUID) -> bool:
    """Whether a notice is somebody's."""
    return bool(
        tx.rows(
            "SELECT FROM recipients WHERE notice_id = %(id)s AND recipient = %(staff)s AND center = %(center)s",
            id=notice_id,
            staff=staff,
            center=center,
        )
    )


def deliveries_to(tx: Transaction, notice_ids: Collection[UUID], staff: str) -> list[Row]:
    """What became of notices to one person, channel by channel."""
    return tx.rows(
        "SELECT notice_id, channel, state, attempts, error, changed_at AS at FROM deliveries"
        " WHERE notice_id = ANY(%(ids)s) AND recipient = %(staff)s ORDER BY id",
        ids=list(notice_ids),
        staff=staff,
    )


def deliveries(
    tx: Transaction, center: str, *, state: str | None, channel: str | None, after: UUID | None, limit: int
) -> list[Row]:
    """Deliveries and tests of a center, the latest first, before the one at ``after``."""
    chosen = (
        "WHERE d.center = %(center)s AND (%(state)s::text IS NULL OR d.state = %(state)s)"
        " AND (%(channel)s::text IS NULL OR d.channel = %(channel)s)"
        " AND (%(after)s::uuid IS NULL OR d.id < %(after)s) ORDER BY d.id DESC LIMIT %(limit)s"
    )
    fate = "d.channel, d.state, d.attempts, d.unanswered, d.error, d.created_at, d.changed_at AS at"
    return tx.rows(
        "(SELECT d.id, d.notice_id, n.ticket_id, n.entry_id, coalesce(t.number, n.entry_number, '') AS number,"
        f" n.template, n.light, d.recipient, {fate} FROM deliveries d JOIN notices n ON n.id = d.notice_id"
        f" LEFT JOIN tickets t ON t.ticket_id = n.ticket_id {chosen})"
        f" UNION ALL (SELECT d.id, NULL, NULL, NULL, '', %(test)s, NULL, d.staff, {fate} FROM channel_tests d {chosen})"
        " ORDER BY id DESC LIMIT %(limit)s",
        center=center,
        state=state,
        channel=channel,
        after=after,
        limit=limit,
        test=TEST,
    )


def numbers(tx: Transaction, ticket_ids: Collection[UUID]) -> dict[UUID, str]:
    """The numbers of tickets."""
    rows = tx.rows("SELECT ticket_id, number FROM tickets WHERE ticket_id = ANY(%(ids)s)", ids=list(ticket_ids))
    return {row.ticket_id: row.number for row in rows}


def waiting(tx: Transaction) -> list[Row]:
    """By channel how many deliveries are on their way, how long the oldest has been due (real seconds), and how many
    were given up.
    """
    return tx.rows(
        "SELECT channel, count(*) AS waiting, coalesce(max(extract(epoch FROM bancheng.real_now() - greatest("
        "arrived_at, next_try_at))) FILTER (WHERE hold_until <= bancheng.now()), 0) AS seconds FROM deliveries"
        " WHERE state IN ('waiting', 'sending') GROUP BY channel"
    )


def failing(tx: Transaction) -> list[Row]:
    """By kind how many channels that are on take nothing."""
    return tx.rows(
        "SELECT kind, count(*) AS channels FROM channels WHERE failing_since IS NOT NULL AND removed_at IS NULL"
        " AND enabled GROUP BY kind"
    )
