"""Sittings that were opened, what was decided during them, and their minutes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg2.extras

from schemas.errors import NotFound
from schemas.requests.sittings import LeftUndone
from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.sittings import HeldSitting

MOST = 500
"""How many decisions of one sitting are listed, the first ones."""

_SITTING = (
    "s.id, s.center, s.leader, s.opens_at, s.closes_at, s.opened_at, s.opened_by, s.closed_at, s.closed_by,"
    " coalesce(m.minutes, s.minutes) AS minutes, coalesce(m.handover, s.handover) AS handover, m.signed_at, m.signed_by"
    " FROM sittings s LEFT JOIN signed_minutes m ON m.sitting_id = s.id"
)


def insert(tx: Transaction, sitting: HeldSitting) -> bool:
    """It is open; False if somebody else opened it at the same moment."""
    return bool(
        tx.execute(
            "INSERT INTO sittings (id, center, leader, opens_at, closes_at, opened_at, opened_by) VALUES (%(id)s,"
            " %(center)s, %(leader)s, %(opens_at)s, %(closes_at)s, %(opened_at)s, %(opened_by)s)"
            " ON CONFLICT DO NOTHING",
            **sitting._asdict(),
        )
    )


def opening_at(tx: Transaction, center: str, opens_at: datetime) -> HeldSitting | None:
    """The sitting that by the roster opens then, if it was opened."""
    row = tx.row(
        f"SELECT {_SITTING} WHERE s.center = %(center)s AND s.opens_at = %(opens_at)s", center=center, opens_at=opens_at
    )
    return HeldSitting(*row) if row else None


def lock(tx: Transaction, center: str, sitting_id: UUID) -> HeldSitting:
    """One sitting, which nobody else changes until the end. Raises NotFound."""
    tx.execute("SELECT FROM sittings WHERE id = %(id)s FOR UPDATE", id=sitting_id)
    return sitting(tx, center, sitting_id)


def sitting(tx: Transaction, center: str, sitting_id: UUID) -> HeldSitting:
    """One sitting of the center. Raises NotFound."""
    row = tx.row(f"SELECT {_SITTING} WHERE s.id = %(id)s AND s.center = %(center)s", id=sitting_id, center=center)
    if row is None:
        raise NotFound("no such sitting")
    return HeldSitting(*row)


def between(tx: Transaction, center: str, first: datetime, last: datetime) -> list[HeldSitting]:
    """Those that by the roster opened in this time."""
    rows = tx.rows(
        f"SELECT {_SITTING} WHERE s.center = %(center)s AND s.opens_at BETWEEN %(first)s AND %(last)s",
        center=center,
        first=first,
        last=last,
    )
    return [HeldSitting(*row) for row in rows]


def still_open(tx: Transaction, center: str, before: datetime) -> list[HeldSitting]:
    """Earlier ones that nobody has closed, locked."""
    rows = tx.rows(
        f"SELECT {_SITTING} WHERE s.center = %(center)s AND s.closed_at IS NULL AND s.opens_at < %(before)s"
        " FOR UPDATE OF s",
        center=center,
        before=before,
    )
    return [HeldSitting(*row) for row in rows]


def last_closed(tx: Transaction, center: str) -> HeldSitting | None:
    """The one that was held last and is over."""
    row = tx.row(
        f"SELECT {_SITTING} WHERE s.center = %(center)s AND s.closed_at IS NOT NULL ORDER BY s.opens_at DESC LIMIT 1",
        center=center,
    )
    return HeldSitting(*row) if row else None


def close(tx: Transaction, sitting_id: UUID, by: str | None, left_undone: Sequence[LeftUndone]) -> None:
    """It is over, and this lies on the docket."""
    tx.execute(
        "UPDATE sittings SET closed_at = %(now)s, closed_by = %(by)s, left_undone = %(undone)s WHERE id = %(id)s",
        id=sitting_id,
        by=by,
        now=tx.now,
        undone=psycopg2.extras.Json([each.dump() for each in left_undone]),
    )


def left_undone(tx: Transaction, sitting_id: UUID) -> tuple[LeftUndone, ...]:
    """What lay on the docket when it was closed."""
    (row,) = tx.rows("SELECT left_undone FROM sittings WHERE id = %(id)s", id=sitting_id)
    return tuple(map(LeftUndone.load, row.left_undone))


def write(tx: Transaction, sitting_id: UUID, minutes: str, handover: str, by: str) -> None:
    """The leader's own words."""
    tx.execute(
        "UPDATE sittings SET minutes = %(minutes)s, handover = %(handover)s, written_by = %(by)s WHERE id = %(id)s",
        id=sitting_id,
        minutes=minutes,
        handover=handover,
        by=by,
    )


def sign(tx: Transaction, sitting_id: UUID, minutes: str, handover: str, by: str) -> None:
    """These words stand from now on."""
    tx.execute(
        "INSERT INTO signed_minutes (sitting_id, minutes, handover, signed_by, signed_at)"
        " VALUES (%(id)s, %(minutes)s, %(handover)s, %(by)s, %(now)s)",
        id=sitting_id,
        minutes=minutes,
        handover=handover,
        by=by,
        now=tx.now,
    )


def decisions(tx: Transaction, sitting: HeldSitting) -> list[Row]:
    """What leaders decided until the close, in order; of who handles a ticket with the lead department and the why."""
    return tx.rows(
        "SELECT l.at, l.what, l.actor AS by, l.ticket_id, t.number, t.title, r.department,"
        " coalesce(r.text, l.text) AS text, e.working_days FROM timeline l JOIN tickets t ON t.id = l.ticket_id"
        " LEFT JOIN timeline r ON l.what = 'arbitration.decided' AND r.ticket_id = l.ticket_id"
        " AND r.what = 'ticket.routed' AND r.at = l.at AND r.actor = l.actor"
        " LEFT JOIN extensions e ON l.what = 'extension.granted' AND e.ticket_id = l.ticket_id AND e.decided_at = l.at"
        " WHERE l.center = %(center)s AND l.at >= %(since)s AND l.at < %(until)s AND l.what IN"
        " ('arbitration.decided', 'ticket.reclassified', 'extension.granted', 'extension.refused',"
        " 'meeting.called', 'meeting.moved', 'meeting.cancelled', 'meeting.held')"
        " ORDER BY l.at, l.seq LIMIT %(most)s",
        center=sitting.center,
        since=sitting.opened_at,
        until=sitting.closed_at or datetime.max.replace(tzinfo=UTC),
        most=MOST,
    )
