"""帮办代办 at the clerk's desk: record whom one helped, one's own records, and the report of the center by month."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.enums import Role
from schemas.helps import HelpKind, HelpNeed
from services.calendar.calendar import work_calendar
from services.desk.pages.figures import sent
from services.desk.pages.guard import for_staff, to_page
from services.desk.pages.meetings import local_time
from services.desk.rules.figures import day_or, rate
from services.files.cells import file_name
from services.files.csv_table import csv_table

pages = Blueprint("helps", __name__)

HELPERS = (Role.CLERK, Role.DUTY_LEADER)
READERS = (*HELPERS, Role.DIRECTOR, Role.SUPERVISOR)
BY_DEFAULT = timedelta(days=364)
COLUMNS = ("helps", "minutes", "elderly", "disabled", "rated", "satisfied")


def _report() -> Any:
    until = day_or(request.args.get("until"), work_calendar(g.center.calendar).local(g.now).date())
    since = day_or(request.args.get("since"), until - BY_DEFAULT)
    return g.person.get("intake", "/helps/report", since=str(since), until=str(until))


@pages.get("/helps")
@for_staff(*READERS)
def show() -> Any:
    """The form, one's own records, and the report by month."""
    is_helper = g.person.has(*HELPERS)
    now = work_calendar(g.center.calendar).local(g.now)
    mine = g.person.get("intake", "/helps", after=request.args.get("after")) if is_helper else None
    return render_template(
        "helps.html",
        mine=mine,
        report=_report(),
        rate=rate,
        kinds=[f"help_{each}" for each in HelpKind],
        needs=[f"need_{each}" for each in HelpNeed],
        begun=f"{now - timedelta(minutes=30):%Y-%m-%dT%H:%M}",
        now=f"{now:%Y-%m-%dT%H:%M}",
    )


@pages.post("/helps")
@for_staff(*HELPERS)
def record() -> Any:
    """Record whom one helped; a number names the ticket that it was about."""
    form = request.form
    number, ticket = form.get("number", "").strip().upper(), None
    if number:
        found = g.person.get("intake", "/tickets", number=number)["items"]
        ticket = found[0]["id"] if found else number
    body = {
        "kind": form.get("kind", "").removeprefix("help_"),
        "need": form.get("need", "").removeprefix("need_"),
        "started_at": local_time(form.get("started_at", "")),
        "ended_at": local_time(form.get("ended_at", "")),
        "ticket_id": ticket,
        "satisfaction": int(form["satisfaction"]) if form.get("satisfaction", "").isdecimal() else None,
    }
    g.person.post("intake", "/helps", body, key=form.get("key"))
    return to_page("helps.show")


@pages.get("/helps.csv")
@for_staff(*READERS)
def table() -> Any:
    """The report as a table for a spreadsheet."""
    report, say = _report(), g.wording
    head = (say.say("Month"), *(say.code(f"helps_{each}") for each in COLUMNS))
    rows = [(row["month"], *(row[each] for each in COLUMNS)) for row in report["months"]]
    title = f"{say.say('Help for visitors')} {report['since']} {report['until']}"
    return sent(csv_table(head, rows), file_name(title, "csv"), "text/csv; charset=utf-8")
