"""The ledger's columns (台账), and what stands in each. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from schemas.center.center import Center

FILTERS = ("since", "until", "state", "complexity", "department", "cause", "channel")
WIDTHS = {
    "number": 18,
    "registered_at": 16,
    "channel": 8,
    "applicant": 10,
    "phone": 14,
    "organisation": 18,
    "credit_code": 20,
    "title": 26,
    "text": 40,
    "times_refused": 8,
    "cause": 12,
    "complexity": 8,
    "state": 10,
    "registered_by": 10,
    "first_responsible": 10,
    "lead": 14,
    "assisting": 16,
    "assigned_at": 16,
    "accepted_at": 16,
    "due_at": 16,
    "extended": 8,
    "returns": 26,
    "progress": 30,
    "result": 40,
    "answered_at": 16,
    "answered_by_way": 10,
    "called_back_at": 16,
    "rating": 10,
    "supervision": 14,
    "closed_at": 16,
    "exemplary": 10,
}
"""The columns in order, and how wide each is. The way of feedback and the exemplary case are filled in by hand."""


class LedgerWords(NamedTuple):
    """How codes, times and sentences are said."""

    code: Callable[[str | None], str]
    say: Callable[..., str]
    moment: Callable[[str | None], str]


def cells(
    line: Mapping[str, Any], applicant: Mapping[str, Any] | None, center: Center, words: LedgerWords
) -> list[str | int | datetime | None]:
    """One line of the ledger, in the order of WIDTHS. ``applicant`` is None where intake knows none."""
    person = applicant["applicant"] if applicant else {}
    values: dict[str, str | int | datetime | None] = {
        "number": line["number"],
        "channel": words.code(line["channel"]),
        "applicant": person.get("name"),
        "phone": person.get("phone"),
        "organisation": person.get("organisation"),
        "credit_code": person.get("credit_code"),
        "title": (applicant and applicant["title"]) or line["title"],
        "text": (applicant and applicant["text"]) or line["text"],
        "times_refused": applicant["times_refused"] if applicant else None,
        "cause": words.code(line["cause"]),
        "complexity": words.code(line["complexity"]),
        "state": words.code(f"state_{line['state']}"),
        "registered_by": _person(center, applicant["registered_by"]) if applicant else None,
        "first_responsible": _person(center, line["first_responsible"]),
        "lead": _department(center, line["lead"]),
        "assisting": "、".join(_department(center, each) for each in line["assisting"]),
        "extended": line["extended_days"] or None,
        "returns": "\n".join(
            f"{_department(center, each['department'])}：{words.code(each['reason'])}；{each['explanation']}"
            for each in line["returns"]
        ),
        "progress": "\n".join(
            f"{words.moment(each['progress_at'])} {_department(center, each['department'])}：{each['progress']}"
            for each in line["progress"]
        ),
        "result": "\n".join(each for each in (words.code(line["outcome"]), line["report"], line["answer"]) if each),
        "rating": words.code(line["rating"]),
        "supervision": words.say(
            "{times} times, up to level {level}", times=line["escalations"], level=line["highest_level"]
        )
        if line["escalations"]
        else None,
    }
    for name in ("registered_at", "assigned_at", "accepted_at", "due_at", "answered_at", "closed_at"):
        values[name] = _instant(line[name])
    values["called_back_at"] = _instant(line["rated_at"])
    return [values.get(name) for name in WIDTHS]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _person(center: Center, staff: str) -> str:
    known = center.staff.get(staff) or center.channels.get(staff)
    return known.name if known else staff


def _department(center: Center, code: str | None) -> str:
    return center.departments[code].name if code in center.departments else code or ""
