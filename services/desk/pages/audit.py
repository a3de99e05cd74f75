"""What an auditor reads: who logged in or tried to, and who was shown personal data or searched by them, and why."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, render_template, request

from schemas.enums import Role
from services.calendar.calendar import work_calendar
from services.desk import store
from services.desk.pages.guard import for_staff

pages = Blueprint("audit", __name__)

ROWS = 50
"""Of each part, on a page."""


@pages.get("/audit")
@for_staff(Role.AUDITOR)
def show() -> Any:
    """One part of the audit: the logins, or who saw personal data, or searched by them."""
    part = request.args.get("part", "logins")
    if part not in ("logins", "reveals", "phone-searches"):
        abort(404)
    page = _logins() if part == "logins" else g.person.get("intake", f"/audit/{part}", limit=ROWS, after=_after())
    return render_template("audit.html", part=part, page=page)


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
