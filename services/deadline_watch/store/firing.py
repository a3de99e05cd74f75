"""What the watch does in the database: claim what is due, advance it and announce it in one statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.plumbing.database.transaction import Transaction, as_json_rows

BATCH = 1000
RECOUNT_BATCH = 200

_FIRE = """
WITH instant AS MATERIALIZED (SELECT bancheng.now() AS now),
due AS (
    SELECT ctid FROM deadlines
    WHERE next_mark_at <= %(up_to)s AND {condition}
    ORDER BY next_mark_at LIMIT {batch} FOR UPDATE SKIP LOCKED
), fired AS (
    UPDATE deadlines AS d SET
        next_mark = d.next_mark + 1,
        sequence = d.sequence + 1,
        next_mark_at = (d.marks -> (d.next_mark + 1) ->> 'at')::timestamptz,
        light = CASE WHEN {is_present} THEN d.marks -> d.next_mark ->> 'light' ELSE d.light END,
        state = CASE WHEN {is_present} AND d.marks -> d.next_mark ->> 'mark' = 'breached' THEN 'breached'
            ELSE d.state END
    FROM due WHERE d.ctid = due.ctid
    RETURNING d.center, d.ticket_id, d.id, d.kind, d.round, d.department, d.correlation_id, d.sequence, d.state,
        d.marks -> (d.next_mark - 1) AS mark, coalesce(d.marks -> (d.next_mark - 1) -> 'old_revision',
            jsonb_build_object('revision', d.revision, 'due_at', d.due_at, 'revised_at', d.revised_at)) AS revision
), announced AS (
    INSERT INTO outbox (id, type, subject, center, correlation_id, announced_at, data)
    SELECT uuidv7(), 'deadline.' || (mark ->> 'mark') || '.v1', ticket_id, center, correlation_id, now,
        json_build_object(
            'center', center, 'ticket_id', ticket_id, 'deadline_id', id, 'kind', kind, 'round', round,
            'level', mark -> 'level', 'working_days', mark -> 'working_days', 'mark_at', mark -> 'at',
            'due_at', revision -> 'due_at', 'revision', revision -> 'revision',
            'revised_at', revision -> 'revised_at',
            'sequence', sequence, 'state', state, 'department', department, 'confirmed', %(confirmed)s
        )
    FROM fired, instant
)
SELECT kind, department, mark ->> 'mark' AS mark, count(*) AS deadlines,
    -bancheng.real_seconds_until((mark ->> 'at')::timestamptz) AS lag
