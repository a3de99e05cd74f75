"""Figures over any days: what was promised, kept, returned, escalated, rated; each number opens its tickets."""

from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Blueprint, Response, abort, g, render_template, request

from schemas.enums import Role
from schemas.figures import Figure, Grouping
from services.calendar.calendar import work_calendar
from services.desk.pages.guard import for_staff
from services.desk.rules import figures as rules
from services.desk.rules.time_left import working_day
from services.files.cells import file_name
from services.files.csv_table import csv_table

pages = Blueprint("figures", __name__)

READERS = (Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.DEPARTMENT_HEAD)
CENTER = READERS[:3]
BY_DEFAULT = timedelta(days=27)
"""Four weeks, up to today."""


class Asked(NamedTuple):
    """Which figures an address asks for."""

    since: date
    until: date
    by: Grouping
    department: str | None

    @property
    def query(self) -> dict[str, str | None]:
        """As an address names it."""
        return {name: None if value is None else str(value) for name, value in self._asdict().items()}


def asked_for() -> Asked:
    """What the address asks for; a head's own department where one is of no center-wide role."""
    today = work_calendar(g.center.calendar).local(g.now).date()
    until = rules.day_or(request.args.get("until"), today)
    since = rules.day_or(request.args.get("since"), until - BY_DEFAULT)
    by = request.args.get("by", "")
    department = request.args.get("department") or None
    if not g.person.has(*CENTER) and department not in g.person.headed:
        department = next(iter(g.person.headed), None)
    return Asked(since, until, Grouping(by) if by in set(Grouping) else Grouping.DEPARTMENT, department)


def ask(asked: Asked, path: str = "", **more: Any) -> Any:
    """Routing's figures, in the name of a department where one is its head alone."""
    acting_for = None if g.person.has(*CENTER) else asked.department
    return g.person.get("routing", f"/statistics{path}", acting_for=acting_for, **asked.query, **more)


def group_name(by: Grouping, group: str | None) -> str:
    """A group in words."""
    if group is None:
        return str(g.wording.code(f"without_{by}"))
    match by:
        case Grouping.DEPARTMENT:
            return g.center.departments[group].name if group in g.center.departments else group
        case Grouping.LEADER:
            return g.center.staff[group].name if group in g.center.staff else group
    return str(g.wording.code(group))


@pages.get("/figures")
@for_staff(*READERS)
def show() -> Any:
    """The figures of some days, with a plot of each by department, cause, channel or leader."""
    asked = asked_for()
    today = work_calendar(g.center.calendar).local(g.now).date()
    return render_template(
        "figures.html",
        asked=asked,
        view=ask(asked),
        plots=rules.PLOTS,
        names=rules.PLOT_NAMES,
        bars=rules.bars,
        rows_of=rules.rows_of,
        time_bars=rules.time_bars,
        rate=rules.rate,
        groupings=list(Grouping),
        group_name=group_name,
        periods=rules.periods(today),
        is_center=g.person.has(*CENTER),
        working_time=working_time,
    )


def working_time(seconds: int | None) -> str:
    """Working time in working days and hours."""
    if seconds is None:
        return "—"
    day = working_day(g.center.calendar)
    return str(g.wording.time_left(timedelta(seconds=seconds), day))


@pages.get("/figures/tickets")
@for_staff(*READERS)
def tickets() -> Any:
    """The tickets behind a number."""
    asked, figure = asked_for(), request.args.get("figure", "")
    if figure not in set(Figure):
        abort(404)
    group, ungrouped = request.args.get("group") or None, "ungrouped" in request.args
    page = ask(
        asked,
        "/tickets",
        figure=figure,
        group=group,
        ungrouped="true" if ungrouped else None,
        after=request.args.get("after"),
    )
    named = group_name(asked.by, group) if group or ungrouped else None
    return render_template("figures_tickets.html", asked=asked, figure=figure, page=page, named=named)


@pages.get("/figures/<name>.csv")
@for_staff(*READERS)
def table(name: str) -> Any:
    """A plot as a table for a spreadsheet."""
    if name not in rules.PLOT_NAMES:
        abort(404)
    asked, say = asked_for(), g.wording
    view = ask(asked)
    columns = rules.TIMES if name == rules.WORKING_TIME else rules.PLOTS[name].columns
    rows = [(group_name(asked.by, row["group"]), *(row[each] for each in columns)) for row in view["rows"]]
    rows.append((say.say("Total"), *(view["total"][each] for each in columns)))
    head = (say.code(f"by_{asked.by}"), *(say.code(f"figure_{each}") for each in columns))
    title = f"{say.code(f'plot_{name}')} {asked.since} {asked.until}"
    return sent(csv_table(head, rows), file_name(title, "csv"), "text/csv; charset=utf-8")


def sent(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved."""
    return attachment(Response(content, content_type=kind), name)


def attachment(response: Response, name: str) -> Response:
    """A reply that a browser saves under a name, and keeps nowhere else."""
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response
