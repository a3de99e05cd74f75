"""What the watch does in the database: claim what is due, advance it and announce it in one statement."""

from datetime import datetime
from typing import Any, NamedTuple

from services.deadline_watch.clocks import Clock
from services.deadline_watch.store import CLOCK, clock_of
from services.plumbing.transaction import Transaction

SETTLE_SECONDS = 2.0
"""Real time. An answer that was given in time and is still on its way is heard before its breach is announced."""
BATCH = 1000
RECOUNT_BATCH = 200

_FIRE = f"""
WITH instant AS MATERIALIZED (SELECT bancheng.now() AS now),
due AS (
    SELECT ctid FROM deadlines
    WHERE next_mark_at <= bancheng.real_seconds_ago({SETTLE_SECONDS}) AND state <> 'paused'
    ORDER BY next_mark_at LIMIT {BATCH} FOR UPDATE SKIP LOCKED
), fired AS (
    UPDATE deadlines AS d SET
        position = d.position + 1,
        next_mark_at = (d.marks -> (d.position + 1) ->> 'at')::timestamptz,
        light = d.marks -> d.position ->> 'light',
        state = CASE d.marks -> d.position ->> 'mark' WHEN 'breached' THEN 'breached' ELSE d.state END
    FROM due WHERE d.ctid = due.ctid
    RETURNING d.center, d.ticket_id, d.id, d.kind, d.round, d.due_at, d.revision, d.department, d.correlation_id,
        d.marks -> (d.position - 1) AS mark
), announced AS (
    INSERT INTO outbox (id, type, subject, center, correlation_id, announced_at, data)
    SELECT uuidv7(), 'deadline.' || (mark ->> 'mark') || '.v1', ticket_id, center, correlation_id, now,
        json_build_object(
            'center', center, 'ticket_id', ticket_id, 'deadline_id', id, 'kind', kind, 'round', round,
            'level', mark -> 'level', 'working_days', mark -> 'working_days', 'mark_at', mark -> 'at',
            'due_at', due_at, 'revision', revision, 'department', department
        )
    FROM fired, instant
)
SELECT kind, department, mark ->> 'mark' AS mark, count(*) AS clocks,
    -bancheng.real_seconds_until((mark ->> 'at')::timestamptz) AS lag
FROM fired GROUP BY kind, department, mark ->> 'mark', mark ->> 'at'
"""


class Fired(NamedTuple):
    """So many clocks of a kind and department reached a mark, ``lag`` real seconds ago; None if time stands still."""

    kind: str
    department: str | None
    mark: str
    clocks: int
    lag: float | None


def fire(tx: Transaction) -> list[Fired]:
    """Announce the marks that are due, the oldest first, at most BATCH; what another replica claims is left to it."""
    return [Fired(*row) for row in tx.rows(_FIRE)]


def settled(tx: Transaction) -> datetime:
    """The instant up to which all that was done in time has been heard."""
    row: Any = tx.row("SELECT bancheng.real_seconds_ago(%(settle)s) AS at", settle=SETTLE_SECONDS)
    at: datetime = row.at
    return at


def long_paused(tx: Transaction) -> list[Clock]:
    """Clocks whose pause has lasted as long as it may, locked; what another replica has is left to it."""
    rows = tx.rows(
        f"SELECT {CLOCK} FROM deadlines"
        " WHERE next_mark_at <= bancheng.real_seconds_ago(%(settle)s) AND state = 'paused'"
        " ORDER BY next_mark_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED",
        settle=SETTLE_SECONDS,
        batch=RECOUNT_BATCH,
    )
    return [clock_of(row) for row in rows]


def counted_otherwise(tx: Transaction, center: str, calendar_version: str) -> list[Clock]:
    """Provisional clocks that were counted by another calendar, locked; what another replica has is left to it."""
    rows = tx.rows(
        f"SELECT {CLOCK} FROM deadlines WHERE provisional AND ended_at IS NULL AND state <> 'breached'"
        " AND center = %(center)s AND (calendar_version < %(version)s OR calendar_version > %(version)s)"
        " LIMIT %(batch)s FOR UPDATE SKIP LOCKED",
        center=center,
        version=calendar_version,
        batch=RECOUNT_BATCH,
    )
    return [clock_of(row) for row in rows]


def center_codes(tx: Transaction) -> list[str]:
    """The centers whose files have arrived."""
    return [row.code for row in tx.rows("SELECT DISTINCT code FROM centers ORDER BY code")]


def real_time(tx: Transaction) -> datetime:
    """What the database takes for the real time, whatever clock the house runs on."""
    row: Any = tx.row("SELECT bancheng.real_now() AS at")
    at: datetime = row.at
    return at


class Outlook(NamedTuple):
    """Whether any clock has a mark to come, and in how many real seconds: None while the house's clock stands still."""

    is_any: bool
    seconds: float | None


def outlook(tx: Transaction) -> Outlook:
    """When the watch has something to do next."""
    row = tx.row(
        "SELECT next IS NOT NULL AS is_any, bancheng.real_seconds_until(next) + %(settle)s AS seconds"
        " FROM (SELECT min(next_mark_at) AS next FROM deadlines) AS soonest",
        settle=SETTLE_SECONDS,
    )
    return Outlook(*row) if row else Outlook(False, None)
