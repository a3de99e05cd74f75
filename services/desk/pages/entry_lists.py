"""The lists of the question base: what waits to be vetted, what was read in, what is to be looked at this week."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request

from schemas.entries import ReviewVerdict
from schemas.enums import Role
from services.desk.backend import BackendRefused
from services.desk.pages.entries import STAFF, acting_department
from services.desk.pages.guard import for_staff, is_fragment, to_page, way_back

pages = Blueprint("entry_lists", __name__)

VETTERS = (Role.LIAISON, Role.DEPARTMENT_HEAD)
LOT = 50


@pages.get("/vetting")
@for_staff(*STAFF)
def vetting() -> Any:
    """What waits for one's own department, or for any: what is due first at the top."""
    return _vetting(None)


def _vetting(failed: BackendRefused | None, *, none_ticked: bool = False) -> Any:
    department = _department()
    page = g.person.get("knowledge", "/vettings", acting_for=department, after=request.args.get("after"), limit=LOT)
    template = render_template(
        "vetting_rows.html" if is_fragment() and not failed else "vetting.html",
        page=page,
        department=department,
        failed=failed,
        none_ticked=none_ticked,
        may_sign=g.person.has(*VETTERS),
    )
    return template, failed.status if failed else 200


@pages.get("/vetting/imported")
@for_staff(*VETTERS)
def imported() -> Any:
    """Drafts that were read in from a file for one's own department."""
    return _imported(None)


def _imported(failed: BackendRefused | None, *, none_ticked: bool = False) -> Any:
    department = _department()
    page = g.person.get(
        "knowledge", "/entries/imported", acting_for=department, after=request.args.get("after"), limit=LOT
    )
    template = render_template(
        "vetting_imported.html", page=page, department=department, failed=failed, none_ticked=none_ticked
    )
    return template, failed.status if failed else 200


@pages.post("/vetting/<any(waiting, imported):part>")
@for_staff(*VETTERS)
def sign(part: str) -> Any:
    """Sign what is ticked, all or none."""
    ticked = [each.partition(" ") for each in request.form.getlist("entry")[:LOT]]
    entries = [{"entry_id": id_, "version": int(version)} for id_, _space, version in ticked if version.isdecimal()]
    again = _imported if part == "imported" else _vetting
    if not entries:
        return again(None, none_ticked=True)
    try:
        g.person.post(
            *("knowledge", "/vettings", {"entries": entries}),
            acting_for=_department(),
            key=request.form.get("key"),
        )
    except BackendRefused as refused:
        if refused.status not in (403, 409, 422):
            raise
        return again(refused)
    return to_page("entry_lists.imported" if part == "imported" else "entry_lists.vetting", acting_for=_department())


@pages.get("/review")
@for_staff(*STAFF)
def review() -> Any:
    """What a department has to look at this week; with ``done`` what was looked at."""
    department, done = _department(), bool(request.args.get("done"))
    page = g.person.get(
        *("knowledge", "/review"),
        acting_for=department,
        done="true" if done else None,
        after=request.args.get("after"),
        limit=LOT,
    )
    return render_template(
        "review_rows.html" if is_fragment() else "review.html",
        page=page,
        department=department,
        done=done,
        may_review=g.person.has(*VETTERS),
    )


@pages.post("/review/<uuid:review_id>")
@for_staff(*VETTERS)
def say(review_id: Any) -> Any:
    """Keep it, write it anew, or say that it is over."""
    form = request.form
    body = {name: form.get(name, "") for name in ("verdict", "why")}
    done = g.person.post("knowledge", f"/review/{review_id}", body, acting_for=_department(), key=form.get("key"))
    if body["verdict"] == ReviewVerdict.CHANGE and done["entry_id"]:
        return to_page("entries.edit", entry_id=done["entry_id"])
    return redirect(way_back(), 303) if "then" in form else to_page("entry_lists.review", acting_for=_department())


def _department() -> str | None:
    return acting_department(request.values.get("acting_for", ""))
