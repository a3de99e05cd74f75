"""Tickets as routing knows them. Whoever decides something about a ticket holds its row first, one at a time."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.enums import Cause, Complexity, Outcome, TicketState
from schemas.errors import NotFound
from schemas.events.tickets import TicketRegistered
from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.routing.rules.routing import Decision
from services.routing.rules.ticket import Ticket

_TICKET = (
    "id, center, number, title, text, matter, cause, first_responsible, state, round, complexity, lead, assisting,"
    " answered_at, reported_at"
)


_HEARD = (
    *("center", "number", "title", "text", "matter", "cause", "channel", "first_responsible", "registered_at"),
    "applicant_fingerprints",
)
_CHOSEN = ("complexity", "lead", "assisting", "rule", "why")
_DECIDED = ("state", *_CHOSEN)


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

    ``about`` is the id of a ticket, of an assignment, or of an extension.
    """
    row = tx.row(
        "SELECT id, applicant_fingerprints FROM tickets WHERE id IN (SELECT %(about)s"
        " UNION ALL SELECT ticket_id FROM assignments WHERE id = %(about)s"
        " UNION ALL SELECT ticket_id FROM extensions WHERE id = %(about)s)",
        about=about,
    )
    return (row.id, row.applicant_fingerprints) if row else (about, ())


