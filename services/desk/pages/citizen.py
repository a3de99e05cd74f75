"""The citizen's page: no account, only number and code of the receipt. Readable on a cheap phone, at any age."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request

from schemas.enums import Rating
from services.desk.backend import BackendRefused
from services.desk.pages.files import ACCEPTED, sent_file

pages = Blueprint("citizen", __name__)

STEPS = ("registered", "assigned", "working", "answered", "rated")
"""The line of steps; a ticket that waits or was ended another way says so beside it."""
_WORKED_ON = ("registered", "in_arbitration", "assigned", "awaiting_materials")


def _reached(ticket: dict[str, Any]) -> int:
    """The place of the last of STEPS that the present round has come to; -1 for a ticket that ended early."""
    state = ticket["state"]
    if state in ("declined", "withdrawn"):
        return -1
    if state in ("answered", "closed"):
        return 4 if any(each["round"] == ticket["round"] for each in ticket["ratings"]) else 3
    if ticket["accepted_at"] and state in ("assigned", "awaiting_materials"):
        return 2
    has_department = state == "assigned" or (state == "awaiting_materials" and ticket["lead_department"])
    return 1 if has_department else 0


@pages.get("/status")
def ask() -> Any:
    """The form for number and code; a QR code of a receipt fills it in."""
    return render_template("status_form.html", fault=None, number="")


@pages.post("/status")
def show() -> Any:
    """Where the ticket stands."""
    try:
        return _page(_ask("status"))
    except BackendRefused as refused:
        if refused.status not in (404, 422):
            raise
        number = request.form.get("number", "")
        return render_template("status_form.html", fault="unknown", number=number), 404


def _page(ticket: dict[str, Any], fault: BackendRefused | None = None) -> Any:
    form = request.form
    return render_template(
        "status.html",
        ticket=ticket,
        fault=fault,
        accepted=ACCEPTED,
        most_megabytes=g.desk.settings.upload_bytes >> 20,
        steps=STEPS,
        reached=_reached(ticket),
        is_open=ticket["state"] in _WORKED_ON,
        is_late=ticket["due_at"] is not None and datetime.fromisoformat(ticket["due_at"]) < g.now,
        last_rating=ticket["ratings"][-1] if ticket["ratings"] else None,
        ratings=list(Rating),
        number=form.get("number", "").strip().upper(),
        query_code=form.get("code", "").strip(),
    )


def _number() -> str:
    number = request.form.get("number", "").strip().upper()
    if not number.replace("-", "").isalnum() or not number.isascii():
        raise BackendRefused(404, {})
    return number


def _ask(act: str, **more: Any) -> Any:
    number, query_code = _number(), request.form.get("code", "").strip()
    key = request.form.get("key") if act != "status" else None
    body = {"code": query_code} | more
    return g.desk.backend.ask(
        "intake", "POST", f"/tickets/{number}/{act}", None, body=body, key=key, client=g.desk.address
    )


@pages.post("/status/files")
def add_file() -> Any:
    """A photo or a PDF, with the code. What is refused is said beside the form."""
    content, said, query = sent_file()
    fault = None
    try:
        g.desk.backend.send(
            "intake",
            f"/tickets/{_number()}/attachments",
            None,
            content,
            said,
            query,
            key=request.form.get("key"),
            client=g.desk.address,
            query_code=request.form.get("code", "").strip(),
        )
    except BackendRefused as refused:
        if refused.status not in (409, 413, 422, 429):
            raise
        fault = refused
    return _page(_ask("status"), fault), fault.status if fault else 200


@pages.post("/status/files/remove")
def remove_file() -> Any:
    """The citizen takes a file back."""
    try:
        attachment_id = UUID(request.form.get("file", ""))
    except ValueError:
        raise BackendRefused(404, {}) from None
    _ask(f"attachments/{attachment_id}/remove")
    return _page(_ask("status"))


@pages.post("/status/withdraw")
def withdraw() -> Any:
    """The citizen withdraws."""
    _ask("withdraw")
    return _page(_ask("status"))


@pages.post("/status/rating")
def rate() -> Any:
    """The citizen rates; a bad rating opens the second round."""
    _ask("rating", rating=request.form.get("rating"), comment=request.form.get("comment", "")[:2000])
    return _page(_ask("status"))
