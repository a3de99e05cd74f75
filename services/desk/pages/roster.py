"""The roster: who sits at the window in the next four weeks, what was changed, and what leaders change."""

from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.center.access import holders_of
from schemas.enums import Role
from services.calendar.calendar import work_calendar
from services.desk import store
from services.desk.pages.guard import for_staff, is_fragment, to_page

pages = Blueprint("roster", __name__)

LEADERS = (Role.DUTY_LEADER, Role.DIRECTOR)


@pages.get("/roster")
@for_staff(Role.CLERK, *LEADERS)
def show() -> Any:
    """Four weeks of sittings with their changes; gaps of the next two weeks on top, and what one is asked."""
    page, me = g.person.get("routing", "/roster"), g.person.staff
    to_come = [each for each in page["shifts"] if datetime.fromisoformat(each["opens_at"]) > g.now]
    is_director = g.person.has(Role.DIRECTOR)
    own = [each for each in to_come if not each["gap"] and (is_director or each["leader"] == me)]
    proposed = [each for each in page["changes"] if each["state"] == "proposed"]
    return render_template(
        "roster_body.html" if is_fragment() else "roster.html",
        roster=page,
        to_come=to_come,
        own={each["opens_at"] for each in own},
        asked=[each for each in proposed if each["other"] == me or is_director],
        leaders=dict.fromkeys((*holders_of(g.center, Role.DUTY_LEADER), g.center.director)),
        is_director=is_director,
        feed=_feed(),
        today=work_calendar(g.center.calendar).local(g.now).date().isoformat(),
    )


def _feed() -> Any:
    """One's calendar address, with its times in the center's zone."""
    zone = work_calendar(g.center.calendar).zone
    with g.desk.database.transaction() as tx:
        row = store.feeds.feed(tx, g.person.center, g.person.staff)
    return row and row._replace(read_at=row.read_at and row.read_at.astimezone(zone))


def _change(path: str, body: dict[str, Any] | None = None) -> Any:
    g.person.post("routing", path, body, key=request.form.get("key"))
    return to_page("roster.show")


@pages.post("/roster/swaps")
@for_staff(*LEADERS)
def swap() -> Any:
    """Propose to another leader to sit for each other."""
    return _change("/roster/swaps", {name: request.form.get(name, "") for name in ("opens_at", "other_opens_at")})


@pages.post("/roster/leaves")
@for_staff(*LEADERS)
def take_leave() -> Any:
    """Do not sit on some days, and say who does."""
    form = request.form
    given = {name: form[name] for name in ("leader", "first", "last", "substitute") if form.get(name)}
    return _change("/roster/leaves", {"first": "", "last": given.get("first", "")} | given)


@pages.post("/roster/changes/<uuid:change_id>/substitute")
@for_staff(*LEADERS)
def name_substitute(change_id: Any) -> Any:
    """Say who sits for a leader on leave."""
    return _change(f"/roster/changes/{change_id}/substitute", {"substitute": request.form.get("substitute", "")})


@pages.post("/roster/changes/<uuid:change_id>/<any(confirm, refuse, withdraw):verdict>")
@for_staff(*LEADERS)
def decide(change_id: Any, verdict: str) -> Any:
    """Agree to a swap, do not agree, or take a change back."""
    return _change(f"/roster/changes/{change_id}/{verdict}")
