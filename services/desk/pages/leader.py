"""The duty leader's docket: what this sitting has to decide, what is broken, and what will be before the next."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request

from schemas.enums import Complexity, DocketSection, Role
from services.calendar.calendar import work_calendar
from services.desk.pages.guard import for_staff, is_fragment, to_page, way_back
from services.desk.pages.meetings import together
from services.desk.pages.solved import suggested_for
from services.desk.rules.time_left import may_extend

pages = Blueprint("leader", __name__)

SHOWN = 20
"""How much of each section the whole docket shows; a section by itself shows fifty."""

LEADERS = (Role.DUTY_LEADER, Role.DIRECTOR)


@pages.get("/docket")
@for_staff(*LEADERS)
def docket() -> Any:
    """The docket of this sitting; one section of it with ``section``, and from ``after`` on.

    Each section of an open page is fetched anew by itself, so that what is typed in one stops none of the others.
    """
    part, after = request.args.get("section"), request.args.get("after")
    sections = [each for each in DocketSection if part in (each, None)]
    if not sections:
        abort(404)
    page = g.person.get("routing", "/docket", limit=50 if part else SHOWN, section=part, after=after)
    sittings = None if part else g.person.get("routing", "/sittings/now", language=g.wording.language)
    return render_template(
        "docket_sections.html" if is_fragment() and part else "docket.html",
        docket=page,
        sections=sections,
        sittings=sittings,
        after=after,
        may_extend=_may_extend,
        together=None if part or is_fragment() else together(),
    )


@pages.get("/docket/head")
@for_staff(*LEADERS)
def head() -> Any:
    """Whose sitting it is, whether it is open, and what the one before hands over."""
    page = g.person.get("routing", "/docket", limit=1, section=DocketSection.ARBITRATION)
    sittings = g.person.get("routing", "/sittings/now", language=g.wording.language)
    return render_template("docket_head.html", docket=page, sittings=sittings)


def _may_extend(due_at: str | None) -> bool:
    rule, calendar = g.center.extension, work_calendar(g.center.calendar)
    return due_at is not None and may_extend(datetime.fromisoformat(due_at), g.now, calendar, rule)


@pages.get("/docket/<uuid:ticket_id>/<any(arbitrate, reclassify, extend):name>")
@for_staff(*LEADERS)
def act(ticket_id: Any, name: str) -> Any:
    """The form by which something is decided: alone where the docket asks for it, else on a page with the ticket."""
    values = {
        "name": name,
        "ticket_id": ticket_id,
        "part": request.args.get("section", DocketSection.ARBITRATION),
        "after": request.args.get("after"),
        "complexities": list(Complexity),
    }
    values["suggested"] = suggested_for(ticket_id) if name == "arbitrate" else []
    if is_fragment():
        return render_template("docket_act.html", **values)
    return render_template("docket_act_page.html", ticket=g.person.get("routing", f"/tickets/{ticket_id}"), **values)


@pages.post("/docket/<uuid:ticket_id>/arbitrate")
@for_staff(*LEADERS)
def arbitrate(ticket_id: Any) -> Any:
    """Say who handles it; that is final."""
    form = request.form
    body: dict[str, Any] = {
        "lead": form.get("lead") or None,
        "assisting": [each for each in form.getlist("assisting") if each != form.get("lead")],
        "why": form.get("why", ""),
    }
    if complexity := form.get("complexity"):
        body["complexity"] = complexity
    g.person.post("routing", f"/tickets/{ticket_id}/arbitrate", body, key=form.get("key"))
    return redirect(way_back(), 303)


@pages.post("/docket/<uuid:ticket_id>/reclassify")
@for_staff(*LEADERS)
def reclassify(ticket_id: Any) -> Any:
    """An ordinary ticket is complex after all."""
    body = {"complexity": Complexity.COMPLEX, "why": request.form.get("why", "")}
    g.person.post("routing", f"/tickets/{ticket_id}/reclassify", body, key=request.form.get("key"))
    return redirect(way_back(), 303) if "then" in request.form else to_page("tickets.show", ticket_id=ticket_id)


@pages.post("/docket/extensions/<uuid:extension_id>/<any(grant, refuse):verdict>")
@for_staff(*LEADERS)
def decide_extension(extension_id: Any, verdict: str) -> Any:
    """Give more time, or say why not."""
    body = {"why": request.form.get("why", "")} if verdict == "refuse" else {}
    g.person.post("routing", f"/extensions/{extension_id}/{verdict}", body, key=request.form.get("key"))
    return redirect(way_back(), 303)
