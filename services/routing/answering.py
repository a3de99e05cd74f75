"""The lead's work for the citizen: the special-topic report, the answer; and the end of the ticket."""

from uuid import UUID

from schemas.refusals import Forbidden, NotFound
from schemas.tickets import ReportFiled, TicketAnswered, TicketClosed
from schemas.words import Role
from services.plumbing.http_company import Call
from services.routing import store, store_assignments
from services.routing.assigning import complete_part
from services.routing.distribution import end_parts
from services.routing.progress import may_answer, may_close, may_report, part_of_lead
from services.routing.store_timeline import tell
from services.routing.ticket import Assignment, Ticket


def _held_by_lead(call: Call, ticket_id: UUID) -> tuple[Ticket, list[Assignment]]:
    """The ticket, held, with the parts of this round. Raises NotFound without a part in it, Forbidden but for the lead.

    The duty leader may speak in the lead's stead.
    """
    ticket = store.held_for(call.tx, ticket_id, call.actor.center)
    parts = store_assignments.of_round(call.tx, ticket)
    if call.actor.has(Role.DUTY_LEADER) or (ticket.lead and call.actor.department == ticket.lead):
        return ticket, parts
    if any(each.department == call.actor.department for each in parts):
        raise Forbidden("only the lead department answers and reports")
    raise NotFound("no such ticket")


def report(call: Call, ticket_id: UUID) -> None:
    """The special-topic report (专题报告) is filed, which completes the lead's part."""
    ticket, parts = _held_by_lead(call, ticket_id)
    may_report(ticket, parts)
    store.set_reported(call.tx, ticket.id, call.body.report)
    tell(
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
    may_answer(ticket, parts)
    _complete_lead(call, ticket, parts, "The ticket was answered.")
    end_parts(call.tx, ticket)
    store.set_answered(call.tx, ticket.id, call.body.answer)
    tell(
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
    lead = part_of_lead(ticket, parts)
    if lead is not None and lead.is_open:
        complete_part(call.tx, ticket, lead, result, call.actor.staff)


def close(call: Call, ticket_id: UUID) -> None:
    """The ticket ends, with its outcome."""
    ticket = store.held_for(call.tx, ticket_id, call.actor.center)
    may_close(ticket)
    store.set_closed(call.tx, ticket.id, call.body.outcome)
    tell(
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
