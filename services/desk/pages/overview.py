"""What a department head, the director and the supervisor look at: what was escalated, and that they know of it."""

from typing import Any

from flask import Blueprint, g, redirect, request

from services.desk.pages.guard import for_staff, way_back
from services.desk.pages.tickets import READERS

pages = Blueprint("overview", __name__)


@pages.post("/escalations/<uuid:escalation_id>/acknowledge")
@for_staff(*READERS)
def acknowledge(escalation_id: Any) -> Any:
    """Who was told of it knows of it; back to the page on which the button stands."""
    g.person.post("routing", f"/escalations/{escalation_id}/acknowledge", key=request.form.get("key"))
    return redirect(way_back(), code=303)
