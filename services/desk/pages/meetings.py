"""What several departments do together: joint meetings, and the signatures under a special-topic report."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request

from schemas.enums import Role
from services.calendar.calendar import work_calendar
from services.desk.pages.guard import for_staff, is_fragment, to_page, way_back

pages = Blueprint("meetings", __name__)

LEADERS = (Role.DUTY_LEADER, Role.DIRECTOR)
SHOWN = 20
"""How many of each part a page shows, what comes first first."""
INBOX_PARTS = {"meetings": "/meetings", "reports": "/reports/unsigned"}
PARTS = {"needed": "/meetings/needed", **INBOX_PARTS}
"""The parts of the inbox and of the docket that go on on pages of their own, and where routing lists them."""


def together(department: str | None = None) -> Any:
    """What lies beside the own work: on the docket for a leader, in the inbox for a liaison of ``department``."""
    return g.person.get("routing", "/together", acting_for=department, limit=SHOWN)


@pages.get("/inbox/together")
@for_staff(Role.LIAISON)
def inbox() -> Any:
    """That part of the inbox; one part of it with ``part``, and from ``after`` on."""
    asked = request.args.get("department")
    department = asked if asked in g.person.departments else g.person.departments[0]
    return _shown("inbox_together", INBOX_PARTS, department)


@pages.get("/docket/together")
@for_staff(*LEADERS)
def docket() -> Any:
    """That part of the docket; one part of it with ``part``, and from ``after`` on.

    A page by itself holds no more than the docket does: each row of what is needed carries the form of its meeting.
    """
    return _shown("docket_together", PARTS)


def _shown(template: str, parts: Mapping[str, str], department: str | None = None) -> Any:
    part, after = request.args.get("part"), request.args.get("after")
    if part is None:
        return render_template(f"{template}.html", department=department, together=together(department))
    if part not in parts:
        abort(404)
    page = g.person.get("routing", parts[part], acting_for=department, limit=SHOWN, after=after)
    whole = template if is_fragment() else f"{template}_page"
    return render_template(f"{whole}.html", department=department, together={part: page}, part=part, after=after)


@pages.post("/tickets/<uuid:ticket_id>/meetings")
@for_staff(*LEADERS)
def call_meeting(ticket_id: Any) -> Any:
    """Call the departments together."""
    body = {**_when_and_where(), "departments": request.form.getlist("departments")}
    g.person.post("routing", f"/tickets/{ticket_id}/meetings", body, key=request.form.get("key"))
    return _back(ticket_id)


@pages.post("/tickets/<uuid:ticket_id>/meetings/<uuid:meeting_id>/<any(move, cancel, hold):act>")
@for_staff(*LEADERS)
def change(ticket_id: Any, meeting_id: Any, act: str) -> Any:
    """Another time or place; or it does not take place; or what came of it."""
    form = request.form
    body: dict[str, Any] = {"why": form.get("why", "")}
    if act == "move":
        body |= _when_and_where()
    elif act == "hold":
        body = {"outcome": form.get("meeting_outcome", "")}
    g.person.post("routing", f"/meetings/{meeting_id}/{act}", body, key=form.get("key"))
    return _back(ticket_id)


@pages.post("/tickets/<uuid:ticket_id>/report/sign")
@for_staff(Role.LIAISON)
def sign_report(ticket_id: Any) -> Any:
    """Sign the report as a department that assists."""
    asked = request.values.get("department")
    department = asked if asked in g.person.departments else None
    g.person.post("routing", f"/tickets/{ticket_id}/report/sign", acting_for=department, key=request.form.get("key"))
    return _back(ticket_id)


def _when_and_where() -> dict[str, Any]:
    return {"meets_at": local_time(request.form.get("meets_at", "")), "place": request.form.get("place", "")}


def local_time(typed: str) -> str | None:
    """An instant that a form names, whose local time is the center's; what is none is left to the service to refuse."""
    with suppress(ValueError):
        typed = datetime.fromisoformat(typed).replace(tzinfo=work_calendar(g.center.calendar).zone).isoformat()
    return typed or None


def _back(ticket_id: Any) -> Any:
    return redirect(way_back(), 303) if "then" in request.form else to_page("tickets.show", ticket_id=ticket_id)
