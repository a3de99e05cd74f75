"""Sittings and their minutes: which were held, what was decided, what the leader signs."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request

from schemas.enums import Role
from services.desk.pages.guard import for_staff, is_fragment, to_page, way_back
from services.desk.pages.tickets import happened

pages = Blueprint("sittings", __name__)

LEADERS = (Role.DUTY_LEADER, Role.DIRECTOR)


@pages.get("/sittings")
@for_staff(Role.CLERK, *LEADERS)
def all_of_them() -> Any:
    """The sittings of some weeks, the latest first, those that nobody opened among them."""
    since, until = request.args.get("since") or None, request.args.get("until") or None
    page = g.person.get("routing", "/sittings", since=since, until=until)
    return render_template("sittings_rows.html" if is_fragment() else "sittings.html", page=page)


@pages.get("/sittings/<uuid:sitting_id>")
@for_staff(Role.CLERK, *LEADERS)
def show(sitting_id: Any) -> Any:
    """One sitting, as it is printed; whoever sat changes the draft and signs it."""
    sitting = g.person.get("routing", f"/sittings/{sitting_id}", language=g.wording.language)
    is_theirs = g.person.staff in (sitting["leader"], sitting["opened_by"]) and g.person.has(*LEADERS)
    return render_template("sitting.html", sitting=sitting, is_theirs=is_theirs, happened=happened)


@pages.post("/sittings/open")
@for_staff(*LEADERS)
def begin() -> Any:
    """Begin the sitting of now."""
    g.person.post("routing", "/sittings/open", key=request.form.get("key"))
    return redirect(way_back(), 303)


@pages.post("/sittings/<uuid:sitting_id>/close")
@for_staff(*LEADERS)
def end(sitting_id: Any) -> Any:
    """End it, and go on to its minutes."""
    g.person.post("routing", f"/sittings/{sitting_id}/close", key=request.form.get("key"))
    return to_page("sittings.show", sitting_id=sitting_id)


@pages.post("/sittings/<uuid:sitting_id>/<any(minutes, sign):act>")
@for_staff(*LEADERS)
def write(sitting_id: Any, act: str) -> Any:
    """Keep the draft as it was changed, or sign it."""
    body = {name: request.form.get(name, "").replace("\r\n", "\n") for name in ("minutes", "handover")}
    g.person.post("routing", f"/sittings/{sitting_id}/{act}", body, key=f"{request.form.get('key')}{act}")
    return to_page("sittings.show", sitting_id=sitting_id)
