"""The timeline: everything that happened to a ticket is a row, whether it was decided here or in another service."""

from collections.abc import Iterable
from uuid import UUID

from schemas.events.event import Event
from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.plumbing.http.replies import PAGE_CHARACTERS
from services.routing.rules.events import TimelineRow, timeline_row

_COLUMNS = ", ".join(TimelineRow._fields)
_SHORT_ENOUGH = "coalesce(characters_before, 0) < %(characters)s"


def _characters_before(order: str) -> str:
    """How many characters the entries of a page have that come before this one."""
    window = f"ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    return f"sum(length(text)) OVER ({window}) AS characters_before"


def page_of_ticket(tx: Transaction, ticket_id: UUID, *, before: int | None, limit: int) -> tuple[list[Row], int | None]:
    """The latest entries of a ticket, or those before one; earliest first. And what to ask ``before`` for more."""
    rows = tx.rows(
        f"SELECT * FROM (SELECT *, count(*) OVER () AS found, {_characters_before('seq DESC')} FROM"
        " (SELECT seq, at, what, actor AS by, department, text FROM timeline WHERE ticket_id = %(id)s"
        " AND (%(before)s::bigint IS NULL OR seq < %(before)s) ORDER BY seq DESC LIMIT %(limit)s + 1) AS latest"
        f") AS page WHERE {_SHORT_ENOUGH} ORDER BY seq DESC LIMIT %(limit)s",
        id=ticket_id,
        before=before,
        limit=limit,
        characters=PAGE_CHARACTERS // 2,  # the rest of the reply is the ticket itself
    )
    more = rows[-1].seq if rows and rows[0].found > len(rows) else None
    return sorted(rows, key=lambda row: (row.at, row.seq)), more


def page_of_center(tx: Transaction, center: str, *, after: int, limit: int) -> list[Row]:
    """What happened to any ticket of a center, on from an entry.

    An entry gets its number when it is written but is seen when its transaction ends, so one may turn up later below
    the last that was read. Who must not miss any reads on from a little before.
    """
    return tx.rows(
        f"SELECT * FROM (SELECT *, {_characters_before('seq')} FROM"
        " (SELECT l.seq, l.ticket_id, t.number, l.at, l.what, l.actor AS by, l.department, l.text FROM timeline l"
        " JOIN tickets t ON t.id = l.ticket_id WHERE l.center = %(center)s AND l.seq > %(after)s"
        f" ORDER BY l.seq LIMIT %(limit)s) AS following) AS page WHERE {_SHORT_ENOUGH} ORDER BY seq",
        center=center,
        after=after,
        limit=limit,
        characters=PAGE_CHARACTERS,
    )


def record(tx: Transaction, events: Iterable[Event]) -> None:
    """Write down what happened, each event as one line."""
    rows = [row for row in map(timeline_row, events) if row is not None]
    if rows:
        tx.execute(
            f"INSERT INTO timeline ({_COLUMNS}) SELECT {_COLUMNS}"
            " FROM json_populate_recordset(NULL::timeline, %(rows)s)",
            rows=as_json_rows(rows),
        )


def record_and_announce(tx: Transaction, *events: Event) -> None:
    """Write down what was decided here, and announce it."""
    record(tx, events)
    tx.announce(*events)
