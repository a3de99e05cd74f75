"""Solved tickets that others learn from: made of a ticket in two clicks, consented to by its departments, and read."""

from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.cases import PromotedTo, TypicalCaseState
from schemas.enums import Role
from services.desk.pages.guard import for_staff, to_page
from services.desk.pages.tickets import READERS

pages = Blueprint("cases", __name__)

PROMOTERS = (Role.LIAISON, Role.DUTY_LEADER, Role.DIRECTOR)
CONSENTERS = (Role.LIAISON, Role.DEPARTMENT_HEAD)
TABS = (TypicalCaseState.SHOWN, TypicalCaseState.AWAITING, TypicalCaseState.REFUSED)


@pages.get("/cases")
@for_staff(*READERS)
def show() -> Any:
    """Typical cases, the latest first; those that wait for consent, and those that were refused, by themselves."""
    state = request.args.get("state", TypicalCaseState.SHOWN)
    query = {"state": state if state in TABS else TypicalCaseState.SHOWN, "after": request.args.get("after")}
    page = g.person.get("knowledge", "/cases", acting_for=_department(), **query)
    return render_template("cases.html", page=page, state=query["state"], tabs=TABS, department=_department())


@pages.post("/tickets/<uuid:ticket_id>/promote")
@for_staff(*PROMOTERS)
def promote(ticket_id: Any) -> Any:
    """Make of a solved ticket a draft of the question base, or a typical case."""
    form = request.form
    body = {name: form[name].strip() for name in ("title", "text", "answer") if name in form}
    body["to"] = form.get("to", PromotedTo.ENTRY)
    department = _department()
    g.person.post("knowledge", f"/cases/{ticket_id}/promote", body, acting_for=department, key=form.get("key"))
    return to_page("tickets.show", ticket_id=ticket_id, department=department)


@pages.post("/cases/<uuid:ticket_id>/consent")
@for_staff(*CONSENTERS)
def consent(ticket_id: Any) -> Any:
    """A department lets others read a typical case, or does not."""
    form = request.form
    body = {"consents": form.get("consents") == "yes", "why": form.get("why", "")[:500]}
    g.person.post(
        "knowledge", f"/cases/{ticket_id}/consent", body, acting_for=form.get("department"), key=form.get("key")
    )
    return to_page("cases.show", state=form.get("state") or None)


def _department() -> str | None:
    asked = request.values.get("department")
    return asked if asked in (*g.person.departments, *g.person.headed) else None
