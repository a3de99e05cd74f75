"""The questions of those who look: lists by page, one ticket with everything. Scope is part of every query."""

from typing import Any
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.cursors import DuePlace
from services.routing.rules.search import Search
from services.routing.rules.ticket import Scope
from services.routing.store.due import OPEN
from services.routing.store.search import condition

ASSIGNMENTS_SHOWN = 100

DUE = (
    "(SELECT due_at FROM deadlines c WHERE c.ticket_id = t.id AND c.round = t.round AND c.state <> 'cancelled'"
    " AND c.kind = CASE WHEN t.complexity = 'complex' THEN 'report' ELSE 'answer' END LIMIT 1) AS due_at"
)
"""When what the citizen is promised in this round is due, as far as it has been heard of."""

_SUMMARY = (
    "t.id, t.number, t.title, t.standing AS state, t.round, t.complexity, t.lead, t.assisting, t.first_responsible,"
    f" t.registered_at, {DUE}"
)
_ASSIGNMENT = (
    "a.id, a.ticket_id, t.number, t.title, t.text, a.round, t.complexity, a.department, a.role, a.state, a.made_at,"
    f" nullif(a.next_due_at, 'infinity') AS next_due_at, a.final, {DUE}, a.accepted_at, a.accepted_by, a.returned_at,"
    " a.returned_by, a.completed_at, a.completed_by, a.reason, a.explanation, a.result"
)


def assignments_due(
    tx: Transaction, scope: Scope, *, department: str | None, state: str | None, after: DuePlace | None, limit: int
) -> list[Row]:
    """Open assignments within ``scope`` by what breaks first, on from a place."""
    return tx.rows(
        f"SELECT {_ASSIGNMENT} FROM assignments a JOIN tickets t ON t.id = a.ticket_id WHERE a.center = %(center)s"
        f" AND a.{OPEN}"
        + given(
            (" AND a.department = %(scope)s", scope.department),
            (" AND a.department = %(department)s", department),
            (" AND a.state = %(state)s", state),
            (" AND (a.next_due_at, a.id) > (coalesce(%(due_at)s::timestamptz, 'infinity'), %(id)s)", after),
        )
        + " ORDER BY a.next_due_at, a.id LIMIT %(limit)s",
        center=scope.center,
        scope=scope.department,
        department=department,
        state=state,
        due_at=after and after.due_at,
        id=after and after.id,
        limit=limit,
    )


def assignments(
    tx: Transaction, scope: Scope, *, department: str | None, state: str | None, after: UUID | None, limit: int
) -> list[Row]:
    """Assignments within ``scope``, oldest first, after the one of that id."""
    return tx.rows(
        f"SELECT {_ASSIGNMENT} FROM assignments a JOIN tickets t ON t.id = a.ticket_id WHERE a.center = %(center)s"
        + given(
            (" AND a.department = %(scope)s", scope.department),
            (" AND a.department = %(department)s", department),
            (" AND a.state = %(state)s", state),
            (" AND a.id > %(after)s", after),
        )
        + " ORDER BY a.id LIMIT %(limit)s",
        center=scope.center,
        scope=scope.department,
        department=department,
        state=state,
        after=after,
        limit=limit,
    )


def assignment(tx: Transaction, assignment_id: UUID) -> Row:
    """One assignment that the caller was let at."""
    (row,) = tx.rows(
        f"SELECT {_ASSIGNMENT} FROM assignments a JOIN tickets t ON t.id = a.ticket_id WHERE a.id = %(id)s",
        id=assignment_id,
    )
    return row


def tickets(
    tx: Transaction,
    scope: Scope,
    *,
    state: str | None,
    complexity: str | None,
    department: str | None,
    search: Search,
    after: UUID | None,
    limit: int,
) -> list[Row]:
    """Tickets within ``scope`` that a search may mean, newest first, before the one of that id."""
    with_part = " AND EXISTS (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.department = "
    return tx.rows(
        f"SELECT {_SUMMARY}, t.text FROM tickets t WHERE t.center = %(center)s"
        + given(
            (f" AND {condition(tx, search.terms)}" if search.terms else "", search.terms or None),
            (" AND t.number = ANY(%(numbers)s)", search.numbers or None),
            (f"{with_part}%(scope)s)", scope.department),
            (" AND t.standing = %(state)s", state),
            (" AND t.complexity = %(complexity)s", complexity),
            (f"{with_part}%(department)s)", department),
            (" AND t.id < %(after)s", after),
        )
        + " ORDER BY t.id DESC LIMIT %(limit)s",
        center=scope.center,
        scope=scope.department,
        terms=list(search.terms),
        numbers=list(search.numbers),
        state=state,
        complexity=complexity,
        department=department,
        after=after,
        limit=limit,
    )


def ticket(tx: Transaction, ticket_id: UUID, scope: Scope) -> Row | None:
    """One ticket within ``scope``: a department sees those that it has or had a part in."""
    return tx.row(
        f"SELECT {_SUMMARY}, t.text, t.channel, t.matter, t.cause, t.rule, t.decided_by, t.why, t.answer,"
        " t.answered_at, t.report, t.outcome, t.closed_at FROM tickets t WHERE t.id = %(id)s AND t.center = %(center)s"
        " AND (%(department)s::text IS NULL OR EXISTS"
        " (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.department = %(department)s))",
        id=ticket_id,
        **scope._asdict(),
    )


def everything_of(tx: Transaction, ticket_id: UUID) -> dict[str, list[Row]]:
    """What was decided, heard and done about a ticket, each in the order in which it happened; of the assignments the
    latest ASSIGNMENTS_SHOWN.
    """
    queries = {
        "assignments": f"SELECT * FROM (SELECT {_ASSIGNMENT} FROM assignments a JOIN tickets t ON t.id = a.ticket_id"
        f" WHERE a.ticket_id = %(id)s ORDER BY a.id DESC LIMIT {ASSIGNMENTS_SHOWN}) AS latest ORDER BY id",
        "deadlines": "SELECT deadline_id AS id, kind, round, department, state, due_at, revision FROM deadlines"
        " WHERE ticket_id = %(id)s ORDER BY round, due_at, kind, deadline_id",
        "extensions": "SELECT id, round, working_days, reason, legal_basis, requested_by, requested_at, state,"
        " decided_by, decided_at, why FROM extensions WHERE ticket_id = %(id)s ORDER BY id",
        "escalations": 'SELECT deadline_id, kind, level, revision, recipients AS "to", skipped, escalated_at, voided_at'
        " FROM escalations WHERE ticket_id = %(id)s AND recipients <> '{}' ORDER BY escalated_at, kind, level",
    }
    return {name: tx.rows(query, id=ticket_id) for name, query in queries.items()}


def given(*conditions: tuple[str, Any]) -> str:
    """The conditions whose value was given, so that each has an index to go by."""
    return "".join(condition for condition, value in conditions if value is not None)
