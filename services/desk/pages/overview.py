"""What a department head, the director and the supervisor look at: what was escalated, what is broken, what will be.

Nothing is signed or answered here: they acknowledge what was escalated to them, and call those who act.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, g, redirect, render_template, request

from schemas.enums import Role
from services.calendar.calendar import work_calendar
from services.desk.pages.board import departments_by_light
from services.desk.pages.guard import for_staff, is_fragment, way_back
from services.desk.pages.tickets import READERS
from services.desk.rules.working_days import end_of_week

pages = Blueprint("overview", __name__)

OVERSEERS = (Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.SUPERVISOR)
CENTER = (Role.DIRECTOR, Role.SUPERVISOR)
ROWS = 20
"""Of each part, on a page."""


@pages.get("/overview")
@for_staff(*OVERSEERS)
def show() -> Any:
    """One's own department, or for the director and the supervisor the whole center, or one department of it."""
    is_center, asked = g.person.has(*CENTER), request.args.get("department")
    mine: tuple[str, ...] = tuple(g.center.departments) if is_center else g.person.headed
    department = asked if asked in mine else None if is_center else mine[0]
    acting_for = None if is_center else department
    calendar = work_calendar(g.center.calendar)
    week_ends = end_of_week(calendar, g.now)

    def promises(part: str, since: datetime | None, until: datetime) -> Any:
        return g.person.get(
            "routing",
            "/promises",
            acting_for=acting_for,
            since=since and since.isoformat(),
            until=until.isoformat(),
            department=department,
            limit=ROWS,
            after=request.args.get(part),
        )

    def escalations(part: str, **which: str) -> Any:
        return g.person.get(
            "routing",
            "/escalations",
            acting_for=acting_for,
            unacknowledged="true",
            limit=ROWS,
            after=request.args.get(part),
            **which,
        )

    return render_template(
        "overview_body.html" if is_fragment() else "overview.html",
        department=department,
        departments=mine,
        is_center=is_center,
        to_me=escalations("to_me", mine="true"),
        to_others=escalations("to_others") if is_center else None,
        broken=promises("broken", None, g.now),
        this_week=promises("this_week", g.now, week_ends),
        by_department=departments_by_light(g.person.get("deadline_watch", "/board", acting_for=acting_for)["rows"]),
        week_ends=week_ends - timedelta(minutes=1),
        is_this_week=week_ends - g.now <= timedelta(days=7),
    )


@pages.post("/escalations/<uuid:escalation_id>/acknowledge")
@for_staff(*READERS)
def acknowledge(escalation_id: Any) -> Any:
    """Who was told of it knows of it; back to the page on which the button stands."""
    g.person.post("routing", f"/escalations/{escalation_id}/acknowledge", key=request.form.get("key"))
    return redirect(way_back(), code=303)
