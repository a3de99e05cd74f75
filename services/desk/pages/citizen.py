"""The citizen's page: no account, only number and code of the receipt. Readable on a cheap phone, at any age."""

from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.enums import Rating
from services.desk.backend import BackendRefused

pages = Blueprint("citizen", __name__)

STEPS = ("registered", "assigned", "answered", "closed")
"""The line of steps; a ticket that waits or was ended another way says so beside it."""
_REACHED = {
    "registered": 0,
    "in_arbitration": 0,
    "assigned": 1,
    "awaiting_materials": 1,
    "answered": 2,
    "closed": 3,
    "declined": -1,
    "withdrawn": -1,
}


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


def _page(ticket: dict[str, Any]) -> Any:
    form = request.form
    return render_template(
        "status.html",
        ticket=ticket,
        steps=STEPS,
        reached=_REACHED[ticket["state"]],
        ratings=list(Rating),
        number=form.get("number", "").strip().upper(),
        query_code=form.get("code", "").strip(),
    )


def _ask(act: str, **more: Any) -> Any:
    number, query_code = request.form.get("number", "").strip().upper(), request.form.get("code", "").strip()
    if not number.replace("-", "").isalnum() or not number.isascii():
        raise BackendRefused(404, {})
    key = request.form.get("key") if act != "status" else None
    body = {"code": query_code} | more
    return g.desk.backend.ask(
        "intake", "POST", f"/tickets/{number}/{act}", None, body=body, key=key, client=g.desk.address
    )


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
