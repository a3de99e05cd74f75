"""What a department does about a ticket: signs for its assignment, returns or completes it; as the lead, reports and
answers.

Of two at once the second waits for the ticket's row, and then finds what the first has done: one legal outcome.
"""

from uuid import UUID

from schemas.enums import AssignmentState, DepartmentRole, Role, TicketState
from schemas.errors import Forbidden, NotFound
from schemas.events.assignments import AssignmentAccepted, AssignmentCompleted, AssignmentReturned
from schemas.events.tickets import ReportFiled, TicketAnswered
from schemas.reasons import ArbitrationReason
from schemas.requests.assignments import ReturnAssignment
from services.access import centers
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.actions.distribution import distribute, end_assignments, put_on_docket
from services.routing.rules import assignments as rules
from services.routing.rules.routing import after_return, ensure_may_suggest
from services.routing.rules.ticket import Assignment, Scope, Ticket
from services.routing.store.timeline import record_and_announce


def lock_own(call: Call, assignment_id: UUID) -> tuple[Ticket, Assignment]:
    """The own department's assignment and its ticket, locked. Raises NotFound.

    Also for a liaison who is a clerk as well: one signs for one's own department.
    """
    scope = Scope(call.actor.center, call.actor.department or "")
    ticket_id = store.assignments.ticket_behind(call.tx, assignment_id, scope)
    ticket = store.tickets.lock(call.tx, ticket_id, call.actor.center)
    return ticket, store.assignments.get(call.tx, assignment_id)


def accept(call: Call, assignment_id: UUID) -> None:
    """The department signs for its assignment (签收)."""
    ticket, assignment = lock_own(call, assignment_id)
    rules.ensure_may_accept(assignment)
    by, now = call.actor.staff, call.tx.now
    accepted = {"state": AssignmentState.ACCEPTED, "accepted_at": now, "accepted_by": by, "handled_by": by}
    store.assignments.update(call.tx, assignment.id, **accepted)
    record_and_announce(
        call.tx,
        AssignmentAccepted(
            center=ticket.center,
            ticket_id=ticket.id,
            assignment_id=assignment.id,
            department=assignment.department,
            accepted_by=by,
            accepted_at=now,
        ),
    )


def complete(call: Call, assignment_id: UUID) -> None:
    """The department has done its work; an assisting one reports to the lead this way."""
    ticket, assignment = lock_own(call, assignment_id)
    rules.ensure_may_complete(assignment)
    _complete(call.tx, ticket, assignment, call.body.result, call.actor.staff)


def _complete(tx: Transaction, ticket: Ticket, assignment: Assignment, result: str, by: str) -> None:
    store.assignments.update(
        tx, assignment.id, state=AssignmentState.COMPLETED, completed_at=tx.now, completed_by=by, result=result
    )
    record_and_announce(
        tx,
        AssignmentCompleted(
            center=ticket.center,
            ticket_id=ticket.id,
            assignment_id=assignment.id,
            department=assignment.department,
            result=result,
            completed_by=by,
            completed_at=tx.now,
        ),
    )


def return_assignment(call: Call, assignment_id: UUID) -> None:
    """The department returns its assignment: the next rule's department gets it, or the duty leader decides.

    An assisting department is not replaced by a rule: the duty leader decides whether it is needed.
    """
    tx = call.tx
    ticket, assignment = lock_own(call, assignment_id)
    center = centers.current(tx, ticket.center)
    rules.ensure_may_return(assignment, center.returns, work_calendar(center.calendar), tx.now)
    body: ReturnAssignment = call.body
    store.assignments.update(
        tx,
        assignment.id,
        state=AssignmentState.RETURNED,
        returned_at=tx.now,
        returned_by=call.actor.staff,
        reason=body.reason,
        explanation=body.explanation,
    )
    record_and_announce(
        tx,
        AssignmentReturned(
            center=ticket.center,
            ticket_id=ticket.id,
            assignment_id=assignment.id,
            department=assignment.department,
            reason=body.reason,
            explanation=body.explanation,
            returned_by=call.actor.staff,
            returned_at=tx.now,
        ),
    )
    earlier = store.assignments.returns_of(tx, ticket.id)
    returned = {each.department for each in earlier}
    ensure_may_suggest(center, body.suggest, returned)
    decision = None
    if assignment.role == DepartmentRole.LEAD and ticket.is_assigned:
        times = sum(each.role == DepartmentRole.LEAD for each in earlier)
        decision = after_return(center, ticket, returned=returned, lead_returns=times, suggested=body.suggest)
    if decision is None:
        put_on_docket(tx, {center.code: center}, [ticket], ArbitrationReason.RETURNED)
    else:
        distribute(tx, center, ticket, decision)


def ensure_of_lead(call: Call, ticket: Ticket, assignments: list[Assignment]) -> None:
    """Only the lead department speaks for the ticket. Raises Forbidden for an assisting one, NotFound for others."""
    if ticket.lead and call.actor.department == ticket.lead:
        return
    if any(each.department == call.actor.department for each in assignments):
        raise Forbidden("only the lead department answers, reports and asks for more time")
    raise NotFound("no such ticket")


def _lock_as_lead(call: Call, ticket_id: UUID) -> tuple[Ticket, list[Assignment]]:
    """The ticket, locked, with the assignments of this round. The duty leader may act in the lead's stead."""
    ticket = store.tickets.lock(call.tx, ticket_id, call.actor.center)
    assignments = store.assignments.of_round(call.tx, ticket)
    if not call.actor.has(Role.DUTY_LEADER):
        ensure_of_lead(call, ticket, assignments)
    return ticket, assignments


def _complete_lead(call: Call, ticket: Ticket, assignments: list[Assignment], result: str) -> None:
    lead = rules.assignment_of_lead(ticket, assignments)
    if lead is not None and lead.is_open:
        _complete(call.tx, ticket, lead, result, call.actor.staff)


def report(call: Call, ticket_id: UUID) -> None:
    """The special-topic report (专题报告) is filed, which completes the lead's assignment."""
    ticket, assignments = _lock_as_lead(call, ticket_id)
    rules.ensure_may_report(ticket, assignments)
    store.tickets.update(call.tx, ticket.id, report=call.body.report, reported_at=call.tx.now)
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
    _complete_lead(call, ticket, assignments, "The special-topic report was filed.")


def answer(call: Call, ticket_id: UUID) -> None:
    """The solution is fed back to the citizen; whoever still had an assignment has none any more."""
    ticket, assignments = _lock_as_lead(call, ticket_id)
    rules.ensure_may_answer(ticket, assignments)
    _complete_lead(call, ticket, assignments, "The ticket was answered.")
    end_assignments(call.tx, ticket)
    now, text = call.tx.now, call.body.answer
    store.tickets.update(call.tx, ticket.id, state=TicketState.ANSWERED, answer=text, answered_at=now)
    record_and_announce(
        call.tx,
        TicketAnswered(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            department=ticket.lead or "",
            answer=text,
            answered_by=call.actor.staff,
            answered_at=now,
        ),
    )
