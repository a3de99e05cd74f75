"""Joint meetings, and the signatures under reports. Changed only while the ticket is locked."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from schemas.enums import MeetingState
from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.lists import DuePlace
from services.routing.rules.meetings import Meeting
from services.routing.rules.ticket import Ticket
from services.routing.store.lists import DUE, given

_FIELDS = ", ".join(Meeting._fields)
MEETING = f"{', '.join(f'm.{each}' for each in Meeting._fields)}, m.outcome, m.why, m.ended_by, m.ended_at"
_MISSING = (
    "ARRAY(SELECT each FROM unnest(t.assisting) AS each WHERE NOT EXISTS (SELECT FROM report_signatures s"
    " WHERE s.ticket_id = t.id AND s.round = t.round AND s.department = each))"
)


def insert(tx: Transaction, center: str, meeting: Meeting) -> None:
    """A meeting was called."""
    values = ", ".join(f"%({each})s" for each in Meeting._fields)
    tx.execute(
        f"INSERT INTO meetings ({_FIELDS}, center) VALUES ({values}, %(center)s)",
        **meeting._asdict() | {"departments": list(meeting.departments)},
        center=center,
    )


def has_one_to_come(tx: Transaction, ticket_id: UUID) -> bool:
    """Whether a meeting about the ticket was called and neither held nor cancelled."""
    return tx.row("SELECT FROM meetings WHERE ticket_id = %(id)s AND state = 'called'", id=ticket_id) is not None


def ticket_of(tx: Transaction, meeting_id: UUID, center: str) -> UUID:
    """The ticket of a meeting of the center. Raises NotFound."""
    row = tx.row(
        "SELECT ticket_id FROM meetings WHERE id = %(id)s AND center = %(center)s", id=meeting_id, center=center
    )
    if row is None:
        raise NotFound("no such meeting")
    ticket_id: UUID = row.ticket_id
    return ticket_id


def get(tx: Transaction, meeting_id: UUID) -> Meeting:
    """One meeting, as it is now that its ticket is locked."""
    (row,) = tx.rows(f"SELECT {_FIELDS} FROM meetings WHERE id = %(id)s", id=meeting_id)
    return Meeting(*row)._replace(state=MeetingState(row.state), departments=tuple(row.departments))


def meeting(tx: Transaction, meeting_id: UUID) -> Row:
    """One meeting as it is shown."""
    (row,) = tx.rows(f"SELECT {MEETING} FROM meetings m WHERE m.id = %(id)s", id=meeting_id)
    return row


def update(tx: Transaction, meeting_id: UUID, **columns: Any) -> None:
    """Change these columns of a meeting."""
    changes = ", ".join(f"{name} = %({name})s" for name in columns)
    tx.execute(f"UPDATE meetings SET {changes} WHERE id = %(id)s", id=meeting_id, **columns)


def to_come(tx: Transaction, center: str, *, department: str | None, after: DuePlace | None, limit: int) -> list[Row]:
    """Meetings that were called about open tickets, the earliest first; also those whose outcome is not noted yet."""
    return tx.rows(
        f"SELECT {MEETING}, t.number, t.title, t.lead FROM meetings m JOIN tickets t ON t.id = m.ticket_id"
        " WHERE m.center = %(center)s AND m.state = 'called' AND t.state IN ('in_arbitration', 'assigned')"
        + given(
            (" AND %(department)s = ANY(m.departments)", department),
            (" AND (m.meets_at, m.id) > (%(place)s, %(id)s)", after),
        )
        + " ORDER BY m.meets_at, m.id LIMIT %(limit)s",
        center=center,
        department=department,
        place=after and after.due_at,
        id=after and after.id,
        limit=limit,
    )


def needed(tx: Transaction, center: str, *, after: UUID | None, limit: int) -> list[Row]:
    """Complex tickets of several departments for which no meeting was called or held in this round, oldest first."""
    return tx.rows(
        f"SELECT t.id AS ticket_id, t.number, t.title, t.lead, t.assisting, {DUE} FROM tickets t"
        " WHERE t.center = %(center)s AND t.complexity = 'complex' AND t.state = 'assigned' AND t.assisting <> '{}'"
        " AND t.reported_at IS NULL AND NOT EXISTS (SELECT FROM meetings m WHERE m.ticket_id = t.id"
        " AND m.round = t.round AND m.state <> 'cancelled')"
        + given((" AND t.id > %(after)s", after))
        + " ORDER BY t.id LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def signed(tx: Transaction, ticket: Ticket) -> Collection[str]:
    """The departments that have signed the report of the present round."""
    rows = tx.rows(
        "SELECT department FROM report_signatures WHERE ticket_id = %(id)s AND round = %(round)s",
        id=ticket.id,
        round=ticket.round,
    )
    return {row.department for row in rows}


def sign(tx: Transaction, ticket: Ticket, department: str, by: str) -> None:
    """A department signs the report of the present round."""
    tx.execute(
        "INSERT INTO report_signatures (ticket_id, round, department, signed_by, signed_at)"
        " VALUES (%(id)s, %(round)s, %(department)s, %(by)s, %(now)s)",
        id=ticket.id,
        round=ticket.round,
        department=department,
        by=by,
        now=tx.now,
    )


def unsigned(tx: Transaction, center: str, *, department: str | None, after: UUID | None, limit: int) -> list[Row]:
    """Filed reports that a department (this one) has still to sign, of the oldest ticket first."""
    return tx.rows(
        f"SELECT * FROM (SELECT t.id AS ticket_id, t.number, t.title, t.lead, t.reported_at, {_MISSING} AS missing"
        " FROM tickets t WHERE t.center = %(center)s AND t.reported_at IS NOT NULL"
        " AND t.state IN ('assigned', 'answered') AND t.assisting <> '{}'"
        + given((" AND %(department)s = ANY(t.assisting)", department), (" AND t.id > %(after)s", after))
        + " ORDER BY t.id) AS reported WHERE missing <> '{}'"
        + given((" AND %(department)s = ANY(missing)", department))
        + " ORDER BY ticket_id LIMIT %(limit)s",
        center=center,
        department=department,
        after=after,
        limit=limit,
    )
