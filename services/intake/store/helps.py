"""Help that was given to visitors (帮办代办)."""

from datetime import datetime
from uuid import UUID

from schemas.requests.helps import GiveHelp
from services.plumbing.database.transaction import Row, Transaction


def insert(tx: Transaction, id_: UUID, center: str, helper: str, given: GiveHelp) -> None:
    """Keep what was recorded."""
    tx.execute(
        "INSERT INTO helps (id, center, ticket_id, kind, helper, need, started_at, ended_at, satisfaction, recorded_at)"
        " VALUES (%(id)s, %(center)s, %(ticket)s, %(kind)s, %(helper)s, %(need)s, %(started)s, %(ended)s,"
        " %(satisfaction)s, %(now)s)",
        id=id_,
        center=center,
        ticket=given.ticket_id,
        kind=given.kind,
        helper=helper,
        need=given.need,
        started=given.started_at,
        ended=given.ended_at,
        satisfaction=given.satisfaction,
        now=tx.now,
    )


def of_helper(tx: Transaction, center: str, helper: str, *, after: UUID | None, limit: int) -> list[Row]:
    """What somebody has recorded, the latest first, before the row of that id."""
    return tx.rows(
        "SELECT h.id, h.kind, h.helper, h.need, h.started_at, h.ended_at, h.ticket_id, t.number, h.satisfaction"
        " FROM helps h LEFT JOIN tickets t ON t.id = h.ticket_id WHERE h.center = %(center)s AND h.helper = %(helper)s"
        " AND (%(after)s::uuid IS NULL OR h.id < %(after)s) ORDER BY h.id DESC LIMIT %(limit)s",
        center=center,
        helper=helper,
        after=after,
        limit=limit,
    )


def months(tx: Transaction, center: str, since: datetime, until: datetime, zone: str) -> list[Row]:
    """What was done by month, local to ``zone``, the latest first."""
    return tx.rows(
        "SELECT to_char(started_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, count(*) AS helps,"
        " round(sum(extract(epoch FROM ended_at - started_at)) / 60)::int AS minutes,"
        " count(*) FILTER (WHERE need = 'elderly') AS elderly, count(*) FILTER (WHERE need = 'disabled') AS disabled,"
        " count(satisfaction) AS rated, count(*) FILTER (WHERE satisfaction >= 3) AS satisfied"
        " FROM helps WHERE center = %(center)s AND started_at >= %(since)s AND started_at < %(until)s"
        " GROUP BY 1 ORDER BY 1 DESC",
        center=center,
        since=since,
        until=until,
        zone=zone,
    )
