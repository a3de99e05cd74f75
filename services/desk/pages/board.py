"""The wall board: numbers only, nothing of any person, to be read across a hall."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, render_template

from schemas.enums import PROMISES, Light, Role
from services.calendar.calendar import work_calendar
from services.desk.pages.guard import for_staff, is_fragment

pages = Blueprint("board", __name__)


READERS = (
    Role.CLERK,
    Role.LIAISON,
    Role.DEPARTMENT_HEAD,
    Role.DUTY_LEADER,
    Role.DIRECTOR,
    Role.SUPERVISOR,
    Role.OPS,
)


def departments_by_light(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, Counter[str]]]:
    """How many open promises of each department show which light, those with most that are broken first."""
    departments: dict[str, Counter[str]] = {}
    for row in rows:
        if row["kind"] in PROMISES:
            departments.setdefault(row["department"] or "", Counter())[row["light"]] += row["count"]
    return sorted(departments.items(), key=lambda each: [-each[1][light] for light in ("red", "yellow", "green")])


@pages.get("/board")
@for_staff(*READERS)
def show() -> Any:
    """Open promises by light and department, the oldest that is broken, and the next working days."""
    board = g.person.get("deadline_watch", "/board")
    ordered = departments_by_light(board["rows"])
    lights: Counter[str] = sum((counts for _name, counts in ordered), Counter())
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
