"""The lead's work for the citizen: the special-topic report, the answer; and the end of the ticket."""

from uuid import UUID

from schemas.enums import Role
from schemas.errors import Forbidden, NotFound
from schemas.events.tickets import ReportFiled, TicketAnswered, TicketClosed
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.actions.assigning import complete_part
from services.routing.actions.distribution import end_assignments
from services.routing.rules.progress import assignment_of_lead, ensure_may_answer, ensure_may_close, ensure_may_report
from services.routing.rules.ticket import Assignment, Ticket
from services.routing.store.timeline import record_and_announce


def _held_by_lead(call: Call, ticket_id: UUID) -> tuple[Ticket, list[Assignment]]:
    """The ticket, held, with the parts of this round. Raises NotFound without a part in it, Forbidden but for the lead.

    The duty leader may speak in the lead's stead.
    """
    ticket = store.tickets.held_for(call.tx, ticket_id, call.actor.center)
    parts = store.assignments.of_round(call.tx, ticket)
    if call.actor.has(Role.DUTY_LEADER) or (ticket.lead and call.actor.department == ticket.lead):
        return ticket, parts
    if any(each.department == call.actor.department for each in parts):
        raise Forbidden("only the lead department answers and reports")
    raise NotFound("no such ticket")


def report(call: Call, ticket_id: UUID) -> None:
    """The special-topic report (专题报告) is filed, which completes the lead's part."""
    ticket, parts = _held_by_lead(call, ticket_id)
    ensure_may_report(ticket, parts)
    store.tickets.set_reported(call.tx, ticket.id, call.body.report)
    record_and_announce(
        call.tx,
        ReportFiled(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            department=ticket.lead or "",
            report=call.body.report,
            filed_by=call.actor.staff,
            filed_at=call.tx.now,
        ),
    )
    _complete_lead(call, ticket, parts, "The special-topic report was filed.")


def answer(call: Call, ticket_id: UUID) -> None:
    """The solution is fed back to the citizen; whoever still had a part has none any more."""
    ticket, parts = _held_by_lead(call, ticket_id)
    ensure_may_answer(ticket, parts)
    _complete_lead(call, ticket, parts, "The ticket was answered.")
    end_assignments(call.tx, ticket)
    store.tickets.set_answered(call.tx, ticket.id, call.body.answer)
    record_and_announce(
        call.tx,
        TicketAnswered(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            department=ticket.lead or "",
            answer=call.body.answer,
            answered_by=call.actor.staff,
            answered_at=call.tx.now,
        ),
    )


def _complete_lead(call: Call, ticket: Ticket, parts: list[Assignment], result: str) -> None:
    lead = assignment_of_lead(ticket, parts)
    if lead is not None and lead.is_open:
        complete_part(call.tx, ticket, lead, result, call.actor.staff)


def close(call: Call, ticket_id: UUID) -> None:
    """The ticket ends, with its outcome."""
    ticket = store.tickets.held_for(call.tx, ticket_id, call.actor.center)
    ensure_may_close(ticket)
    store.tickets.set_closed(call.tx, ticket.id, call.body.outcome)
    record_and_announce(
        call.tx,
        TicketClosed(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            outcome=call.body.outcome,
            closed_by=call.actor.staff,
            closed_at=call.tx.now,
        ),
    )
