"""What the other services announced about tickets, many at a time. An outdated event changes nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from schemas.enums import DeadlineKind
from schemas.events.assignments import AssignmentAccepted
from schemas.events.deadlines import DeadlineMoved, DeadlineResumed, DeadlineSet
from schemas.events.tickets import TicketReclassified, TicketRouted
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

DueTimeSet = DeadlineSet | DeadlineMoved | DeadlineResumed


def locked(tx: Transaction, ticket_ids: Iterable[UUID]) -> dict[UUID, Row]:
    """The tickets that are known, in the order of their ids so that two replicas cannot lock crosswise."""
    rows = tx.rows(
        "SELECT id, center, state, round, since, resume_state, applicant_kind, organisation, credit_code,"
        " encrypted_name, encrypted_phone, encrypted_id_number FROM tickets"
        " WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE",
        ids=list(set(ticket_ids)),
    )
    return {row.id: row for row in rows}


def keep_routes(tx: Transaction, events: Sequence[TicketRouted]) -> None:
    """Store who handles the tickets; a complex ticket never becomes ordinary again."""
    latest = {event.ticket_id: event for event in sorted(events, key=lambda event: event.routed_at)}
    tx.execute(
        "UPDATE tickets SET lead = event.lead, assisting = event.assisting, routed_at = event.routed_at,"
        " complexity = CASE tickets.complexity WHEN 'complex' THEN 'complex' ELSE event.complexity END"
        " FROM json_to_recordset(%(rows)s)"
        " AS event (ticket_id uuid, lead text, assisting text[], complexity text, routed_at timestamptz)"
        " WHERE tickets.id = event.ticket_id AND (tickets.routed_at < event.routed_at OR tickets.routed_at IS NULL)",
        rows=as_json_rows(list(latest.values())),
    )


def keep_acceptances(tx: Transaction, events: Sequence[AssignmentAccepted]) -> None:
    """Store when departments signed for tickets, in whichever order the events come."""
    latest = {(event.ticket_id, event.department): event for event in sorted(events, key=lambda each: each.accepted_at)}
    tx.execute(
        "INSERT INTO acceptances (ticket_id, department, accepted_at)"
        " SELECT ticket_id, department, accepted_at FROM json_populate_recordset(NULL::acceptances, %(rows)s)"
        " ON CONFLICT (ticket_id, department)"
        " DO UPDATE SET accepted_at = greatest(acceptances.accepted_at, excluded.accepted_at)",
        rows=as_json_rows(list(latest.values())),
    )


def accepted_at(tx: Transaction, ticket_id: UUID, department: str, since: datetime) -> datetime | None:
    """When the department signed for the ticket in the round that began at ``since``, None if it has not."""
    row = tx.row(
        "SELECT accepted_at FROM acceptances"
        " WHERE ticket_id = %(id)s AND department = %(department)s AND accepted_at >= %(since)s",
        id=ticket_id,
        department=department,
        since=since,
    )
    return row.accepted_at if row else None


def keep_complexity(tx: Transaction, events: Sequence[TicketReclassified]) -> None:
    """Store that ordinary tickets turned out to be complex."""
    latest = {event.ticket_id: event for event in events}
    tx.execute(
        "UPDATE tickets SET complexity = event.complexity FROM json_to_recordset(%(rows)s)"
        " AS event (ticket_id uuid, complexity text) WHERE tickets.id = event.ticket_id",
        rows=as_json_rows(list(latest.values())),
    )


def keep_answers(tx: Transaction, answers: Sequence[tuple[UUID, str, datetime]]) -> None:
    """Store the latest answer of each ticket: (ticket id, masked text, when)."""
    tx.execute(
        "UPDATE tickets SET answer = event.answer, answered_at = event.answered_at"
        " FROM json_to_recordset(%(rows)s) AS event (id uuid, answer text, answered_at timestamptz)"
        " WHERE tickets.id = event.id AND (tickets.answered_at < event.answered_at OR tickets.answered_at IS NULL)"
        " AND tickets.forgotten_at IS NULL",
        rows=as_json_rows([{"id": id_, "answer": answer, "answered_at": at} for id_, answer, at in answers]),
    )


def keep_promises(tx: Transaction, events: Sequence[DueTimeSet]) -> None:
    """Store when the tickets' promises are due. In a round the promise of a report replaces that of an answer."""
    in_order = sorted(events, key=lambda event: (event.round, event.kind is DeadlineKind.REPORT, event.revision))
    latest = {event.ticket_id: event for event in in_order}
    tx.execute(
        "UPDATE tickets SET due_at = event.due_at, due_round = event.round, due_is_report = event.kind = 'report',"
        " due_revision = event.revision FROM json_to_recordset(%(rows)s)"
        " AS event (ticket_id uuid, due_at timestamptz, round int, kind text, revision int)"
        " WHERE tickets.id = event.ticket_id"
        " AND (due_round, due_is_report, due_revision) < (event.round, event.kind = 'report', event.revision)",
        rows=as_json_rows(list(latest.values())),
    )
