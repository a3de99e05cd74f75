"""The liaison's desk: what the department has to do, what breaks first on top, and what can be done to it."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request

from schemas.enums import Role
from services.desk.backend import BackendRefused
from services.desk.pages.guard import for_staff, is_fragment, to_page, way_back
from services.desk.pages.meetings import together

pages = Blueprint("liaison", __name__)


def _department() -> str | None:
    """The department that is looked at: of those whose liaison one is, the one that the address names."""
    asked = request.values.get("department")
    departments: tuple[str, ...] = g.person.departments
    return asked if asked in departments else departments[0] if departments else None


def _mine() -> str | None:
    """Whether only that is looked at which one handles oneself."""
    return "true" if request.values.get("mine") else None


@pages.get("/inbox")
@for_staff(Role.LIAISON)
def inbox() -> Any:
    """Open assignments of the department, what breaks first before all, in pages of fifty."""
    department = _department()
    page = g.person.get(
        "routing",
        "/assignments",
        acting_for=department,
        order="due",
        mine=_mine(),
        limit=50,
        after=request.args.get("after"),
    )
    values = {"page": page, "department": department, "mine": _mine(), "failures": []}
    if is_fragment():
        return render_template("inbox_rows.html", **values)
    return render_template("inbox.html", together=together(department), **values)


@pages.post("/inbox/accept")
@for_staff(Role.LIAISON)
def accept() -> Any:
    """Sign for one or many (签收); of those that cannot be signed for it is said why."""
    department, key = _department(), request.form.get("key", "")
    failures = []
    chosen = request.form.getlist("assignment")[:50]
    for assignment in chosen:
        try:
            g.person.post(
                "routing", f"/assignments/{assignment}/accept", acting_for=department, key=f"{key}{assignment}"
            )
        except BackendRefused as refused:
            failures.append(refused)
    if failures and not is_fragment():
        raise failures[0]
    if not is_fragment():
        return to_page("liaison.inbox", department=department, mine=_mine())
    page = g.person.get("routing", "/assignments", acting_for=department, order="due", mine=_mine(), limit=50)
    return render_template(
        "inbox_rows.html",
        page=page,
        department=department,
        mine=_mine(),
        failures=failures,
        none_chosen=not chosen,
    )


def _act(ticket: str, path: str, body: dict[str, Any]) -> Any:
    g.person.post("routing", path, body, acting_for=_department(), key=request.form.get("key"))
    return redirect(way_back(), 303) if "then" in request.form else to_page("tickets.show", ticket_id=ticket)


@pages.post("/tickets/<uuid:ticket>/assignments/<uuid:assignment>/accept")
@for_staff(Role.LIAISON)
def accept_one(ticket: Any, assignment: Any) -> Any:
    """Sign for it from the ticket's page."""
    return _act(ticket, f"/assignments/{assignment}/accept", {})


@pages.post("/tickets/<uuid:ticket>/assignments/<uuid:assignment>/return")
@for_staff(Role.LIAISON)
def give_back(ticket: Any, assignment: Any) -> Any:
    """Return it, with a reason code and an explanation."""
    form = request.form
    body = {"reason": form.get("reason"), "explanation": form.get("explanation", "")}
    if suggest := form.get("suggest"):
        body["suggest"] = suggest
    return _act(ticket, f"/assignments/{assignment}/return", body)


@pages.post("/tickets/<uuid:ticket>/assignments/<uuid:assignment>/complete")
@for_staff(Role.LIAISON)
def complete(ticket: Any, assignment: Any) -> Any:
    """The department has done its part."""
    return _act(ticket, f"/assignments/{assignment}/complete", {"result": request.form.get("result", "")})


@pages.post("/tickets/<uuid:ticket>/answer")
@for_staff(Role.LIAISON, Role.DUTY_LEADER)
def answer(ticket: Any) -> Any:
    """Feed the solution back to the citizen."""
    return _act(ticket, f"/tickets/{ticket}/answer", {"answer": request.form.get("answer", "")})


@pages.post("/tickets/<uuid:ticket>/report")
@for_staff(Role.LIAISON, Role.DUTY_LEADER)
def report(ticket: Any) -> Any:
    """File the special-topic report."""
    return _act(ticket, f"/tickets/{ticket}/report", {"report": request.form.get("report", "")})


@pages.post("/tickets/<uuid:ticket>/extension")
@for_staff(Role.LIAISON, Role.DUTY_LEADER, Role.DIRECTOR)
def extend(ticket: Any) -> Any:
    """Ask for more time; a leader decides, or gives it at once."""
    form = request.form
    days = form.get("working_days", "")
    body = {
        "working_days": int(days) if days.isdecimal() else days,
        "reason": form.get("reason", ""),
        "legal_basis": form.get("legal_basis", ""),
    }
    return _act(ticket, f"/tickets/{ticket}/extension", body)
