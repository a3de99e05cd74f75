"""The whole ticket on one page: what it says, who has it, its deadlines explained, what happened, what one may do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, g, render_template, request

from schemas.enums import DepartmentRole, Outcome, Role, TicketState
from schemas.reasons import ReturnReason
from services.calendar.calendar import work_calendar
from services.desk.backend import BackendAway, BackendRefused
from services.desk.pages.guard import for_staff, is_fragment
from services.desk.pages.solved import case_of, similar_to, suggested_for

pages = Blueprint("tickets", __name__)

READERS = (
    Role.LIAISON,
    Role.DEPARTMENT_HEAD,
    Role.CLERK,
    Role.DUTY_LEADER,
    Role.DIRECTOR,
    Role.SUPERVISOR,
)
"""Who reads tickets: those of the own department, or of the whole center."""
OPEN = (TicketState.REGISTERED, TicketState.IN_ARBITRATION, TicketState.ASSIGNED, TicketState.AWAITING_MATERIALS)
"""While something is to be done about a ticket, what was solved before stands below it."""


@pages.get("/tickets/<uuid:ticket_id>")
@for_staff(*READERS)
def show(ticket_id: Any) -> Any:
    """A ticket. Where deadline_watch is away, its deadlines are shown without their days."""
    department = _department_in(ticket_id)
    before = request.args.get("before")
    ticket = g.person.get("routing", f"/tickets/{ticket_id}", acting_for=department, timeline_before=before)
    try:
        deadlines = g.person.get("deadline_watch", f"/deadlines/{ticket_id}", acting_for=department)["deadlines"]
    except BackendAway:
        deadlines = None
    papers = _papers(ticket_id, department)
    mine = [each for each in ticket["assignments"] if each["department"] in g.person.departments]
    is_open, is_whole = ticket["state"] in OPEN, not is_fragment()
    return render_template(
        "ticket.html" if is_whole else "ticket_body.html",
        solved=similar_to(ticket_id, department) if is_open and is_whole else [],
        suggested=suggested_for(ticket_id) if ticket["state"] == TicketState.IN_ARBITRATION and is_whole else [],
        ticket=ticket,
        deadlines=deadlines,
        papers=papers,
        case=case_of(ticket_id, department) if is_whole and ticket["state"] == TicketState.CLOSED else None,
        mine=mine,
        return_reasons=list(ReturnReason),
        outcomes=list(Outcome),
        happened=happened,
        said_once=said_once,
    )


def _papers(ticket_id: Any, department: str | None) -> Any:
    """What the citizen told and brought, for those who have the ticket now; None for others, or without intake."""
    try:
        return g.person.get("intake", f"/tickets/{ticket_id}/papers", acting_for=department)
    except BackendAway:
        return None
    except BackendRefused as refused:
        if refused.status not in (403, 404):
            raise
        return None


def said_once(timeline: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A timeline that says once who leads: routing a ticket also makes the lead's assignment, at the same instant."""
    routed = {(each["at"], each["department"]) for each in timeline if each["what"] == "ticket.routed"}
    return [
        each
        for each in timeline
        if not (
            each["what"] == "assignment.made"
            and each["text"] == DepartmentRole.LEAD
            and (each["at"], each["department"]) in routed
        )
    ]


def happened(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Who did what an entry of the timeline says, by name, and its text in words where it is a code."""
    center, wording = g.center, g.wording
    people = {**center.staff, **center.channels}
    who = people[entry["by"]].name if entry["by"] in people else ""
    text = entry["text"] or ""
    match entry["what"]:
        case "ticket.routed" if not who:
            return who, wording.reasons(text)
        case "arbitration.requested":
            return who, wording.code(f"arbitration_{text}")
        case "assignment.made" | "ticket.rated" | "ticket.closed":
            return who, wording.code(text)
        case "meeting.called" | "meeting.moved":
            at, _, where = text.partition(", ")
            begins = work_calendar(center.calendar).local(datetime.fromisoformat(at))
            return who, f"{wording.moment(begins)} · {where}"
        case "assignment.handed_over":
            to, _, why = text.partition(", ")
            return who, f"→ {people[to].name if to in people else to}: {why}"
        case "assignment.completed":
            return who, wording.reply(text)
        case "escalation.acknowledged":
            return who, wording.code(f"kind_{text}")
        case "ticket.escalated" | "escalation.passed_up" | "escalation.voided" | "notice.failed":
            return who, "、".join(people[each].name for each in text.split(", ") if each in people)
    return who, text


def _department_in(ticket_id: Any) -> str | None:
    """With which of one's departments to ask: the address may name it, else the first."""
    asked = request.args.get("department")
    return asked if asked in (*g.person.departments, *g.person.headed) else None


@pages.get("/search")
@for_staff(*READERS)
def search() -> Any:
    """Tickets by words of two characters at least, or by number."""
    words = request.args.get("words", "").strip()
    page = None
    if len(words) >= 2:
        page = g.person.get("routing", "/tickets", search=words[:100], limit=50, after=request.args.get("after"))
    return render_template("search_rows.html" if is_fragment() else "search.html", page=page, words=words)
