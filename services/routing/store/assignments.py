"""Departments' assignments, changed only while the ticket is locked, each with the time at which it is due next.

So a list can begin with what is due first. A promise of the ticket's round counts, and the department's own signature,
while its deadline runs or is broken. What waits for the applicant, or has no known deadline, is due at no time:
``infinity``, which comes last.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from schemas.enums import AssignmentState, DepartmentRole
from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.routing.rules.ticket import Assignment, Scope, Ticket

_ASSIGNMENT = "id, ticket_id, round, department, role, state, final, made_at"
_LED = "state = 'assigned'"

NEXT_DUE = (
    "coalesce((SELECT min(c.due_at) FROM deadlines c WHERE c.ticket_id = a.ticket_id AND c.round = a.round"
    " AND c.state IN ('running', 'breached') AND (c.kind IN ('answer', 'report')"
    " OR (c.kind = 'acknowledge' AND c.department = a.department))), 'infinity')"
)
"""Of the assignment ``a``, as far as deadlines are known."""

OPEN = "state IN ('made', 'accepted')"


def assignment_of(row: Row) -> Assignment:
    """A row of the columns above as the rules look at it."""
    return Assignment(*row)._replace(role=DepartmentRole(row.role), state=AssignmentState(row.state))


def insert(tx: Transaction, new: Sequence[tuple[Ticket, Assignment]]) -> None:
    """Give departments assignments in these tickets."""
    tx.execute(
        f"INSERT INTO assignments ({_ASSIGNMENT}, center, next_due_at) SELECT {_ASSIGNMENT}, center, {NEXT_DUE}"
        " FROM json_populate_recordset(NULL::assignments, %(rows)s) AS a",
        rows=as_json_rows([assignment._asdict() | {"center": ticket.center} for ticket, assignment in new]),
    )


def ticket_behind(tx: Transaction, assignment_id: UUID, scope: Scope) -> UUID:
    """The ticket of an assignment within ``scope``. Raises NotFound."""
    row = tx.row(
        "SELECT ticket_id FROM assignments WHERE id = %(id)s AND center = %(center)s"
        " AND (%(department)s::text IS NULL OR department = %(department)s)",
        id=assignment_id,
        **scope._asdict(),
    )
    if row is None:
        raise NotFound("no such assignment")
    ticket_id: UUID = row.ticket_id
    return ticket_id


def get(tx: Transaction, assignment_id: UUID) -> Assignment:
    """One assignment, as it is now that its ticket is locked."""
    (row,) = tx.rows(f"SELECT {_ASSIGNMENT} FROM assignments WHERE id = %(id)s", id=assignment_id)
    return assignment_of(row)


def handler(tx: Transaction, assignment_id: UUID) -> str | None:
    """Which liaison handles it; None while nobody has signed for it."""
    row = tx.row("SELECT handled_by FROM assignments WHERE id = %(id)s", id=assignment_id)
    return row.handled_by if row else None


def of_round(tx: Transaction, ticket: Ticket) -> list[Assignment]:
    """All assignments of the present round, ended ones too, oldest first."""
    rows = tx.rows(
        f"SELECT {_ASSIGNMENT} FROM assignments WHERE ticket_id = %(id)s AND round = %(round)s ORDER BY id",
        id=ticket.id,
        round=ticket.round,
    )
    return [assignment_of(row) for row in rows]


def returns_of(tx: Transaction, ticket_id: UUID) -> list[Assignment]:
    """The assignments of the ticket that were returned, in whichever round."""
    rows = tx.rows(
        f"SELECT {_ASSIGNMENT} FROM assignments WHERE ticket_id = %(id)s AND state = 'returned' ORDER BY id",
        id=ticket_id,
    )
    return [assignment_of(row) for row in rows]


def departments_at_work(tx: Transaction) -> list[tuple[str, str]]:
    """The (center, department) that have open assignments or lead an open ticket; a look into an index for each."""
    return [
        (row.center, row.department)
        for row in tx.rows(
            f"WITH RECURSIVE {_each('assignments', 'department', OPEN)}, {_each('tickets', 'lead', _LED)}"
            " SELECT * FROM each_department UNION SELECT * FROM each_lead"
        )
    ]


def _each(table: str, column: str, condition: str) -> str:
    """The different values of a column, skipping from one to the next along an index."""
    found = f"SELECT center, {column} FROM {table} WHERE {condition}"
    order = f"ORDER BY center, {column} LIMIT 1"
    return (
        f"each_{column} (center, department) AS (({found} {order}) UNION ALL"
        f" SELECT following.* FROM each_{column} AS last CROSS JOIN LATERAL"
        f" ({found} AND (center, {column}) > (last.center, last.department) {order}) AS following)"
    )


def update(tx: Transaction, assignment_id: UUID, **columns: Any) -> None:
    """Change these columns of an assignment."""
    changes = ", ".join(f"{name} = %({name})s" for name in columns)
    tx.execute(f"UPDATE assignments SET {changes} WHERE id = %(id)s", id=assignment_id, **columns)


def set_replaced(tx: Transaction, assignments: Sequence[Assignment]) -> None:
    """These departments are no longer asked."""
    ids = [each.id for each in assignments]
    tx.execute(
        "UPDATE assignments SET state = 'replaced', replaced_at = %(now)s WHERE id = ANY(%(ids)s)", ids=ids, now=tx.now
    )


def set_final(tx: Transaction, assignments: Sequence[Assignment]) -> None:
    """These can no longer be returned."""
    ids = [each.id for each in assignments]
    tx.execute("UPDATE assignments SET final = true WHERE id = ANY(%(ids)s)", ids=ids)


def refresh_next_due(tx: Transaction, ticket_ids: Iterable[UUID]) -> None:
    """Deadlines of these tickets, which are locked, were started, moved or stopped."""
    tx.execute(
        f"UPDATE assignments a SET next_due_at = {NEXT_DUE}"
        f" WHERE a.ticket_id = ANY(%(ids)s) AND a.{OPEN} AND a.next_due_at <> {NEXT_DUE}",
        ids=list(set(ticket_ids)),
    )
