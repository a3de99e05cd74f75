"""Tickets as routing knows them. Whoever decides something about a ticket locks its row first."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.enums import Cause, Complexity, TicketState
from schemas.errors import NotFound
from schemas.events.tickets import TicketRegistered
from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.routing.rules.routing import RoutingDecision
from services.routing.rules.ticket import Scope, Ticket

_TICKET = (
    "id, center, number, title, text, matter, cause, first_responsible, state, round, complexity, lead, assisting,"
    " answered_at, reported_at"
)
_REGISTERED = (
    *("center", "number", "title", "text", "matter", "cause", "channel", "first_responsible", "registered_at"),
    *("applicant_fingerprints", "repeat_of"),
)
_DECIDED = ("complexity", "lead", "assisting", "rule", "why")


def ticket_of(row: Row) -> Ticket:
    """A row of the columns above as the rules look at it."""
    return Ticket(*row)._replace(
        cause=row.cause and Cause(row.cause),
        state=TicketState(row.state),
        complexity=row.complexity and Complexity(row.complexity),
        assisting=tuple(row.assisting),
    )


def unknown(tx: Transaction, ticket_ids: Iterable[UUID]) -> set[UUID]:
    """Those of ``ticket_ids`` of which nothing is stored."""
    wanted = set(ticket_ids)
    rows = tx.rows("SELECT id FROM tickets WHERE id = ANY(%(ids)s)", ids=list(wanted))
    return wanted - {row.id for row in rows}


def applicant_fingerprints(tx: Transaction, about: UUID) -> tuple[UUID, Sequence[str]]:
    """A ticket's id, and by what its applicant is recognised in texts. None where there is no such ticket.

    ``about`` is the id of a ticket, of an assignment, of an extension, or of a meeting.
    """
    row = tx.row(
        "SELECT id, applicant_fingerprints FROM tickets WHERE id IN (SELECT %(about)s"
        " UNION ALL SELECT ticket_id FROM assignments WHERE id = %(about)s"
        " UNION ALL SELECT ticket_id FROM extensions WHERE id = %(about)s"
        " UNION ALL SELECT ticket_id FROM meetings WHERE id = %(about)s)",
        about=about,
    )
    return (row.id, row.applicant_fingerprints) if row else (about, ())


def centers_of_tickets(tx: Transaction, ticket_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The centers of those of ``ticket_ids`` that are known."""
    rows = tx.rows("SELECT id, center FROM tickets WHERE id = ANY(%(ids)s)", ids=list(set(ticket_ids)))
    return {row.id: row.center for row in rows}


def insert_registered(tx: Transaction, taken: Sequence[tuple[TicketRegistered, RoutingDecision | None]]) -> set[UUID]:
    """Store tickets with what was decided about them, sorted by id; the ids of those that were not known before."""
    in_order = sorted(taken, key=lambda each: each[0].ticket_id)
    columns = ", ".join(("id", *_REGISTERED, "state", *_DECIDED, "complex_since"))
    return tx.insert_new(
        f"INSERT INTO tickets ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::tickets, %(rows)s)"
        " ON CONFLICT DO NOTHING RETURNING id",
        {event.ticket_id for event, _decision in taken},
        rows=as_json_rows([_registered(event, decision, tx.now) for event, decision in in_order]),
    )


def _registered(event: TicketRegistered, decision: RoutingDecision | None, now: datetime) -> dict[str, Any]:
    row = {name: getattr(event, name) for name in _REGISTERED} | {"id": event.ticket_id}
    if decision is None:
        return row | {"state": TicketState.IN_ARBITRATION, "assisting": []}
    if decision.complexity is Complexity.COMPLEX:
        row["complex_since"] = now
    return row | {"state": TicketState.ASSIGNED} | {name: getattr(decision, name) for name in _DECIDED}


def lock_if_known(tx: Transaction, ticket_id: UUID, center: str | None = None) -> Ticket | None:
    """The ticket, locked until the end of the transaction; None if it is unknown, or not of ``center``."""
    row = tx.row(
        f"SELECT {_TICKET} FROM tickets WHERE id = %(ticket_id)s"
        " AND (%(center)s::text IS NULL OR center = %(center)s) FOR UPDATE",
        ticket_id=ticket_id,
        center=center,
    )
    return ticket_of(row) if row else None


def lock(tx: Transaction, ticket_id: UUID, center: str) -> Ticket:
    """The ticket of ``center``, locked. Raises NotFound."""
    ticket = lock_if_known(tx, ticket_id, center)
    if ticket is None:
        raise NotFound("no such ticket")
    return ticket


