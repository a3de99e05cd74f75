"""Who may report progress, and to whom an assignment may be handed over. Pure."""

from collections.abc import Collection

from schemas.errors import Conflict, Invalid
from services.routing.rules.assignments import ensure_may_complete
from services.routing.rules.ticket import Assignment


def ensure_may_report_progress(assignment: Assignment) -> None:
    """There is progress from the signature until the work is done, as long as it may be completed. Raises Conflict."""
    ensure_may_complete(assignment)


def ensure_may_hand_over(assignment: Assignment, liaisons: Collection[str], handled_by: str | None, to: str) -> None:
    """An open assignment goes to another liaison of the same department. Raises Conflict, Invalid."""
    if not assignment.is_open:
        raise Conflict(f"this assignment is {assignment.state} already")
    if to not in liaisons:
        raise Invalid("to", "Must be a liaison of the same department.")
    if to == handled_by:
        raise Conflict("this liaison handles it already")
