"""What a department may do with its part of a ticket, and who keeps a part when the ticket is routed anew. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from schemas.center.center import ReturnRule
from schemas.enums import AssignmentState, DepartmentRole
from schemas.errors import Conflict
from services.calendar.calendar import WorkCalendar
from services.routing.rules.ticket import Assignment


class Redistribution(NamedTuple):
    """Who loses a part, who keeps it, and which departments get one in which role."""

    replaced: tuple[Assignment, ...]
    kept: tuple[Assignment, ...]
    made: tuple[tuple[str, DepartmentRole], ...]


def ensure_may_accept(assignment: Assignment) -> None:
    """An assignment is signed for once. Raises Conflict."""
    if assignment.state != AssignmentState.MADE:
        raise Conflict(f"this assignment is {assignment.state} already")


def ensure_may_complete(assignment: Assignment) -> None:
    """What was signed for can be completed. Raises Conflict."""
    if assignment.state == AssignmentState.MADE:
        raise Conflict("sign for the assignment first")
    if assignment.state != AssignmentState.ACCEPTED:
        raise Conflict(f"this assignment is {assignment.state} already")


def ensure_may_return(assignment: Assignment, rule: ReturnRule, calendar: WorkCalendar, now: datetime) -> None:
    """An open assignment can be sent back within the working days that the center allows. Raises Conflict.

    What the duty leader decided is final.
    """
    if not assignment.is_open:
        raise Conflict(f"this assignment is {assignment.state} already")
    if assignment.final:
        raise Conflict("the duty leader decided this; the decision is final")
    until = return_until(assignment, rule, calendar)
    if now > until:
        raise Conflict(f"it could be returned until {until:%Y-%m-%d %H:%M}")


def return_until(assignment: Assignment, rule: ReturnRule, calendar: WorkCalendar) -> datetime:
    """The last moment at which the department may send it back: close of business of the last day allowed."""
    return calendar.due_days(assignment.made_at, rule.within_working_days).due_at


def redistribute(standing: Sequence[Assignment], lead: str, assisting: Sequence[str]) -> Redistribution:
    """From who has a part now to who shall have one. In another role it is another part: replaced and made anew."""
    wanted = {lead: DepartmentRole.LEAD} | dict.fromkeys(assisting, DepartmentRole.ASSISTING)
    kept = tuple(each for each in standing if each.stands and wanted.get(each.department) == each.role)
    replaced = tuple(each for each in standing if each.stands and each not in kept and not _is_done(each, wanted))
    have = {each.department for each in kept}
    return Redistribution(replaced, kept, tuple(part for part in wanted.items() if part[0] not in have))


def _is_done(assignment: Assignment, wanted: dict[str, DepartmentRole]) -> bool:
    """A completed part of a department that is not asked any more stays what it was: work that was done."""
    return assignment.state == AssignmentState.COMPLETED and assignment.department not in wanted
