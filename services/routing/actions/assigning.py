"""What a department's liaison does with its part: signs for it, sends it back, completes it.

Whoever comes second of two at once finds the ticket held, and then the first one's doing: one legal outcome.
"""

from uuid import UUID

from schemas.center.center import Center
from schemas.enums import ArbitrationReason, DepartmentRole
from schemas.events.assignments import AssignmentAccepted, AssignmentCompleted, AssignmentReturned
from schemas.requests.routing import ReturnAssignment
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.plumbing.security import centers
from services.routing import store
from services.routing.actions.distribution import distribute, put_on_docket
from services.routing.rules.assignments import ensure_may_accept, ensure_may_complete, ensure_may_return
from services.routing.rules.routing import after_return, ensure_may_suggest
from services.routing.rules.ticket import Assignment, Ticket
from services.routing.scope import liaison_scope
from services.routing.store.timeline import record_and_announce


def _held(call: Call, assignment_id: UUID) -> tuple[Ticket, Assignment]:
    """The own department's assignment and its ticket, held. Raises NotFound."""
    ticket_id = store.assignments.ticket_behind(call.tx, assignment_id, liaison_scope(call.actor))
    ticket = store.tickets.held_for(call.tx, ticket_id, call.actor.center)
    return ticket, store.assignments.get(call.tx, assignment_id)


def accept(call: Call, assignment_id: UUID) -> None:
    """The department signs for its part (签收)."""
    ticket, assignment = _held(call, assignment_id)
    ensure_may_accept(assignment)
    store.assignments.set_accepted(call.tx, assignment.id, call.actor.staff)
    record_and_announce(
        call.tx,
        AssignmentAccepted(
            center=ticket.center,
            ticket_id=ticket.id,
            assignment_id=assignment.id,
            department=assignment.department,
            accepted_by=call.actor.staff,
            accepted_at=call.tx.now,
        ),
    )


def complete(call: Call, assignment_id: UUID) -> None:
    """The department has done its part; an assisting one reports to the lead this way."""
    ticket, assignment = _held(call, assignment_id)
    ensure_may_complete(assignment)
    complete_part(call.tx, ticket, assignment, call.body.result, call.actor.staff)


def complete_part(tx: Transaction, ticket: Ticket, assignment: Assignment, result: str, by: str) -> None:
    """A part is done, with its result."""
    store.assignments.set_completed(tx, assignment.id, result, by)
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


def give_back(call: Call, assignment_id: UUID) -> None:
    """The department sends its part back: to the next department at first, to the duty leader after that."""
    tx = call.tx
    ticket, assignment = _held(call, assignment_id)
    center = centers.current(tx, ticket.center)
    ensure_may_return(assignment, center.returns, work_calendar(center.calendar), tx.now)
    body: ReturnAssignment = call.body
    store.assignments.set_returned(tx, assignment.id, body.reason, body.explanation, call.actor.staff)
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
    _route_anew(tx, center, ticket, assignment, body.suggest)


def _route_anew(tx: Transaction, center: Center, ticket: Ticket, returned: Assignment, suggested: str | None) -> None:
    """An assisting department is not replaced by a rule: the duty leader decides whether it is needed."""
    earlier = store.assignments.returns_of(tx, ticket.id)
    departments = {each.department for each in earlier}
    ensure_may_suggest(center, suggested, departments)
    decision = None
    if returned.role == DepartmentRole.LEAD and ticket.is_assigned:
        times = sum(each.role == DepartmentRole.LEAD for each in earlier)
        decision = after_return(center, ticket, returned=departments, lead_returns=times, suggested=suggested)
    if decision is None:
        put_on_docket(tx, center, ticket, ArbitrationReason.RETURNED)
    else:
        distribute(tx, center, ticket, decision)
