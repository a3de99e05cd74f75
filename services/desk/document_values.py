"""What stands in the fields of documents: a ticket, a sitting, figures, in the reader's language and by name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import g

from services.calendar.calendar import work_calendar
from services.desk.context import department_name, name_of
from services.desk.rules.figures import rate
from services.desk.rules.time_left import time_left, working_day

Values = dict[str, Any]


def everywhere() -> Values:
    """The center, and who printed it when."""
    now = work_calendar(g.center.calendar).local(g.now)
    printed = g.wording.say(
        "{center}, {when}", center=g.center.name, when=g.wording.part_of_day(now, _DATE[g.wording.language])
    )
    return {"center": g.center.name, "printed": printed}


_DATE = {"zh": "yyyy年M月d日", "en": "d MMMM yyyy"}


def _moment(instant: str | None) -> str:
    """With its year, in the center's zone: a document is read when it no longer goes without saying."""
    if instant is None:
        return ""
    local = work_calendar(g.center.calendar).local(datetime.fromisoformat(instant))
    return f"{g.wording.part_of_day(local, _DATE[g.wording.language])} {local:%H:%M}"


def of_ticket(ticket: Mapping[str, Any]) -> Values:
    """What the head of a document says of a ticket."""
    return {
        "number": ticket["number"],
        "title": ticket["title"],
        "text": ticket["text"],
        "registered_at": _moment(ticket["registered_at"]),
        "lead": department_name(ticket["lead"]),
        "assisting": "、".join(department_name(each) for each in ticket["assisting"]) or "—",
        "first_responsible": name_of(ticket["first_responsible"]),
        "due_at": _moment(ticket["due_at"]),
    }


def report(ticket: Mapping[str, Any]) -> Values:
    """The special-topic report (专题报告), with the meetings that were held and who has signed."""
    return of_ticket(ticket) | {
        "reported_at": _moment(ticket["reported_at"]),
        "report": ticket["report"],
        "meetings": [
            {"when": _moment(each["meets_at"]), "place": each["place"], "outcome": each["outcome"] or ""}
            for each in ticket["meetings"]
            if each["state"] == "held"
        ],
        "signatures": [
            {
                "department": department_name(each["department"]),
                "name": name_of(each["signed_by"]),
                "when": _moment(each["signed_at"]),
            }
            for each in ticket["signatures"]
        ],
    }


def supervision(ticket: Mapping[str, Any]) -> Values:
    """The supervision notice (督办单): what is late, who was told, what was reported."""
    wording = g.wording
    late = "—"
    if ticket["due_at"]:
        left = time_left(datetime.fromisoformat(ticket["due_at"]), g.now, work_calendar(g.center.calendar))
        if left.is_late:
            late = wording.time_left(left.working_time, working_day(g.center.calendar))
    return of_ticket(ticket) | {
        "late": late,
        "demand": wording.say("Please handle it at once, and say in writing what was done."),
        "escalations": [
            {
                "level": each["level"],
                "kind": wording.code(f"kind_{each['kind']}"),
                "when": _moment(each["escalated_at"]),
                "to": "、".join(name_of(staff) for staff in each["to"]),
            }
            for each in ticket["escalations"]
            if not each["voided_at"]
        ],
        "progress": [
            {
                "department": department_name(each["department"]),
                "when": _moment(each["progress_at"]),
                "progress": each["progress"],
            }
            for each in ticket["assignments"]
            if each["progress"]
        ],
    }


def of_sitting(sitting: Mapping[str, Any]) -> Values:
    """The minutes of a sitting, and its hand-over sheet."""
    wording = g.wording
    signed = wording.say("not signed yet")
    if sitting["signed_at"]:
        signed = f"{name_of(sitting['signed_by'])} {_moment(sitting['signed_at'])}"
    return {
        "leader": name_of(sitting["leader"]),
        "opens_at": _moment(sitting["opens_at"]),
        "closes_at": _moment(sitting["closes_at"]),
        "signed": signed,
        "minutes": sitting["minutes"],
        "handover": sitting["handover"],
        "decisions": [
            {
                "when": _moment(each["at"]),
                "what": wording.code(f"event_{each['what']}"),
                "number": f"{each['number']} {each['title']}",
                "said": each["text"] or "",
            }
            for each in sitting["decisions"]
        ],
        "left_undone": [
            {
                "section": wording.code(f"section_{each['section']}"),
                "count": f"{each['count']}{'+' if each['has_more'] else ''}",
                "numbers": "\n".join(f"{ticket['number']} {ticket['title']}" for ticket in each["tickets"]),
            }
            for each in sitting["left_undone"]
            if each["count"]
        ],
    }


def of_window(ticket: Mapping[str, Any], papers: Mapping[str, Any]) -> Values:
    """The notice that a ticket is not taken in, and the list of papers to bring (补正材料清单)."""
    wording = g.wording
    return {
        "number": ticket["number"],
        "title": ticket["title"],
        "applicant": ticket["applicant"]["organisation"] or ticket["applicant"]["name"],
        "registered_at": _moment(ticket["registered_at"]),
        "reason": wording.code(ticket["decline_reason"]),
        "remedy": ticket["remedy"] or "",
        "due_on": wording.full_day(due_on) if (due_on := papers["materials_due_on"]) else "—",
        "papers": [{"no": no, "item": item} for no, item in enumerate(ticket["materials"], 1)],
        "promise_waits": wording.say("Until then the promised time waits. Please bring all of it at once."),
    }


def bulletin(view: Mapping[str, Any], link: str, times: tuple[str, str]) -> Values:
    """The bulletin of some days: each rate with its numerator and denominator, and where the rows are."""
    total, wording = view["total"], g.wording

    def said(row: Mapping[str, Any], part: str, whole: str) -> str:
        return f"{rate(row[part], row[whole])} ({row[part]}/{row[whole]})"

    return {
        "period": f"{wording.full_day(view['since'])} – {wording.full_day(view['until'])}",
        **{name: total[name] for name in ("registered", "answered", "closed")},
        "kept_rate": said(total, "kept", "due"),
        "satisfied_rate": said(total, "rated_well", "rated"),
        "returned_rate": said(total, "returned", "assigned"),
        "repeated_rate": said(total, "repeated", "registered"),
        "escalated": total["escalated"],
        "median_time": times[0],
        "p90_time": times[1],
        "rows_behind": link,
        "departments": [
            {
                "department": department_name(row["group"]) or wording.code("without_department"),
                "registered": row["registered"],
                "closed": row["closed"],
                "kept": said(row, "kept", "due"),
                "satisfied": said(row, "rated_well", "rated"),
                "returned": said(row, "returned", "assigned"),
            }
            for row in view["rows"]
        ],
    }
