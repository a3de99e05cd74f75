"""Deliveries on their way: what waits is claimed by whoever is free, sent, and settled."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction, as_json_rows, new_id

QUIET_SECONDS, LONGEST_SECONDS, LONGEST_CALM_SECONDS = 2.0, 20.0, 120.0
"""What reaches a person within moments goes in one message: it is sent once nothing has come for so long, and at last
after the longer time, the longest where nothing of it is red.
"""
MOST_IN_MESSAGE = 5000
"""However many notices somebody has: what people read says how many they are, and lists the first."""
LEASE_SECONDS = 60.0
"""How long a process may take over a message, sending and writing down; then it is taken to be gone."""

_REAL_NOW = "(SELECT bancheng.real_now())"
"""Asked once in a statement, not once for each row, which costs, and differs from row to row."""
_READY = f"state = 'waiting' AND next_try_at <= {_REAL_NOW} AND hold_until <= (SELECT bancheng.now())"


class Claimed(NamedTuple):
    """A message to be sent by a channel before ``leased_until``. ``is_again``: it was sent, and not answered;
    ``is_lost``: since the process that sent it is gone.
    """

    message_id: UUID
    leased_until: datetime
    deliveries: tuple[Row, ...]
    is_again: bool = False
    is_lost: bool = False


def insert(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Deliveries that wait for their channel."""
    tx.execute(
        "INSERT INTO deliveries (notice_id, center, recipient, channel, channel_id, state, created_at, changed_at,"
        " hold_until, next_try_at, is_red)"
        " SELECT notice_id, center, recipient, channel, channel_id, 'waiting', %(now)s, %(now)s, hold_until,"
        " bancheng.real_now(), is_red FROM json_populate_recordset(NULL::deliveries, %(rows)s)"
        " ORDER BY notice_id, recipient ON CONFLICT DO NOTHING",
        rows=as_json_rows(rows),
        now=tx.now,
    )


def due_channels(tx: Transaction, limit: int) -> list[Row]:
    """Channels that have something to send and are sending nothing, locked; those that others have locked are left
    out. A robot that may take nothing now is left alone.
    """
    return tx.rows(
        f"WITH due AS (SELECT channel_id, min(next_try_at) AS since FROM deliveries WHERE {_READY} GROUP BY channel_id"
        f" HAVING max(arrived_at) <= {_REAL_NOW} - %(quiet)s OR min(arrived_at) <= {_REAL_NOW} - %(calm)s"
        f" OR min(arrived_at) FILTER (WHERE is_red) <= {_REAL_NOW} - %(longest)s OR count(*) >= %(most)s"
        " UNION ALL SELECT channel_id, min(leased_until) FROM deliveries"
        f" WHERE state = 'sending' AND leased_until <= {_REAL_NOW} GROUP BY channel_id)"
        " SELECT c.id, c.center, c.staff, c.kind, c.encrypted_address, c.encrypted_secret, c.address_fingerprint,"
        " c.enabled AND c.removed_at IS NULL AS is_on FROM channels c WHERE c.id IN (SELECT d.channel_id FROM due d"
        " JOIN channels o ON o.id = d.channel_id WHERE NOT EXISTS (SELECT FROM deliveries s"
        f" WHERE s.channel_id = d.channel_id AND s.state = 'sending' AND s.leased_until > {_REAL_NOW})"
        " AND NOT EXISTS (SELECT FROM robots r WHERE r.center = o.center"
        f" AND r.address_fingerprint = o.address_fingerprint AND r.free_at > {_REAL_NOW})"
        " ORDER BY d.since LIMIT %(limit)s) FOR UPDATE SKIP LOCKED",
        limit=limit,
        quiet=timedelta(seconds=QUIET_SECONDS),
        longest=timedelta(seconds=LONGEST_SECONDS),
        calm=timedelta(seconds=LONGEST_CALM_SECONDS),
        most=MOST_IN_MESSAGE,
    )


