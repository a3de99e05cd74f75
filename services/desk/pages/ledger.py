"""The ledger (台账): which tickets, masked or for a reason not; written in the background, then taken out."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, g, render_template, request

from schemas.enums import Cause, Channel, Complexity, Role, TicketState
from services.calendar.calendar import work_calendar
from services.desk import store
from services.desk.backend import addresses
from services.desk.pages.figures import attachment
from services.desk.pages.guard import for_staff, is_fragment, to_page
from services.desk.rules.ledger_lines import FILTERS
from services.files.cells import file_name
from services.plumbing.database.logins import setting_of
from services.plumbing.runtime.background import TooManyAtOnce, start_in_background
from services.plumbing.runtime.resources import database_url

pages = Blueprint("ledger", __name__)

READERS = (Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
LEADERS = READERS[1:]
TOKEN_SECONDS = 3600
MOST_OF_A_CENTER = 3
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/ledger")
@for_staff(*READERS)
def show() -> Any:
    """What may be taken out, and what was, with how far it has come."""
    return _page()


def _page(fault: str | None = None, status: int = 200) -> Any:
    with g.desk.database.transaction() as tx:
        exports = store.exports.of_person(tx, g.person.center, g.person.staff)
    zone = work_calendar(g.center.calendar).zone
    return render_template(
        "ledger_exports.html" if is_fragment() else "ledger.html",
        exports=exports,
        values=request.values,
        fault=fault,
        zone=zone,
        choices={
            "state": list(TicketState),
            "complexity": list(Complexity),
            "cause": list(Cause),
            "channel": list(Channel),
        },
        may_reveal=g.person.has(*LEADERS),
    ), status


@pages.post("/ledger")
@for_staff(*READERS)
def take_out() -> Any:
    """Begin to write it; sent twice, it is written once."""
    filters = {name: value for name in FILTERS if (value := request.form.get(name))}
    reason = request.form.get("reason", "").strip() if request.form.get("unmasked") else None
    if reason is not None:
        # What is no reason is said at once, before anything is written.
        g.person.post("intake", "/ledger/applicants/reveal", {"tickets": [str(UUID(int=0))], "reason": reason})
    g.person.get("routing", "/ledger", **filters, limit=1)
    try:
        export_id = UUID(hex=request.form.get("key", ""))
    except ValueError:
        abort(400)
    title = g.wording.say("Ledger of {center}", center=g.center.name)
    now = work_calendar(g.center.calendar).local(g.now)
    with g.desk.database.transaction() as tx:
        if store.exports.running(tx, g.person.center) >= MOST_OF_A_CENTER:
            return _page(g.wording.say("Others are being written; try again when they are done."), 429)
        name = file_name(f"{title} {now:%Y-%m-%d %H%M}", "xlsx")
        is_new = store.exports.begin(
            tx, export_id, g.person.center, g.person.staff, name, filters, is_masked=reason is None
        )
    if is_new:
        try:
            _start(export_id, filters, reason, title, now)
        except TooManyAtOnce:
            with g.desk.database.transaction() as tx:
                store.exports.delete(tx, g.person.center, g.person.staff, export_id)
            return _page(g.wording.say("Others are being written; try again when they are done."), 429)
    return to_page("ledger.show")


def _start(export_id: UUID, filters: dict[str, str], reason: str | None, title: str, now: datetime) -> None:
    said = (
        g.wording.say("personal data hidden")
        if reason is None
        else g.wording.say("with personal data: {why}", why=reason)
    )
    watermark = g.wording.say(
        "Taken out by {name} ({staff}) on {when}; {masked}",
        name=g.center.staff[g.person.staff].name,
        staff=g.person.staff,
        when=f"{now:%Y-%m-%d %H:%M}",
        masked=said,
    )
    job = {
        "id": str(export_id),
        "center": g.person.center,
        "token": g.person.token_for_job(TOKEN_SECONDS),
        "language": g.wording.language,
        "filters": filters,
        "reason": reason,
        "title": title,
        "watermark": watermark,
    }
    settings = {f"BANCHENG_{name.upper()}_URL": url for name, url in addresses().items()}
    settings[setting_of("desk")] = database_url("desk")
    start_in_background("services.desk.export_process", json.dumps(job).encode(), settings)


@pages.get("/ledger/<uuid:export_id>")
@for_staff(*READERS)
def fetch(export_id: UUID) -> Any:
    """The file, to whoever had it written."""
    with g.desk.database.transaction() as tx:
        found = store.exports.export(tx, g.person.center, g.person.staff, export_id)
    if found is None or found.state != "done":
        abort(404)
    response = Response(_content(g.desk.database, export_id), content_type=XLSX)
    response.headers["Content-Length"] = str(found.size)
    return attachment(response, found.name)


def _content(database: Any, export_id: UUID) -> Iterator[bytes]:
    nth = 0
    while True:
        with database.transaction() as tx:
            content = store.exports.chunk(tx, export_id, nth)
        if content is None:
            return
        yield content
        nth += 1


@pages.post("/ledger/<uuid:export_id>/delete")
@for_staff(*READERS)
def delete(export_id: UUID) -> Any:
    """Forget it, or stop writing it."""
    with g.desk.database.transaction() as tx:
        store.exports.delete(tx, g.person.center, g.person.staff, export_id)
    return to_page("ledger.show")
