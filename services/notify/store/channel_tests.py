"""Test messages through people's own channels: asked for, claimed by whoever is free, sent once, settled."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from services.notify.store.deliveries import LEASE_SECONDS
from services.plumbing.database.transaction import Row, Transaction

_SHOWN = "id, channel_id, state, error, created_at, changed_at AS at"


def lock_person(tx: Transaction, center: str, staff: str) -> None:
    """Until the commit nobody else asks for a test, or changes the channels, in this person's name."""
    tx.rows("SELECT FROM people WHERE center = %(center)s AND staff = %(staff)s FOR UPDATE", center=center, staff=staff)


def seconds_until_next(tx: Transaction, center: str, staff: str, *, most: int, period: timedelta) -> int | None:
    """How long somebody waits who has asked for ``most`` tests in the last ``period``; None if they need not."""
    row = tx.row(
        "SELECT ceil(extract(epoch FROM asked_at + %(period)s - bancheng.real_now())) AS seconds FROM channel_tests"
        " WHERE center = %(center)s AND staff = %(staff)s AND asked_at > bancheng.real_now() - %(period)s"
        " ORDER BY asked_at DESC OFFSET %(most)s - 1 LIMIT 1",
        center=center,
        staff=staff,
        most=most,
        period=period,
    )
    return max(1, int(row.seconds)) if row else None


def insert(tx: Transaction, center: str, staff: str, channel: Row) -> None:
    """A test that waits to be sent."""
    tx.execute(
        "INSERT INTO channel_tests (center, staff, channel, channel_id, created_at, changed_at)"
        " VALUES (%(center)s, %(staff)s, %(kind)s, %(id)s, %(now)s, %(now)s)",
        center=center,
        staff=staff,
        kind=channel.kind,
        id=channel.id,
        now=tx.now,
    )


def latest(tx: Transaction, channel_ids: Collection[UUID]) -> dict[UUID, Row]:
    """The last test of each of some channels that was tested."""
    rows = tx.rows(
        f"SELECT DISTINCT ON (channel_id) {_SHOWN} FROM channel_tests WHERE channel_id = ANY(%(ids)s)"
        " ORDER BY channel_id, id DESC",
        ids=list(channel_ids),
    )
    return {row.channel_id: row for row in rows}


def give_up(tx: Transaction) -> list[Row]:
    """Those whose process is gone: they were sent or not, and are not sent again."""
    return tx.rows(
        "UPDATE channel_tests SET state = 'failed', error = 'unanswered', unanswered = 1, changed_at = %(now)s,"
        " leased_until = NULL WHERE state = 'sending' AND leased_until <= bancheng.real_now() RETURNING channel",
        now=tx.now,
    )


def waiting(tx: Transaction, limit: int) -> list[Row]:
    """Tests to be sent with their channels, both locked; those that others have locked are left out."""
    return tx.rows(
        "SELECT t.id AS test_id, c.id, c.center, c.staff, c.kind, c.encrypted_address, c.encrypted_secret,"
        " c.address_fingerprint, c.enabled AND c.removed_at IS NULL AS is_on"
        " FROM channel_tests t JOIN channels c ON c.id = t.channel_id WHERE t.state = 'waiting' ORDER BY t.id"
        " LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        limit=limit,
    )


def claim(tx: Transaction, test_id: UUID) -> Row:
    """It is this process's alone for LEASE_SECONDS."""
    (row,) = tx.rows(
        "UPDATE channel_tests SET state = 'sending', attempts = 1, changed_at = %(now)s,"
        " leased_until = (SELECT bancheng.real_now() + %(lease)s) WHERE id = %(id)s RETURNING leased_until",
        id=test_id,
        lease=timedelta(seconds=LEASE_SECONDS),
        now=tx.now,
    )
    return row


def end(tx: Transaction, test_id: UUID, state: str, error: str | None) -> None:
    """It was delivered, or was not."""
    tx.execute(
        "UPDATE channel_tests SET state = %(state)s, error = %(error)s, changed_at = %(now)s, leased_until = NULL,"
        " unanswered = coalesce(%(error)s = 'unanswered', false)::int WHERE id = %(id)s AND state <> 'delivered'",
        id=test_id,
        state=state,
        error=error,
        now=tx.now,
    )
