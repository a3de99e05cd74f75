"""How a department goes about its assignment: it reports progress, and one liaison hands it over to another (B角).

Neither moves a deadline: a promise is kept by what is done, not by who does it or how it is going.
"""

from uuid import UUID

from schemas.events.assignments import AssignmentHandedOver, ProgressReported
from services.access import centers
from services.plumbing.database.transaction import new_id
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.actions.departments import lock_own
from services.routing.rules import events
from services.routing.rules.progress import ensure_may_hand_over, ensure_may_report_progress
from services.routing.store.timeline import record_and_announce


def report_progress(call: Call, assignment_id: UUID) -> None:
    """The department says how far it has come."""
    tx, by = call.tx, call.actor.staff
    ticket, assignment = lock_own(call, assignment_id)
    ensure_may_report_progress(assignment)
    progress = call.body.progress
    store.assignments.update(tx, assignment.id, progress=progress, progress_at=tx.now, progress_by=by)
    record_and_announce(
        tx,
        ProgressReported(
            center=ticket.center,
            ticket_id=ticket.id,
            assignment_id=assignment.id,
            department=assignment.department,
            progress=progress,
            reported_by=by,
            reported_at=tx.now,
        ),
    )


def hand_over(call: Call, assignment_id: UUID) -> None:
    """Another liaison of the department handles it from now on, and is notified."""
    tx, body = call.tx, call.body
    ticket, assignment = lock_own(call, assignment_id)
    department = centers.current(tx, ticket.center).departments.get(assignment.department)
    ensure_may_hand_over(
        assignment, department.liaisons if department else (), store.assignments.handler(tx, assignment.id), body.to
    )
    store.assignments.update(tx, assignment.id, handled_by=body.to)
    record_and_announce(
        tx,
        AssignmentHandedOver(
            center=ticket.center,
            ticket_id=ticket.id,
            assignment_id=assignment.id,
            department=assignment.department,
            handed_to=body.to,
            why=body.why,
            handed_over_by=call.actor.staff,
            handed_over_at=tx.now,
        ),
    )
    tx.announce(events.notice(ticket, new_id(), [body.to], events.HANDED_OVER, tx.now))
