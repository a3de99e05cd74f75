"""The duty leader's docket: what this sitting has to decide, what is broken, and what will be before the next."""

from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.enums import Complexity, Role
from services.desk.pages.guard import for_staff, is_fragment, to_page

pages = Blueprint("leader", __name__)

LEADERS = (Role.DUTY_LEADER, Role.DIRECTOR)


@pages.get("/docket")
@for_staff(*LEADERS)
def docket() -> Any:
    """The docket of this sitting."""
    page = g.person.get("routing", "/docket", limit=50)
    template = "docket_body.html" if is_fragment() else "docket.html"
    return render_template(template, docket=page, complexities=list(Complexity))


@pages.post("/docket/<uuid:ticket_id>/arbitrate")
@for_staff(*LEADERS)
def arbitrate(ticket_id: Any) -> Any:
    """Say who handles it; that is final."""
    form = request.form
    body: dict[str, Any] = {
        "lead": form.get("lead", ""),
        "assisting": [each for each in form.getlist("assisting") if each != form.get("lead")],
        "why": form.get("why", ""),
    }
    if complexity := form.get("complexity"):
        body["complexity"] = complexity
    g.person.post("routing", f"/tickets/{ticket_id}/arbitrate", body, key=form.get("key"))
    return to_page("leader.docket")


@pages.post("/docket/<uuid:ticket_id>/reclassify")
@for_staff(*LEADERS)
def reclassify(ticket_id: Any) -> Any:
    """An ordinary ticket is complex after all."""
    body = {"complexity": Complexity.COMPLEX, "why": request.form.get("why", "")}
    g.person.post("routing", f"/tickets/{ticket_id}/reclassify", body, key=request.form.get("key"))
    return to_page("tickets.show", ticket_id=ticket_id)


@pages.post("/docket/extensions/<uuid:extension_id>/<any(grant, refuse):verdict>")
@for_staff(*LEADERS)
def decide_extension(extension_id: Any, verdict: str) -> Any:
    """Give more time, or say why not."""
    body = {"why": request.form.get("why", "")} if verdict == "refuse" else {}
    g.person.post("routing", f"/extensions/{extension_id}/{verdict}", body, key=request.form.get("key"))
    return to_page("leader.docket")


@pages.get("/roster")
@for_staff(Role.CLERK, *LEADERS)
def roster() -> Any:
    """Who sits at the window in the next four weeks."""
    return render_template("roster.html", roster=g.person.get("routing", "/roster"))
