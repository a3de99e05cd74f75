"""The wall board: numbers only, nothing of any person, to be read across a hall."""

from collections import Counter
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, render_template

from schemas.enums import PROMISES, Light, Role
from services.calendar.calendar import work_calendar
from services.desk.pages.guard import for_staff, is_fragment

pages = Blueprint("board", __name__)


@pages.get("/board")
@for_staff(Role.CLERK, Role.LIAISON, Role.DUTY_LEADER, Role.DIRECTOR, Role.OPS)
def show() -> Any:
    """Open promises by light and department, the oldest that is broken, and the next working days."""
    board = g.person.get("deadline_watch", "/board")
    promises = [row for row in board["rows"] if row["kind"] in PROMISES]
    lights: Counter[str] = Counter()
    departments: dict[str, Counter[str]] = {}
    for row in promises:
        lights[row["light"]] += row["count"]
        departments.setdefault(row["department"] or "", Counter())[row["light"]] += row["count"]
    ordered = sorted(departments.items(), key=lambda each: [-each[1][light] for light in ("red", "yellow", "green")])
    broken = g.person.get("deadline_watch", "/deadlines", light=Light.RED, limit=50)["items"]
    oldest = next((each for each in broken if each["kind"] in PROMISES), None)
    calendar = work_calendar(g.center.calendar)
    today = calendar.local(g.now).date()
    days = [(day, calendar.is_open(day), calendar.reasons(day)) for day in (today + timedelta(n) for n in range(14))]
    return render_template(
        "board_body.html" if is_fragment() else "board.html",
        lights=lights,
        departments=ordered,
        oldest=oldest,
        days=days,
        now=calendar.local(g.now),
    )
