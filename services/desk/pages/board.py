"""The wall board: numbers only, nothing of any person, to be read across a hall."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, render_template

from schemas.enums import PROMISES, Role
from services.calendar.calendar import work_calendar
from services.desk.pages.guard import for_staff, is_fragment
from services.desk.rules.working_days import working_days

pages = Blueprint("board", __name__)

SHOWN = 8
"""How many departments fit onto the screen; the others are one line."""


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
    """Open promises by light and department, what breaks today, why tickets came here, and the working-day clock."""
    board = g.person.get("deadline_watch", "/board")
    departments = departments_by_light(board["rows"])
    calendar = work_calendar(g.center.calendar)
    return render_template(
        "board_body.html" if is_fragment() else "board.html",
        board=board,
        lights=sum((counts for _name, counts in departments), Counter[str]()),
        departments=departments[:SHOWN],
        others=sum((counts for _name, counts in departments[SHOWN:]), Counter[str]()),
        causes=g.person.get("routing", "/board")["rows"],
        days=working_days(calendar, g.now),
        now=calendar.local(g.now),
    )
