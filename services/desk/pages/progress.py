"""How a liaison goes about an assignment: progress is reported, and the B-role takes over."""

from typing import Any

from flask import Blueprint, g, request

from schemas.enums import Role
from services.desk.pages.guard import for_staff, to_page

pages = Blueprint("progress", __name__)


def _act(ticket: Any, path: str, body: dict[str, Any]) -> Any:
    department = request.values.get("department")
    acting_for = department if department in g.person.departments else None
    g.person.post("routing", path, body, acting_for=acting_for, key=request.form.get("key"))
    return to_page("tickets.show", ticket_id=ticket, department=acting_for)


@pages.post("/tickets/<uuid:ticket>/assignments/<uuid:assignment>/progress")
@for_staff(Role.LIAISON)
def report_progress(ticket: Any, assignment: Any) -> Any:
    """Say how far the department has come."""
    return _act(ticket, f"/assignments/{assignment}/progress", {"progress": request.form.get("progress", "")})


@pages.post("/tickets/<uuid:ticket>/assignments/<uuid:assignment>/hand-over")
@for_staff(Role.LIAISON)
def hand_over(ticket: Any, assignment: Any) -> Any:
    """Let another liaison of the department handle it."""
    body = {"to": request.form.get("to", ""), "why": request.form.get("handover_why", "")}
    return _act(ticket, f"/assignments/{assignment}/hand-over", body)
