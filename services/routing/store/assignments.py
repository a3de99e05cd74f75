"""Departments' parts of tickets. Changed only while the ticket's row is held."""

from collections.abc import Sequence
from uuid import UUID

from schemas.enums import AssignmentState, DepartmentRole, ReturnReason
from schemas.errors import NotFound
from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.routing.rules.ticket import Assignment, Scope, Ticket
from services.routing.store.due import NEXT_DUE, OPEN

_ASSIGNMENT = "id, ticket_id, round, department, role, state, final, made_at"


_LED = "state = 'assigned'"


def assignment_of(row: Row) -> Assignment:
    """A row of the columns above as the rules look at it."""
    return Assignment(*row)._replace(role=DepartmentRole(row.role), state=AssignmentState(row.state))


def insert(tx: Transaction, parts: Sequence[tuple[Ticket, Assignment]]) -> None:
    """Give departments their parts in these tickets."""
    tx.execute(
        f"INSERT INTO assignments ({_ASSIGNMENT}, center, next_due_at) SELECT {_ASSIGNMENT}, center, {NEXT_DUE}"
        " FROM json_populate_recordset(NULL::assignments, %(rows)s) AS a",
        rows=as_json_rows([part._asdict() | {"center": ticket.center} for ticket, part in parts]),
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
    """One part, as it is now that its ticket is held."""
    (row,) = tx.rows(f"SELECT {_ASSIGNMENT} FROM assignments WHERE id = %(id)s", id=assignment_id)
    return assignment_of(row)


def of_round(tx: Transaction, ticket: Ticket) -> list[Assignment]:
    """All parts of the present round, ended ones too, oldest first."""
    rows = tx.rows(
        f"SELECT {_ASSIGNMENT} FROM assignments WHERE ticket_id = %(id)s AND round = %(round)s ORDER BY id",
        id=ticket.id,
        round=ticket.round,
    )
    return [assignment_of(row) for row in rows]


def returns_of(tx: Transaction, ticket_id: UUID) -> list[Assignment]:
    """The parts of the ticket that were sent back, in whichever round."""
    rows = tx.rows(
        f"SELECT {_ASSIGNMENT} FROM assignments WHERE ticket_id = %(id)s AND state = 'returned' ORDER BY id",
        id=ticket_id,
    )
    return [assignment_of(row) for row in rows]


def departments_at_work(tx: Transaction) -> list[tuple[str, str]]:
    """The (center, department) that have open parts or lead an open ticket; a look into an index for each."""
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


def set_accepted(tx: Transaction, assignment_id: UUID, by: str) -> None:
    """The department signed for it."""
    tx.execute(
        "UPDATE assignments SET state = 'accepted', accepted_at = %(now)s, accepted_by = %(by)s WHERE id = %(id)s",
        id=assignment_id,
        by=by,
        now=tx.now,
    )


def set_returned(tx: Transaction, assignment_id: UUID, reason: ReturnReason, explanation: str, by: str) -> None:
    """The department sent it back."""
    tx.execute(
        "UPDATE assignments SET state = 'returned', returned_at = %(now)s, returned_by = %(by)s, reason = %(reason)s,"
        " explanation = %(explanation)s WHERE id = %(id)s",
        id=assignment_id,
        reason=reason,
        explanation=explanation,
        by=by,
        now=tx.now,
    )


def set_completed(tx: Transaction, assignment_id: UUID, result: str, by: str) -> None:
    """The department did its part."""
    tx.execute(
        "UPDATE assignments SET state = 'completed', completed_at = %(now)s, completed_by = %(by)s, result = %(result)s"
        " WHERE id = %(id)s",
        id=assignment_id,
        result=result,
        by=by,
        now=tx.now,
    )


def set_replaced(tx: Transaction, assignments: Sequence[Assignment]) -> None:
    """These departments have no part any more."""
    ids = [each.id for each in assignments]
    tx.execute(
        "UPDATE assignments SET state = 'replaced', replaced_at = %(now)s WHERE id = ANY(%(ids)s)", ids=ids, now=tx.now
    )


def set_final(tx: Transaction, assignments: Sequence[Assignment]) -> None:
    """These parts can no longer be sent back."""
    ids = [each.id for each in assignments]
    tx.execute("UPDATE assignments SET final = true WHERE id = ANY(%(ids)s)", ids=ids)
