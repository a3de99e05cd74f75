"""What every template finds: texts and codes in the reader's language, names of people and departments, times."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import g
from markupsafe import Markup

from schemas.center.center import Center
from services.calendar.calendar import work_calendar
from services.desk.rules.time_left import time_left, working_day
from services.desk.wording import PageWording
from services.plumbing.runtime.office import office


def context() -> dict[str, Any]:
    """The names that templates use."""
    wording: PageWording = g.wording
    return {
        "_": wording.say,
        "count": wording.count,
        "code": wording.code,
        "reasons": wording.reasons,
        "reply": wording.reply,
        "replies": wording.replies,
        "moment": wording.moment,
        "day": wording.day,
        "wording": wording,
        "language": wording.language,
        "person": g.person,
        "center": g.center,
        "session": g.session,
        "desk": g.desk,
        "name_of": name_of,
        "staff_names": _staff_names,
        "department_name": department_name,
        "department_names": _department_names,
        "ticket_number": _ticket_number,
        "about": wording.about,
        "new_key": lambda: secrets.token_hex(16),
        "time_left": _time_left,
        "filesize": wording.file_size,
        "has_office": lambda: office() is not None,
    }


def name_of(staff: str | None) -> str:
    """A person of the center file by name; a code that it does not know stays a code."""
    center: Center | None = g.center
    return center.staff[staff].name if center and staff in center.staff else staff or ""


def _staff_names(staff: Iterable[str]) -> str:
    wording: PageWording = g.wording
    return wording.listed(map(name_of, staff))


def department_name(code: str | None) -> str:
    """A department of the center file by name; a code that it does not know stays a code."""
    center: Center | None = g.center
    return center.departments[code].name if center and code in center.departments else code or ""


def _department_names(codes: Iterable[str]) -> str:
    wording: PageWording = g.wording
    return wording.listed(map(department_name, codes))


def _ticket_number(number: str | None) -> str:
    """A number that no line breaks at its hyphens."""
    return Markup('<span class="ticket-number">{}</span>').format(number) if number else ""


def _time_left(due_at: str | None) -> tuple[str, str]:
    """The light of a due time, and the working time until it or since it in words."""
    if due_at is None:
        return "none", ""
    wording: PageWording = g.wording
    left = time_left(datetime.fromisoformat(due_at), g.now, work_calendar(g.center.calendar))
    day = working_day(g.center.calendar)
    said = wording.time_left(left.working_time, day)
    return left.light(day), wording.say("{time} late" if left.is_late else "{time} left", time=said)