def lock_all(tx: Transaction, ticket_ids: Iterable[UUID]) -> None:
    """Nobody else changes these tickets or their assignments until the end; in one order for everybody."""
    tx.execute("SELECT FROM tickets WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE", ids=list(set(ticket_ids)))


def lock_with_departments(tx: Transaction, center: str, departments: Collection[str], *, limit: int) -> list[Ticket]:
    """Tickets that these departments lead or have open assignments in, locked; what others have locked is left out."""
    rows = tx.rows(
        f"SELECT {_TICKET} FROM tickets WHERE id IN (SELECT ticket_id FROM assignments WHERE center = %(center)s"
        " AND department = ANY(%(departments)s) AND state IN ('made', 'accepted') UNION ALL SELECT id FROM tickets"
        " WHERE center = %(center)s AND lead = ANY(%(departments)s) AND state = 'assigned')"
        " ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        center=center,
        departments=list(departments),
        limit=limit,
    )
    return [ticket_of(row) for row in rows]


def numbers_without_departments(tx: Transaction, center: str, departments: Collection[str]) -> list[str]:
    """The numbers of open tickets that a department beside ``departments`` leads or has an open assignment in."""
    rows = tx.rows(
        "SELECT number FROM tickets t WHERE center = %(center)s AND"
        " (state = 'assigned' AND lead <> ALL(%(departments)s)"
        " OR EXISTS (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.state IN ('made', 'accepted')"
        " AND a.department <> ALL(%(departments)s))) ORDER BY number",
        center=center,
        departments=list(departments),
    )
    return [row.number for row in rows]


def set_routed(tx: Transaction, ticket: Ticket, decision: RoutingDecision) -> None:
    """It is decided who handles the ticket."""
    tx.execute(
        "UPDATE tickets SET state = 'assigned', round = %(round)s, complexity = %(complexity)s, lead = %(lead)s,"
        " assisting = %(assisting)s, rule = %(rule)s, decided_by = %(decided_by)s, why = %(why)s,"
        " complex_since = CASE WHEN %(complexity)s = 'complex' THEN coalesce(complex_since, %(now)s) END"
        " WHERE id = %(id)s",
        now=tx.now,
        id=ticket.id,
        round=ticket.round,
        complexity=decision.complexity,
        lead=decision.lead,
        assisting=list(decision.assisting),
        rule=decision.rule,
        decided_by=decision.decided_by,
        why=decision.why,
    )


def update(tx: Transaction, ticket_id: UUID, **columns: Any) -> None:
    """Change these columns of a locked ticket."""
    changes = ", ".join(f"{name} = %({name})s" for name in columns)
    tx.execute(f"UPDATE tickets SET {changes} WHERE id = %(id)s", id=ticket_id, **columns)


def set_awaiting(tx: Transaction, ticket_id: UUID, awaiting: bool, at: datetime) -> int:
    """The applicant's papers are awaited, or no longer. What is older than what is known changes nothing."""
    return tx.execute(
        "UPDATE tickets SET awaiting_materials = %(awaiting)s, materials_at = %(at)s"
        " WHERE id = %(id)s AND (materials_at IS NULL OR materials_at <= %(at)s)",
        id=ticket_id,
        awaiting=awaiting,
        at=at,
    )


def begin_round(tx: Transaction, ticket_id: UUID, round: int, at: datetime) -> None:
    """A new round starts; the last one stands in the timeline. Papers asked for before it are not awaited any more."""
    tx.execute(
        "UPDATE tickets SET round = %(round)s, answer = NULL, answered_at = NULL, report = NULL, reported_at = NULL,"
        " outcome = NULL, closed_at = NULL, extended_at = NULL,"
        " awaiting_materials = awaiting_materials AND materials_at > %(at)s,"
        " materials_at = greatest(materials_at, %(at)s) WHERE id = %(id)s",
        id=ticket_id,
        round=round,
        at=at,
    )


def open_by_cause(tx: Transaction, scope: Scope) -> list[Row]:
    """How many open tickets within ``scope`` have which cause, the most frequent first."""
    of_department = (
        " AND EXISTS (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.department = %(department)s"
        " AND a.state IN ('made', 'accepted'))"
    )
    return tx.rows(
        "SELECT t.cause, count(*) AS count FROM tickets t WHERE t.center = %(center)s"
        " AND t.state IN ('registered', 'in_arbitration', 'assigned')"
        + ("" if scope.department is None else of_department)
        + " GROUP BY t.cause ORDER BY count(*) DESC, t.cause NULLS LAST",
        **scope._asdict(),
    )
