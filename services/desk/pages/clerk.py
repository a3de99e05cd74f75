"""The clerk's desk: the center's tickets, one's own on top; asks for papers, declines, withdraws, closes."""

from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.enums import Role
from schemas.reasons import DeclineReason
from services.desk.backend import BackendAway
from services.desk.pages.files import ACCEPTED
from services.desk.pages.guard import for_staff, is_fragment, to_page

pages = Blueprint("clerk", __name__)

WINDOW = (Role.CLERK, Role.DUTY_LEADER)
FOLLOWED = 10
"""How many of the tickets that one follows to the end stand on top: those that are due first."""


@pages.get("/desk")
@for_staff(Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
def tickets() -> Any:
    """The center's tickets, newest first, and those that one follows to the end (首问负责)."""
    state, after, mine = request.args.get("state") or None, request.args.get("after"), request.args.get("mine")
    own = g.person.staff if mine else None
    page = g.person.get("intake", "/tickets", state=state, after=after, limit=50, first_responsible=own)
    if is_fragment():
        courses = _courses(page["items"]) if mine else {}
        return render_template("desk_rows.html", page=page, state=state, mine=mine, courses=courses)
    followed = _followed() if g.person.has(Role.CLERK) and not (state or after or mine) else None
    courses = _courses(page["items"] if mine else followed or [])
    return render_template("desk.html", page=page, state=state, mine=mine, followed=followed, courses=courses)


@pages.get("/desk/followed")
@for_staff(Role.CLERK)
def mine_to_follow() -> Any:
    """Those that one follows to the end, which an open page fetches anew when something happened to one of them."""
    followed = _followed()
    return render_template("desk_followed.html", followed=followed, courses=_courses(followed))


def _followed() -> list[Any]:
    found: list[Any] = g.person.get("intake", "/tickets:mine", limit=FOLLOWED)["items"]
    return found


def _courses(own: list[Any]) -> dict[str, Any]:
    """How far one's own tickets have come, by their ids; nothing where routing is away, since the list is intake's."""
    if not own:
        return {}
    try:
        found = g.person.post("routing", "/tickets:followed", {"tickets": [each["id"] for each in own]})
    except BackendAway:
        return {}
    return {each["ticket_id"]: each for each in found["items"]}


@pages.get("/desk/<uuid:ticket_id>")
@for_staff(Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
def show(ticket_id: Any) -> Any:
    """A ticket as the window sees it: the applicant masked, what may be done there."""
    return _ticket(ticket_id, None)


def _ticket(ticket_id: Any, revealed: Any) -> Any:
    return render_template(
        "window_ticket.html",
        ticket=g.person.get("intake", f"/tickets/{ticket_id}"),
        papers=g.person.get("intake", f"/tickets/{ticket_id}/papers"),
        decline_reasons=list(DeclineReason),
        revealed=revealed,
        accepted=ACCEPTED,
        most_megabytes=g.desk.settings.upload_bytes >> 20,
    )


@pages.post("/desk/<uuid:ticket_id>/applicant")
@for_staff(Role.CLERK, Role.DUTY_LEADER, Role.DIRECTOR)
def reveal(ticket_id: Any) -> Any:
    """The applicant unmasked, for a reason that is written down."""
    reason = {"reason": request.form.get("reason", "")}
    return _ticket(ticket_id, g.person.post("intake", f"/tickets/{ticket_id}/applicant", reason))


def lines(text: str) -> list[str]:
    """The lines of a list in which each stands once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _act(ticket_id: Any, path: str, body: dict[str, Any] | None = None) -> Any:
    g.person.post("intake", f"/tickets/{ticket_id}/{path}", body or {}, key=request.form.get("key"))
    return to_page("clerk.show", ticket_id=ticket_id)


@pages.post("/desk/<uuid:ticket_id>/materials")
@for_staff(*WINDOW)
def request_materials(ticket_id: Any) -> Any:
    """Ask for every missing paper at once (补正材料清单): one a line."""
    wanted = {"items": lines(request.form.get("items", "")), "due_on": request.form.get("due_on") or None}
    return _act(ticket_id, "materials", wanted)


@pages.post("/desk/<uuid:ticket_id>/tolerate")
@for_staff(*WINDOW)
def tolerate_materials(ticket_id: Any) -> Any:
    """Take it without some papers, which the applicant has promised by signature (容缺受理)."""
    form = request.form
    wanted = {
        "items": lines(form.get("tolerated", "")),
        "promised_on": form.get("promised_on") or None,
        "signed": form.get("signed") == "yes",
        "attachment_id": form.get("attachment_id") or None,
    }
    return _act(ticket_id, "materials/tolerate", wanted)


@pages.post("/desk/<uuid:ticket_id>/tolerate/supply")
@for_staff(*WINDOW)
def supply_tolerated(ticket_id: Any) -> Any:
    """The papers that were promised are there."""
    return _act(ticket_id, "materials/tolerate/supply")


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
