"""What is known of deadlines, and of the tickets whose deadlines reach a mark."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from schemas.enums import DeadlineKind, DeadlineState, TicketState
from services.plumbing.database.transaction import Transaction, as_json_rows
from services.routing.rules.deadlines import DeadlineEvent, unique_batches
from services.routing.rules.ladder import KnownDeadline, TicketFacts
from services.routing.rules.ticket import Promise, Ticket

_MERGE = """
INSERT INTO deadlines
    (deadline_id, ticket_id, kind, round, department, department_sequence, due_at, due_revision, revision, sequence,
    state)
SELECT deadline_id, ticket_id, kind, round, department, CASE WHEN department IS NULL THEN 0 ELSE sequence END,
    due_at, CASE WHEN due_at IS NULL THEN 0 ELSE revision END, revision, sequence, state
FROM json_populate_recordset(NULL::deadlines, %(changes)s)
ON CONFLICT (deadline_id) DO UPDATE SET
    department = CASE WHEN excluded.department_sequence > deadlines.department_sequence
        THEN excluded.department ELSE deadlines.department END,
    department_sequence = greatest(excluded.department_sequence, deadlines.department_sequence),
    due_at = CASE WHEN excluded.due_at IS NOT NULL AND excluded.due_revision >= deadlines.due_revision
        THEN excluded.due_at ELSE deadlines.due_at END,
    due_revision = greatest(excluded.due_revision, deadlines.due_revision),
    revision = greatest(excluded.revision, deadlines.revision),
    sequence = greatest(excluded.sequence, deadlines.sequence),
    state = CASE WHEN excluded.sequence > deadlines.sequence THEN excluded.state ELSE deadlines.state END
RETURNING deadline_id, revision, state, due_at
"""


def merge(tx: Transaction, events: Iterable[DeadlineEvent]) -> dict[UUID, KnownDeadline]:
    """Remember what was announced; what is now known of these deadlines. The same in whatever order events arrive."""
    known = {}
    for batch in unique_batches(events):
        for row in tx.rows(_MERGE, changes=as_json_rows(batch)):
            known[row.deadline_id] = KnownDeadline(row.revision, DeadlineState(row.state), row.due_at)
    return known


def promise_of(tx: Transaction, ticket: Ticket) -> Promise | None:
    """The deadline of what the citizen is promised in this round; None if it is not known yet."""
    row = tx.row(
        "SELECT kind, state, due_at FROM deadlines WHERE ticket_id = %(id)s AND round = %(round)s AND kind = %(kind)s"
        " AND state <> 'cancelled' AND due_at IS NOT NULL",
        id=ticket.id,
        round=ticket.round,
        kind=DeadlineKind.REPORT if ticket.is_complex else DeadlineKind.ANSWER,
    )
    return Promise(DeadlineKind(row.kind), DeadlineState(row.state), row.due_at) if row else None


def facts_of(tx: Transaction, ticket_ids: Collection[UUID]) -> dict[UUID, TicketFacts]:
    """What the ladder must know of these tickets; those that are unknown here are left out."""
    rows = tx.rows(
        "SELECT id, first_responsible, state, round, answered_at, reported_at, extended_at, complex_since, ended_at,"
        " CASE WHEN awaiting_materials THEN materials_at END AS awaiting_since,"
        " (SELECT max(ended_at) FROM arbitrations"
        " WHERE ticket_id = tickets.id AND arbitrations.round = tickets.round) AS decided_at"
        " FROM tickets WHERE id = ANY(%(ids)s)",
        ids=list(ticket_ids),
    )
    departments, signed = _assignments_of(tx, {row.id: row.round for row in rows})
    return {
        row.id: TicketFacts(
            row.first_responsible,
            TicketState(row.state),
            row.round,
            row.answered_at,
            row.reported_at,
            tuple(departments[row.id]),
            signed[row.id],
            row.decided_at,
            row.extended_at,
            row.complex_since,
            row.awaiting_since,
            row.ended_at,
        )
        for row in rows
    }


def _assignments_of(
    tx: Transaction, rounds: Mapping[UUID, int]
) -> tuple[dict[UUID, list[str]], dict[UUID, dict[str, datetime]]]:
    """Of each ticket's round the departments with open assignments, the lead first, and since when a department need
    not sign any more: it has, or its assignment was returned or replaced.
    """
    departments: dict[UUID, list[str]] = defaultdict(list)
    signed: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    for row in tx.rows(
        "SELECT ticket_id, round, department, role, state IN ('made', 'accepted') AS is_open,"
        " coalesce(accepted_at, returned_at, replaced_at) AS signed_at"
        " FROM assignments WHERE ticket_id = ANY(%(ids)s) ORDER BY id",
        ids=list(rounds),
    ):
        if row.round != rounds[row.ticket_id]:
            continue
        if row.is_open:
            departments[row.ticket_id].insert(
                0 if row.role == "lead" else len(departments[row.ticket_id]), row.department
            )
        if row.signed_at:
            signed[row.ticket_id][row.department] = row.signed_at
        else:
            signed[row.ticket_id].pop(row.department, None)
    return departments, signed