def claim(tx: Transaction, channel_id: UUID, most: int) -> Claimed | None:
    """The channel's next message, with ``most`` notices at most, which is this process's alone for LEASE_SECONDS; None
    if another has been quicker.

    The channel is locked. What was sent and not answered is sent again as it was; of anything else the reds go first.
    """
    under_way = tx.rows(
        "SELECT DISTINCT message_id, error, leased_until <= bancheng.real_now() AS is_over FROM deliveries"
        " WHERE channel_id = %(channel)s AND state = 'sending'",
        channel=channel_id,
    )
    if any(not row.is_over for row in under_way):
        return None
    if under_way:
        # One that is marked so was counted when it got no answer; of any other the process that sent it is gone.
        rows = tx.rows(
            "UPDATE deliveries SET leased_until = (SELECT bancheng.real_now() + %(lease)s), error = NULL,"
            " unanswered = unanswered + (error IS DISTINCT FROM 'unanswered')::int, attempts = attempts + 1,"
            " changed_at = %(now)s WHERE message_id = %(message)s AND state = 'sending'"
            " RETURNING id, notice_id, recipient, leased_until",
            message=under_way[0].message_id,
            lease=timedelta(seconds=LEASE_SECONDS),
            now=tx.now,
        )
        is_lost = under_way[0].error != "unanswered"
        return Claimed(under_way[0].message_id, rows[0].leased_until, tuple(rows), True, is_lost)
    message_id = new_id()
    rows = tx.rows(
        "UPDATE deliveries SET state = 'sending', message_id = %(message)s, changed_at = %(now)s,"
        " attempts = attempts + 1, leased_until = (SELECT bancheng.real_now() + %(lease)s) WHERE id IN (SELECT d.id"
        f" FROM deliveries d JOIN notices n ON n.id = d.notice_id WHERE d.channel_id = %(channel)s AND {_READY}"
        " ORDER BY n.light = 'red' DESC NULLS LAST, d.id LIMIT %(most)s)"
        " RETURNING id, notice_id, recipient, leased_until",
        message=message_id,
        channel=channel_id,
        lease=timedelta(seconds=LEASE_SECONDS),
        most=most,
        now=tx.now,
    )
    return Claimed(message_id, rows[0].leased_until, tuple(rows)) if rows else None


def of_message(tx: Transaction, message_id: UUID) -> list[Row]:
    """What is under way in a message, locked, with what is needed to go on."""
    return tx.rows(
        "SELECT id, notice_id, center, recipient, channel, channel_id, attempts, unanswered, leased_until"
        " FROM deliveries WHERE message_id = %(message)s AND state = 'sending' ORDER BY id FOR UPDATE",
        message=message_id,
    )


def end(tx: Transaction, ids: Collection[UUID], state: str, error: str | None) -> None:
    """These have come to an end: delivered, failed or void."""
    tx.execute(
        "UPDATE deliveries SET state = %(state)s, error = %(error)s, changed_at = %(now)s, leased_until = NULL,"
        " unanswered = unanswered + coalesce(%(error)s = 'unanswered', false)::int WHERE id = ANY(%(ids)s)",
        ids=list(ids),
        state=state,
        error=error,
        now=tx.now,
    )


def wait(tx: Transaction, pauses: Sequence[tuple[UUID, timedelta]], error: str, *, counted: bool = True) -> None:
    """These are tried again after a pause, in another message; not ``counted`` is what was nobody's failure."""
    tx.execute(
        "UPDATE deliveries d SET state = 'waiting', error = %(error)s, changed_at = %(now)s, leased_until = NULL,"
        " attempts = attempts - %(back)s, next_try_at = bancheng.real_now() + p.pause"
        " FROM json_to_recordset(%(rows)s) AS p (id uuid, pause interval) WHERE d.id = p.id",
        rows=as_json_rows([{"id": id_, "pause": pause} for id_, pause in pauses]),
        error=error,
        now=tx.now,
        back=0 if counted else 1,
    )


def wait_unanswered(tx: Transaction, message_id: UUID, pause: timedelta) -> None:
    """The message was sent and nothing was answered: after a pause it is sent again as it is."""
    tx.execute(
        "UPDATE deliveries SET error = 'unanswered', unanswered = unanswered + 1, changed_at = %(now)s,"
        " leased_until = (SELECT bancheng.real_now() + %(pause)s) WHERE message_id = %(message)s AND state = 'sending'",
        message=message_id,
        pause=pause,
        now=tx.now,
    )


def tried_by(tx: Transaction, notice_ids: Collection[UUID]) -> dict[tuple[UUID, str], list[Row]]:
    """The channels that were tried for each recipient of some notices, in order."""
    found: dict[tuple[UUID, str], list[Row]] = {}
    for row in tx.rows(
        "SELECT notice_id, recipient, channel, channel_id FROM deliveries WHERE notice_id = ANY(%(ids)s)"
        " AND channel_id IS NOT NULL ORDER BY id",
        ids=list(notice_ids),
    ):
        found.setdefault((row.notice_id, row.recipient), []).append(row)
    return found


def notice_ids_of(tx: Transaction, message_id: UUID) -> list[UUID]:
    """The notices that are under way in a message."""
    rows = tx.rows(
        "SELECT DISTINCT notice_id FROM deliveries WHERE message_id = %(message)s AND state = 'sending'",
        message=message_id,
    )
    return [row.notice_id for row in rows]


def fail_recipient(tx: Transaction, notice_id: UUID, recipient: str) -> bool:
    """Note that no channel of somebody's is left for a notice; False if that was known."""
    return bool(
        tx.execute(
            "UPDATE recipients SET failed_at = %(now)s WHERE notice_id = %(id)s AND recipient = %(recipient)s"
            " AND failed_at IS NULL",
            id=notice_id,
            recipient=recipient,
            now=tx.now,
        )
    )
