"""Registering a ticket in under a minute: who, what, where it was refused before; and the receipt."""

from datetime import datetime
from typing import Any

import segno
from flask import Blueprint, g, render_template, request

from schemas.enums import ApplicantKind, Cause, Channel, DeadlineKind, Role
from services.calendar.calendar import work_calendar
from services.desk.backend import BackendRefused
from services.desk.pages.clerk import lines
from services.desk.pages.guard import for_staff
from services.desk.pages.solved import answer_to_typed, similar_to_typed

pages = Blueprint("registering", __name__)

PLACES = 3
"""For how many places where it was refused before the form has room."""


@pages.get("/desk/new")
@for_staff(Role.CLERK)
def new() -> Any:
    """The form of a new ticket."""
    return _form({}, None)


def _form(values: Any, refused: BackendRefused | None) -> Any:
    page = render_template(
        "new_ticket.html",
        values=values,
        errors=refused.errors if refused else {},
        refused=refused,
        channels=list(Channel),
        causes=list(Cause),
        kinds=list(ApplicantKind),
        refusals=_refusals(values) + [("", "")] * (PLACES - len(_refusals(values))),
    )
    return page, refused.status if refused else 200


def _refusals(form: Any) -> list[tuple[str, str]]:
    """Where it was refused before, and how often, as they were typed; a line that names no place says nothing."""
    if not form:
        return []
    return [pair for pair in zip(form.getlist("where"), form.getlist("times"), strict=False) if pair[0].strip()]


def _refused_before(form: Any) -> list[dict[str, Any]]:
    """What intake is told of it: a department of the center by its code. How often is once where no number stands."""
    codes = {department.name: code for code, department in g.center.departments.items()}
    return [
        {"where": codes.get(where.strip(), where.strip()), "times": int(times) if times.strip().isdecimal() else 1}
        for where, times in _refusals(form)
    ]


@pages.post("/desk/similar")
@for_staff(Role.CLERK)
def similar() -> Any:
    """Solved tickets like the one that is being typed, and how they were solved."""
    title, text = request.form.get("title", "")[:200], request.form.get("text", "")[:20_000]
    if not title.strip():
        return render_template("similar.html", found=[], answer=None)
    return render_template("similar.html", found=similar_to_typed(title, text), answer=answer_to_typed(title))


@pages.post("/desk/new")
@for_staff(Role.CLERK)
def register() -> Any:
    """Register it; what was refused stays in the form, with the fault beside its field."""
    form = request.form
    applicant = {
        name: form[f"applicant.{name}"].strip()
        for name in ("kind", "name", "phone", "id_number", "organisation", "credit_code")
        if form.get(f"applicant.{name}", "").strip()
    }
    body: dict[str, Any] = {
        name: form[name] for name in ("title", "text", "channel", "cause", "matter") if form.get(name, "").strip()
    }
    body |= {
        "refused_before": _refused_before(form),
        "missing_materials": lines(form.get("missing_materials", "")),
        "applicant": applicant,
    }
    try:
        receipt = g.person.post("intake", "/tickets", body, key=form.get("key"))
    except BackendRefused as refused:
        if refused.status not in (400, 409, 422):
            raise
        return _form(form, refused)
    return _receipt(receipt)


def _receipt(receipt: dict[str, Any]) -> Any:
    """The receipt to be printed: number, code, the promise in words, a QR code that leads to the citizen's page.

    The code stands behind the # of the address, which no browser sends to a server.
    """
    address = f"{g.desk.settings.citizen_url}/status#{receipt['number']}/{receipt['query_code']}"
    picture = segno.make(address, error="m").svg_inline(scale=4, omitsize=True)
    promised = work_calendar(g.center.calendar).due(
        datetime.fromisoformat(receipt["registered_at"]), g.center.limits[DeadlineKind.ANSWER]
    )
    return render_template(
        "receipt.html",
        receipt=receipt,
        picture=picture,
        promised_at=promised.due_at,
        address=f"{g.desk.settings.citizen_url}/status",
        working_days=g.center.limits[DeadlineKind.ANSWER].working_days,
    )
