"""When a ticket may be answered, reported on and closed. Pure; what may not be raises Conflict, with the reason."""

from collections.abc import Sequence

from schemas.enums import AssignmentState, DepartmentRole, TicketState
from schemas.errors import Conflict
from services.routing.rules.ticket import Assignment, Ticket

_SIGNED = (AssignmentState.ACCEPTED, AssignmentState.COMPLETED)


def ensure_may_answer(ticket: Ticket, assignments: Sequence[Assignment]) -> None:
    """The lead has signed; a complex ticket also needs its report and every department's part."""
    _is_in_hand(ticket, assignments)
    if not ticket.is_complex:
        return
    if ticket.reported_at is None:
        raise Conflict("a complex ticket needs its special-topic report first")
    missing = sorted(each.department for each in assignments if each.is_open)
    if missing:
        raise Conflict(f"these departments have not completed their parts: {', '.join(missing)}")


def ensure_may_report(ticket: Ticket, assignments: Sequence[Assignment]) -> None:
    """A complex ticket gets one special-topic report a round, once the lead has signed."""
    _is_in_hand(ticket, assignments)
    if not ticket.is_complex:
        raise Conflict("an ordinary ticket is answered without a report; reclassify it if it is complex")
    if ticket.reported_at is not None:
        raise Conflict("the report was filed already")


def ensure_may_close(ticket: Ticket) -> None:
    """What was answered can be closed."""
    if ticket.state != TicketState.ANSWERED:
        raise Conflict(f"only an answered ticket is closed; this one is {ticket.state}")


def ensure_open(ticket: Ticket) -> None:
    """Nothing is decided about a ticket that has ended or was answered."""
    if not ticket.is_open:
        raise Conflict(f"this ticket is {ticket.state} already")


def assignment_of_lead(ticket: Ticket, assignments: Sequence[Assignment]) -> Assignment | None:
    """The lead's part, None while nobody leads. A department that led before may have a completed one beside it."""
    parts = (each for each in assignments if each.stands and each.department == ticket.lead)
    return next((each for each in parts if each.role == DepartmentRole.LEAD), None)


def _is_in_hand(ticket: Ticket, assignments: Sequence[Assignment]) -> None:
    ensure_open(ticket)
    if ticket.state != TicketState.ASSIGNED:
        raise Conflict("the duty leader has still to decide who handles this ticket")
    lead = assignment_of_lead(ticket, assignments)
    if lead is None or lead.state not in _SIGNED:
        raise Conflict("the lead department has not signed for this ticket")
