"""The clerk's desk: registers a ticket in under a minute, prints the receipt, asks for papers, declines, closes."""

from datetime import datetime
from typing import Any

import segno
from flask import Blueprint, g, render_template, request

from schemas.enums import ApplicantKind, Cause, Channel, DeadlineKind, Role
from schemas.reasons import DeclineReason
from services.calendar.calendar import work_calendar
from services.desk.backend import BackendRefused
from services.desk.pages.guard import for_staff, is_fragment, to_page

pages = Blueprint("clerk", __name__)

WINDOW = (Role.CLERK, Role.DUTY_LEADER)


@pages.get("/desk")
@for_staff(Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
def tickets() -> Any:
    """The center's tickets, newest first, and those that one follows to the end (首问负责)."""
    state, after = request.args.get("state") or None, request.args.get("after")
    page = g.person.get("intake", "/tickets", state=state, after=after, limit=50)
    return render_template("desk_rows.html" if is_fragment() else "desk.html", page=page, state=state)


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
    )
    return page, refused.status if refused else 200


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
    body = {name: form[name] for name in ("title", "text", "channel", "cause", "matter") if form.get(name, "").strip()}
    try:
        receipt = g.person.post("intake", "/tickets", body | {"applicant": applicant}, key=form.get("key"))
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
    )


@pages.get("/desk/<uuid:ticket_id>")
@for_staff(Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
def show(ticket_id: Any) -> Any:
    """A ticket as the window sees it: the applicant masked, what may be done there."""
    ticket = g.person.get("intake", f"/tickets/{ticket_id}")
    return render_template("window_ticket.html", ticket=ticket, decline_reasons=list(DeclineReason), revealed=None)


@pages.post("/desk/<uuid:ticket_id>/applicant")
@for_staff(Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
def reveal(ticket_id: Any) -> Any:
    """The applicant unmasked, for a reason that is written down."""
    revealed = g.person.post("intake", f"/tickets/{ticket_id}/applicant", {"reason": request.form.get("reason", "")})
    ticket = g.person.get("intake", f"/tickets/{ticket_id}")
    return render_template("window_ticket.html", ticket=ticket, decline_reasons=list(DeclineReason), revealed=revealed)


def _act(ticket_id: Any, path: str, body: dict[str, Any] | None = None) -> Any:
    g.person.post("intake", f"/tickets/{ticket_id}/{path}", body or {}, key=request.form.get("key"))
    return to_page("clerk.show", ticket_id=ticket_id)


@pages.post("/desk/<uuid:ticket_id>/materials")
@for_staff(*WINDOW)
def request_materials(ticket_id: Any) -> Any:
    """Ask for every missing paper at once (补正材料清单): one a line."""
    items = [line.strip() for line in request.form.get("items", "").splitlines() if line.strip()]
    return _act(ticket_id, "materials", {"items": items})


@pages.post("/desk/<uuid:ticket_id>/supply")
@for_staff(*WINDOW)
def supply_materials(ticket_id: Any) -> Any:
    """The citizen brought them."""
    return _act(ticket_id, "materials/supply")


@pages.post("/desk/<uuid:ticket_id>/decline")
@for_staff(*WINDOW)
def decline(ticket_id: Any) -> Any:
    """Not accepted: reason and remedy, told once and completely."""
    form = request.form
    return _act(ticket_id, "decline", {"reason": form.get("reason"), "remedy": form.get("remedy", "")})


@pages.post("/desk/<uuid:ticket_id>/withdraw")
@for_staff(Role.CLERK)
def withdraw(ticket_id: Any) -> Any:
    """The citizen told a clerk that the ticket is withdrawn."""
    return _act(ticket_id, "withdraw")


@pages.post("/tickets/<uuid:ticket_id>/close")
@for_staff(*WINDOW)
def close(ticket_id: Any) -> Any:
    """End an answered ticket, with its outcome."""
    body = {"outcome": request.form.get("outcome")}
    g.person.post("routing", f"/tickets/{ticket_id}/close", body, key=request.form.get("key"))
    return to_page("tickets.show", ticket_id=ticket_id)