FROM fired GROUP BY kind, department, mark ->> 'mark', mark ->> 'at'
"""
"""Announces `deadline.approaching.v1`, `deadline.breached.v1` and `deadline.overdue.v1`. The rule is `after_mark` and
`mark_reached` in `deadline_watch/rules/events.py`: here they are SQL, so that a batch is one statement. A test compares
the two, the columns of the outbox included.
"""
_IS_PRESENT = "NOT d.marks -> d.next_mark ? 'old_revision' AND d.ended_at IS NULL AND d.state <> 'paused'"
_NOTHING_HELD = """
NOT EXISTS (SELECT FROM held WHERE held.subject = deadlines.ticket_id::text AND held.next_try_at IS NOT NULL)
"""
"""While an event about a ticket waits to be tried again, it is not known what was done in time."""
_CONFIRMED = _FIRE.format(batch=BATCH, is_present=_IS_PRESENT, condition=_NOTHING_HELD)
_UNCONFIRMED = _FIRE.format(
    batch=BATCH,
    is_present=_IS_PRESENT,
    condition="center = %(center)s"
    f" AND (next_mark_at > coalesce(%(known)s::timestamptz, '-infinity') OR NOT {_NOTHING_HELD})",
)


class FiredMarks(NamedTuple):
    """How many deadlines of a kind and department reached a mark, ``lag`` real seconds ago (None: no clock runs)."""

    kind: str
    department: str | None
    mark: str
    deadlines: int
    lag: float | None


def fire(tx: Transaction, up_to: datetime) -> list[FiredMarks]:
    """Announce the marks up to an instant, the oldest first, at most BATCH; rows that another replica has locked are
    left out.

    All events of what was done before ``up_to`` have arrived.
    """
    return _fired(tx, _CONFIRMED, up_to=up_to, confirmed=True)


def fire_unconfirmed(tx: Transaction, center: str, up_to: datetime, known: datetime | None) -> list[FiredMarks]:
    """Announce a center's marks up to an instant as unconfirmed: events may be under way, or wait to be tried again.

    All events of what was done before ``known`` have arrived; None if no such instant is known.
    """
    return _fired(tx, _UNCONFIRMED, up_to=up_to, center=center, known=known, confirmed=False)


def _fired(tx: Transaction, statement: str, **values: Any) -> list[FiredMarks]:
    groups = [FiredMarks(*row) for row in tx.rows(statement, **values)]
    tx.wakes_relay |= bool(groups)
    return groups


def long_paused(tx: Transaction, until: Mapping[str, datetime]) -> list[UUID]:
    """Tickets with a deadline whose pause has reached its longest duration by the instant that ``until`` gives for the
    center; at most RECOUNT_BATCH.
    """
    rows = tx.rows(
        "SELECT ticket_id FROM deadlines AS d JOIN json_to_recordset(%(until)s) AS u (center text, at timestamptz)"
        " ON d.center = u.center AND d.pause_ends_at <= u.at WHERE d.state = 'paused'"
        " ORDER BY d.pause_ends_at LIMIT %(batch)s",
        until=as_json_rows([{"center": center, "at": at} for center, at in until.items()]),
        batch=RECOUNT_BATCH,
    )
    return [row.ticket_id for row in rows]


_OPEN_PROVISIONAL = "provisional AND ended_at IS NULL AND state <> 'breached' AND center = %(center)s"


def provisional_versions(tx: Transaction, center: str) -> list[tuple[str, int]]:
    """The calendars by which the center's open provisional deadlines were counted, each with the center file's version.

    It takes one look into the index for each version, not for each deadline.
    """
    rows = tx.rows(
        "WITH RECURSIVE found AS ("
        f" (SELECT calendar_version FROM deadlines WHERE {_OPEN_PROVISIONAL} ORDER BY calendar_version LIMIT 1)"
        " UNION ALL SELECT (SELECT d.calendar_version FROM deadlines AS d"
        f" WHERE {_OPEN_PROVISIONAL} AND d.calendar_version > found.calendar_version"
        " ORDER BY d.calendar_version LIMIT 1) FROM found WHERE found.calendar_version IS NOT NULL"
        ") SELECT calendar_version, (SELECT d.center_version FROM deadlines AS d"
        f" WHERE {_OPEN_PROVISIONAL} AND d.calendar_version = found.calendar_version LIMIT 1) AS center_version"
        " FROM found WHERE calendar_version IS NOT NULL",
        center=center,
    )
    return [(row.calendar_version, row.center_version) for row in rows]


def counted_by(tx: Transaction, center: str, calendar_versions: Sequence[str]) -> list[UUID]:
    """Tickets with open provisional deadlines that were counted by one of these calendars, at most RECOUNT_BATCH."""
    rows = tx.rows(
        f"SELECT ticket_id FROM deadlines WHERE {_OPEN_PROVISIONAL} AND calendar_version = ANY(%(versions)s)"
        " LIMIT %(batch)s",
        center=center,
        versions=list(calendar_versions),
        batch=RECOUNT_BATCH,
    )
    return [row.ticket_id for row in rows]


def center_codes(tx: Transaction) -> list[str]:
    """The centers whose files have arrived."""
    return [row.code for row in tx.rows("SELECT DISTINCT code FROM centers ORDER BY code")]


class Outlook(NamedTuple):
    """Whether any deadline has something to come, and in how many real seconds: None while Bancheng's clock stands
    still.

    Negative when something is due and waits for the events of the other services.
    """

    is_any: bool
    seconds: float | None


def outlook(tx: Transaction) -> Outlook:
    """When the watch has something to do next."""
    row = tx.row(
        "SELECT next IS NOT NULL AS is_any, bancheng.real_seconds_until(next) AS seconds FROM (SELECT least("
        "(SELECT min(next_mark_at) FROM deadlines),"
        " (SELECT min(pause_ends_at) FROM deadlines WHERE state = 'paused')) AS next) AS soonest"
    )
    return Outlook(*row) if row else Outlook(False, None)
