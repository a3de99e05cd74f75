"""The year as the center counts it: working days, holidays, make-up days, and what is not announced yet."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.enums import Role
from services.calendar.calendar import work_calendar
from services.desk.backend import BackendAway
from services.desk.pages.guard import for_staff
from services.desk.rules.year import YEARS, months_of, special_days

pages = Blueprint("calendar", __name__)


@pages.get("/calendar")
@for_staff(Role.OPS, Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
def show() -> Any:
    """A year, by default this one, and the promises that depend on days of which nothing is announced yet."""
    calendar = work_calendar(g.center.calendar)
    today = calendar.local(g.now).date()
    year = request.args.get("year", today.year, type=int)
    year = min(max(year, YEARS[0]), YEARS[-1])
    try:
        page = g.person.get("deadline_watch", "/deadlines/provisional", limit=50, after=request.args.get("after"))
    except BackendAway:
        page = None
    return render_template(
        "calendar.html",
        year=year,
        years=YEARS,
        today=today,
        months=list(months_of(year, calendar)),
        special=list(special_days(year, calendar)),
        announced_through=calendar.announced_through,
        weekdays=[date(2001, 1, 1) + timedelta(days=n) for n in range(7)],
        page=page,
    )