def centers_of_tickets(tx: Transaction, ticket_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The centers of those of ``ticket_ids`` that are known."""
    rows = tx.rows("SELECT id, center FROM tickets WHERE id = ANY(%(ids)s)", ids=list(set(ticket_ids)))
    return {row.id: row.center for row in rows}


def insert_registered(tx: Transaction, taken: Sequence[tuple[TicketRegistered, Decision | None]]) -> set[UUID]:
    """Store tickets with what was decided about them, sorted by id; the ids of those that were not known before."""
    in_order = sorted(taken, key=lambda each: each[0].ticket_id)
    columns = ", ".join(("id", *_HEARD, *_DECIDED, "complex_since"))
    return tx.insert_new(
        f"INSERT INTO tickets ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::tickets, %(rows)s)"
        " ON CONFLICT DO NOTHING RETURNING id",
        {event.ticket_id for event, _decision in taken},
        rows=as_json_rows([_registered(event, decision, tx.now) for event, decision in in_order]),
    )


def _registered(event: TicketRegistered, decision: Decision | None, now: datetime) -> dict[str, Any]:
    row = {name: getattr(event, name) for name in _HEARD} | {"id": event.ticket_id}
    if decision is None:
        return row | {"state": TicketState.IN_ARBITRATION, "assisting": []}
    if decision.complexity is Complexity.COMPLEX:
        row["complex_since"] = now
    return row | {"state": TicketState.ASSIGNED} | {name: getattr(decision, name) for name in _CHOSEN}


def hold(tx: Transaction, ticket_id: UUID, center: str | None = None) -> Ticket | None:
    """The ticket, held against everybody else until the end of the transaction; None if it is unknown in ``center``."""
    row = tx.row(
        f"SELECT {_TICKET} FROM tickets WHERE id = %(ticket_id)s"
        " AND (%(center)s::text IS NULL OR center = %(center)s) FOR UPDATE",
        ticket_id=ticket_id,
        center=center,
    )
    return ticket_of(row) if row else None


def held_with_departments(tx: Transaction, center: str, departments: Collection[str], *, limit: int) -> list[Ticket]:
    """Tickets that these departments lead or have open parts in, held; those that others hold are left out."""
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
    """The numbers of open tickets that a department beside ``departments`` leads or has an open part in."""
    rows = tx.rows(
        "SELECT number FROM tickets t WHERE center = %(center)s AND"
        " (state = 'assigned' AND lead <> ALL(%(departments)s)"
        " OR EXISTS (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.state IN ('made', 'accepted')"
        " AND a.department <> ALL(%(departments)s))) ORDER BY number",
        center=center,
        departments=list(departments),
    )
    return [row.number for row in rows]


def held_for(tx: Transaction, ticket_id: UUID, center: str) -> Ticket:
    """The ticket of ``center``, held. Raises NotFound."""
    ticket = hold(tx, ticket_id, center)
    if ticket is None:
        raise NotFound("no such ticket")
    return ticket


def set_routed(tx: Transaction, ticket: Ticket, decision: Decision) -> None:
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


def set_state(tx: Transaction, ticket_id: UUID, state: TicketState) -> None:
    """The ticket stands somewhere else now."""
    tx.execute("UPDATE tickets SET state = %(state)s WHERE id = %(id)s", id=ticket_id, state=state)


def set_complexity(tx: Transaction, ticket_id: UUID, complexity: Complexity) -> None:
    """The ticket was reclassified."""
    tx.execute(
        "UPDATE tickets SET complexity = %(complexity)s, complex_since = %(now)s WHERE id = %(id)s",
        id=ticket_id,
        complexity=complexity,
        now=tx.now,
    )


def set_extended(tx: Transaction, ticket_id: UUID) -> None:
    """The promise of the present round was extended."""
    tx.execute("UPDATE tickets SET extended_at = %(now)s WHERE id = %(id)s", id=ticket_id, now=tx.now)


def set_ended(tx: Transaction, ticket_id: UUID, state: TicketState, at: datetime) -> None:
    """The ticket was declined or withdrawn."""
    tx.execute(
        "UPDATE tickets SET state = %(state)s, ended_at = %(at)s WHERE id = %(id)s", id=ticket_id, state=state, at=at
    )


def set_awaiting(tx: Transaction, ticket_id: UUID, awaiting: bool, at: datetime) -> int:
    """The applicant's papers are awaited, or no longer. What is older than what was heard last changes nothing."""
    return tx.execute(
        "UPDATE tickets SET awaiting_materials = %(awaiting)s, materials_at = %(at)s"
        " WHERE id = %(id)s AND (materials_at IS NULL OR materials_at <= %(at)s)",
        id=ticket_id,
        awaiting=awaiting,
        at=at,
    )


def set_answered(tx: Transaction, ticket_id: UUID, answer: str) -> None:
    """The solution was fed back."""
    tx.execute(
        "UPDATE tickets SET state = 'answered', answer = %(answer)s, answered_at = %(now)s WHERE id = %(id)s",
        id=ticket_id,
        answer=answer,
        now=tx.now,
    )


def set_reported(tx: Transaction, ticket_id: UUID, report: str) -> None:
    """The special-topic report was filed."""
    tx.execute(
        "UPDATE tickets SET report = %(report)s, reported_at = %(now)s WHERE id = %(id)s",
        id=ticket_id,
        report=report,
        now=tx.now,
    )


def set_closed(tx: Transaction, ticket_id: UUID, outcome: Outcome) -> None:
    """The ticket ended with an outcome."""
    tx.execute(
        "UPDATE tickets SET state = 'closed', outcome = %(outcome)s, closed_at = %(now)s WHERE id = %(id)s",
        id=ticket_id,
        outcome=outcome,
        now=tx.now,
    )


def begin_round(tx: Transaction, ticket_id: UUID, round: int, at: datetime) -> None:
    """A new round starts with a clean sheet; the last one stands in the timeline. Papers for it are awaited no more."""
    tx.execute(
        "UPDATE tickets SET round = %(round)s, answer = NULL, answered_at = NULL, report = NULL, reported_at = NULL,"
        " outcome = NULL, closed_at = NULL, extended_at = NULL,"
        " awaiting_materials = awaiting_materials AND materials_at > %(at)s,"
        " materials_at = greatest(materials_at, %(at)s) WHERE id = %(id)s",
        id=ticket_id,
        round=round,
        at=at,
    )
