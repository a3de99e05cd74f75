"""Whether to trust what is suggested, and which rules to mend; each number of a rule opens its tickets."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, g, render_template, request

from schemas.enums import Role
from services.calendar.calendar import work_calendar
from services.desk.context import department_name
from services.desk.pages.figures import sent
from services.desk.pages.guard import for_staff
from services.desk.rules.figures import day_or, periods, rate
from services.files.cells import file_name
from services.files.csv_table import csv_table

pages = Blueprint("trust", __name__)

READERS = (Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.OPS)
BY_DEFAULT = timedelta(days=180)
"""Half a year, up to today."""
HITS = ("tickets", "suggested_first", "suggested_among", "ruled_first", "ruled_among", "shown", "shown_first")
RULES = ("routed", "overruled", "by_leader")


def asked_for() -> dict[str, date]:
    """The days that the address asks for."""
    until = day_or(request.args.get("until"), work_calendar(g.center.calendar).local(g.now).date())
    return {"since": day_or(request.args.get("since"), until - BY_DEFAULT), "until": until}


def _ask(path: str, days: Mapping[str, date], **more: Any) -> Any:
    return g.person.get("knowledge", f"/suggestions/{path}", **{name: str(day) for name, day in days.items()}, **more)


@pages.get("/suggestions")
@for_staff(*READERS)
def show() -> Any:
    """How often suggestions were right, beside the rules alone, and the rules that were overruled."""
    days = asked_for()
    today = work_calendar(g.center.calendar).local(g.now).date()
    return render_template(
        "trust.html",
        days=days,
        view=_ask("hits", days),
        rules=_ask("rules", days)["items"],
        leads={rule.id: rule.lead for rule in g.center.rules},
        periods=periods(today),
        rate=rate,
    )


@pages.get("/suggestions/rules/<rule>")
@for_staff(*READERS)
def tickets(rule: str) -> Any:
    """The tickets in which a rule was overruled."""
    days = asked_for()
    page = _ask(f"rules/{rule}/tickets", days, after=request.args.get("after"))
    found = next((each for each in g.center.rules if each.id == rule), None)
    return render_template("trust_rule.html", days=days, page=page, rule=rule, found=found)


@pages.get("/suggestions/<name>.csv")
@for_staff(*READERS)
def table(name: str) -> Any:
    """Hit rates or rules as a table for a spreadsheet."""
    days, say = asked_for(), g.wording
    if name == "hits":
        view = _ask("hits", days)
        head = (say.say("Month"), say.say("Department"), *(say.code(f"trust_{each}") for each in HITS))
        every = [*view["by_month"], *view["by_department"], *filter(None, [view["total"]])]
        rows = [(row["month"], department_name(row["department"]), *(row[each] for each in HITS)) for row in every]
    elif name == "rules":
        head = (say.say("Rule"), *(say.code(f"trust_{each}") for each in RULES))
        rows = [(row["rule"], *(row[each] for each in RULES)) for row in _ask("rules", days)["items"]]
    else:
        abort(404)
    title = f"{say.code(f'trust_{name}')} {days['since']} {days['until']}"
    return sent(csv_table(head, rows), file_name(title, "csv"), "text/csv; charset=utf-8")
