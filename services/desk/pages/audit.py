"""What an auditor reads: who logged in or tried, who was shown personal data or searched by them, what was deleted."""

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request

from schemas.enums import Role
from services.calendar.calendar import work_calendar
from services.desk import store
from services.desk.pages.guard import for_staff, to_page, way_back

pages = Blueprint("audit", __name__)

NUMBER = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,39}-\d{8}-\d{4,}")
ROWS = 50
"""Of each part, on a page."""


@pages.get("/audit")
@for_staff(Role.AUDITOR)
def show() -> Any:
    """One part of the audit: the logins, or who saw personal data, or searched by them."""
    part = request.args.get("part", "logins")
    if part not in ("logins", "reveals", "phone-searches", "forgettings"):
        abort(404)
    page = _logins() if part == "logins" else g.person.get("intake", f"/audit/{part}", limit=ROWS, after=_after())
    return render_template("audit.html", part=part, page=page)


@pages.post("/audit/forget")
@for_staff(Role.AUDITOR, Role.DIRECTOR)
def forget() -> Any:
    """Delete what is personal in a ticket, whose number is typed so that no other one is meant."""
    number = request.form.get("number", "").strip().upper()
    if not NUMBER.fullmatch(number):
        abort(404)
    g.person.post(
        "intake", f"/tickets/{number}/forget", {"reason": request.form.get("reason", "")}, key=request.form.get("key")
    )
    if g.person.has(Role.AUDITOR):
        return to_page("audit.show", part="forgettings")
    return redirect(way_back(), code=303)


def _after() -> str | None:
    return request.args.get("after")


def _logins() -> dict[str, Any]:
    try:
        before = UUID(_after()) if _after() else None
    except ValueError:
        abort(404)
    zone = work_calendar(g.center.calendar).zone
    with g.desk.database.transaction() as tx:
        rows = store.accounts.logins(tx, g.person.center, before=before, limit=ROWS + 1)
    items = [row._asdict() | {"at": row.at.astimezone(zone)} for row in rows[:ROWS]]
    return {"items": items, "next": items[-1]["id"] if len(rows) > ROWS else None}
