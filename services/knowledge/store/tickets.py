"""Tickets as their events tell of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from schemas.enums import Cause, Outcome, Rating
from services.knowledge.rules.ticket import KnownTicket
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

COLUMNS = ", ".join(KnownTicket._fields)
_SET = ", ".join(f"{name} = excluded.{name}" for name in KnownTicket._fields if name != "id")
ANSWER_SHOWN = 300
MOST_CANDIDATES = 50
"""A list that nobody gets through is not looked at."""
_IN_SCOPE = "(%(department)s::text IS NULL OR %(department)s = ANY(array_append(assisting || returned_by, lead)))"


def lock(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, KnownTicket]:
    """Those of the tickets that are known, held until the end; in the order of their ids, as everybody does."""
    rows = tx.rows(
        f"SELECT {COLUMNS} FROM tickets WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE", ids=list(ids)
    )
    return {row.id: ticket_of(row) for row in rows}


def insert(tx: Transaction, tickets: Iterable[KnownTicket]) -> None:
    """Store tickets of which nothing was known, unless somebody just did."""
    tx.execute(
        "INSERT INTO tickets (id, center) SELECT id, center FROM json_to_recordset(%(rows)s) AS given (id uuid,"
        " center text) ORDER BY id ON CONFLICT DO NOTHING",
        rows=as_json_rows([{"id": ticket.id, "center": ticket.center} for ticket in tickets]),
    )


def save(tx: Transaction, tickets: Sequence[KnownTicket]) -> None:
    """Store what is known of tickets now."""
    rows = [_plain(ticket) for ticket in tickets]
    tx.execute(
        f"INSERT INTO tickets ({COLUMNS}) SELECT {COLUMNS} FROM json_populate_recordset(NULL::tickets, %(rows)s)"
        f" ON CONFLICT (id) DO UPDATE SET {_SET}",
        rows=as_json_rows(rows),
    )


def find(tx: Transaction, center: str, department: str | None, ticket_id: UUID) -> KnownTicket | None:
    """A ticket of a center, or only if ``department`` leads, assists or has returned it."""
    row = tx.row(
        f"SELECT {COLUMNS} FROM tickets WHERE id = %(id)s AND center = %(center)s AND number IS NOT NULL"
        f" AND {_IN_SCOPE}",
        **{"id": ticket_id, "center": center, "department": department},
    )
    return ticket_of(row) if row else None


def shown(
    tx: Transaction, center: str, department: str | None, ids: Collection[UUID], zone: tzinfo
) -> dict[UUID, dict[str, Any]]:
    """What is shown of solved tickets, by id: number, title, lead, outcome, the beginning of the answer, when."""
    rows = tx.rows(
        f"SELECT id, number, title, lead, outcome, left(answer, {ANSWER_SHOWN}) AS answer, answered_at, registered_at"
        f" FROM tickets WHERE id = ANY(%(ids)s::uuid[]) AND center = %(center)s AND {_IN_SCOPE}",
        **{"ids": list(ids), "center": center, "department": department},
    )
    return {row.id: _shown(row, zone) for row in rows}


def candidates(tx: Transaction, center: str, since: datetime) -> list[Row]:
    """Tickets that were closed as resolved since then and rated well, of which nothing was made and which stood on no
    list: number and lead, the latest first, MOST_CANDIDATES at most.
    """
    return tx.rows(
        "SELECT t.number, t.lead FROM tickets t WHERE t.center = %(center)s AND t.closed_at >= %(since)s"
        " AND t.outcome = %(resolved)s AND t.closed_round = t.round AND t.rated_round = t.round"
        " AND t.rating = ANY(%(good)s) AND NOT t.ended AND t.number IS NOT NULL AND t.lead IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM entries e WHERE e.ticket_id = t.id)"
        " AND NOT EXISTS (SELECT FROM typical_cases c WHERE c.ticket_id = t.id)"
        " AND NOT EXISTS (SELECT FROM reviews r WHERE r.center = t.center AND r.subject_kind = 'ticket'"
        " AND r.subject = t.number)"
        " ORDER BY t.closed_at DESC, t.id LIMIT %(most)s",
        **{"center": center, "since": since, "resolved": Outcome.RESOLVED, "most": MOST_CANDIDATES},
        good=[Rating.SATISFIED, Rating.VERY_SATISFIED],
    )


def unknown(tx: Transaction, ticket_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids of which no registration has come here."""
    wanted = set(ticket_ids)
    rows = tx.rows("SELECT id FROM tickets WHERE id = ANY(%(ids)s::uuid[]) AND number IS NOT NULL", ids=list(wanted))
    return wanted - {row.id for row in rows}


def _shown(row: Row, zone: tzinfo) -> dict[str, Any]:
    times = {
        name: getattr(row, name) and getattr(row, name).astimezone(zone) for name in ("answered_at", "registered_at")
    }
    values: dict[str, Any] = row._asdict()
    return values | times | {"outcome": Outcome(row.outcome) if row.outcome else None}


def ticket_of(row: Row) -> KnownTicket:
    """A row of COLUMNS as the rules look at it."""
    codes = {
        "cause": Cause(row.cause) if row.cause else None,
        "outcome": Outcome(row.outcome) if row.outcome else None,
        "rating": Rating(row.rating) if row.rating else None,
        "assisting": tuple(row.assisting),
        "returned_by": tuple(row.returned_by),
    }
    return KnownTicket(**row._asdict() | codes)


def _plain(ticket: KnownTicket) -> dict[str, Any]:
    return ticket._asdict() | {"assisting": list(ticket.assisting), "returned_by": list(ticket.returned_by)}
