"""What departments may do with their assignments and as the lead, and who keeps one when a ticket is routed anew.

Pure. What may not be done raises Conflict, with the reason.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.center.center import ReturnRule
from schemas.enums import AssignmentState, DepartmentRole, TicketState
from schemas.errors import Conflict
from services.calendar.calendar import WorkCalendar
from services.routing.rules.ticket import Assignment, Ticket


class Redistribution(NamedTuple):
    """Who loses an assignment, who keeps it, and which departments get one in which role."""

    replaced: tuple[Assignment, ...]
    kept: tuple[Assignment, ...]
    made: tuple[tuple[str, DepartmentRole], ...]


def ensure_may_accept(assignment: Assignment) -> None:
    """An assignment is signed for once."""
    if assignment.state != AssignmentState.MADE:
        raise Conflict(f"this assignment is {assignment.state} already")


def ensure_may_complete(assignment: Assignment) -> None:
    """What was signed for can be completed."""
    if assignment.state == AssignmentState.MADE:
        raise Conflict("sign for the assignment first")
    if assignment.state != AssignmentState.ACCEPTED:
        raise Conflict(f"this assignment is {assignment.state} already")


def ensure_may_return(assignment: Assignment, rule: ReturnRule, calendar: WorkCalendar, now: datetime) -> None:
    """An open assignment can be returned within the working days that the center allows.

    What the duty leader decided is final.
    """
    if not assignment.is_open:
        raise Conflict(f"this assignment is {assignment.state} already")
    if assignment.final:
        raise Conflict("the duty leader decided this; the decision is final")
    # Close of business of the last day on which the department may.
    until = calendar.due_days(assignment.made_at, rule.within_working_days).due_at
    if now > until:
        raise Conflict(f"it could be returned until {until:%Y-%m-%d %H:%M}")


def redistribute(current: Sequence[Assignment], lead: str, assisting: Sequence[str]) -> Redistribution:
    """From who has an assignment now to who shall have one. Another role is another assignment: replaced, made anew.

    A completed one of a department that is not asked any more stays what it was: work that was done.
    """
    wanted = {lead: DepartmentRole.LEAD} | dict.fromkeys(assisting, DepartmentRole.ASSISTING)
    kept = tuple(each for each in current if each.is_valid and wanted.get(each.department) == each.role)
    replaced = tuple(
        each
        for each in current
        if each.is_valid and each not in kept and (each.state != AssignmentState.COMPLETED or each.department in wanted)
    )
    have = {each.department for each in kept}
    return Redistribution(replaced, kept, tuple(new for new in wanted.items() if new[0] not in have))


def ensure_may_answer(ticket: Ticket, assignments: Sequence[Assignment]) -> None:
    """The lead has signed; a complex ticket also needs its report and every department's completed assignment."""
    _ensure_in_hand(ticket, assignments)
    if not ticket.is_complex:
        return
    if ticket.reported_at is None:
        raise Conflict("a complex ticket needs its special-topic report first")
    missing = sorted(each.department for each in assignments if each.is_open)
    if missing:
        raise Conflict(f"these departments have not completed their assignments: {', '.join(missing)}")


def ensure_may_report(ticket: Ticket, assignments: Sequence[Assignment]) -> None:
    """A complex ticket gets one special-topic report a round, once the lead has signed."""
    _ensure_in_hand(ticket, assignments)
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
    """The lead's assignment, None while nobody leads. Beside it a former lead may have a completed one."""
    of_lead = (each for each in assignments if each.is_valid and each.department == ticket.lead)
    return next((each for each in of_lead if each.role == DepartmentRole.LEAD), None)


def _ensure_in_hand(ticket: Ticket, assignments: Sequence[Assignment]) -> None:
    ensure_open(ticket)
    if ticket.state != TicketState.ASSIGNED:
        raise Conflict("the duty leader has still to decide who handles this ticket")
    lead = assignment_of_lead(ticket, assignments)
    if lead is None or lead.state not in (AssignmentState.ACCEPTED, AssignmentState.COMPLETED):
        raise Conflict("the lead department has not signed for this ticket")
