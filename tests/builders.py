"""Small valid things to test with; each argument replaces one field of them."""

import dataclasses
from datetime import datetime
from typing import Any

from schemas.center.center import Calendar, Center, CenterPublished, Roster, RoutingRule, Step

_CENTER: dict[str, Any] = {
    "code": "BC",
    "name": "A center",
    "staff": {
        code: {"name": code.title(), "title": "of the center"}
        for code in ("director", "watchman", "gu", "peng", "liang", "fang", "tax-clerk", "tax-head", "home-clerk")
    }
    | {
        "fang": {"name": "Fang", "title": "of the center", "roles": ["clerk"]},
        "he-jing": {"name": "He-Jing", "title": "of the center", "roles": ["clerk"]},
        "watchman": {"name": "Watchman", "title": "of the center", "roles": ["ops"]},
        "auditor": {"name": "Auditor", "title": "of the center", "roles": ["auditor"]},
    },
    "channels": {"hotline-feed": {"name": "Hotline"}},
    "director": "director",
    "supervision_office": "watchman",
    "departments": {
        "SWJ": {"name": "Tax", "liaisons": ["tax-clerk"], "head": "tax-head"},
        "ZJJ": {"name": "Housing", "liaisons": ["home-clerk"]},
    },
    "calendar": {"business_hours": [{"opens": "09:00", "closes": "12:00"}, {"opens": "13:00", "closes": "17:00"}]},
    "limits": {
        "acknowledge": {"working_days": 1},
        "answer": {"working_days": 2},
        "report": {"working_days": 5},
        "arbitrate": {"working_hours": 4},
    },
    "ladder": {
        "acknowledge": [{"mark": "breached", "light": "yellow", "tell": ["liaison", "department_head"]}],
        "arbitrate": [{"mark": "breached", "light": "red", "tell": ["duty_leader"]}],
        **{
            promise: [
                {"mark": "approaching", "working_days": 1, "light": "yellow", "tell": ["liaison", "first_responsible"]},
                {"mark": "breached", "light": "red", "tell": ["department_head", "duty_leader"]},
                {"mark": "overdue", "working_days": 1, "light": "red", "tell": ["center_director"]},
                {"mark": "overdue", "working_days": 5, "light": "red", "tell": ["supervision_office"]},
            ]
            for promise in ("answer", "report")
        },
    },
    "roster": {
        "sittings": [
            {"weekday": 2, "opens": "09:00", "closes": "12:00"},
            {"weekday": 4, "opens": "09:00", "closes": "12:00"},
        ],
        "leaders": ["gu", "peng", "liang", "fang"],
        "starts_on": "2025-01-02",
    },
    "rules": [
        {"id": "tax", "any_of": ["税务", "发票"], "lead": "SWJ"},
        {"id": "certificates", "any_of": ["未办证"], "lead": "ZJJ", "assisting": ["SWJ"]},
    ],
}


def at(text: str) -> datetime:
    """An instant in Shanghai: ``2025-01-24 10:00``."""
    return datetime.fromisoformat(f"{text}+08:00")


def a_center(**changes: Any) -> Center:
    """A center of two departments with the limits, the ladder and the roster of the design."""
    return dataclasses.replace(Center.load(_CENTER), **changes)


def a_calendar(**changes: Any) -> Calendar:
    """Business hours 9-12 and 13-17 in Shanghai, no days of the center's own."""
    return dataclasses.replace(a_center().calendar, **changes)


def a_roster(**changes: Any) -> Roster:
    """Gu, Peng, Liang and Fang in turn on Tuesday and Thursday mornings from Thursday 2 January 2025."""
    return dataclasses.replace(a_center().roster, **changes)


def a_rule(**changes: Any) -> RoutingRule:
    """Tax words go to the tax office."""
    return dataclasses.replace(a_center().rules[0], **changes)


def a_step(**changes: Any) -> Step:
    """A rung of the ladder, as the center file writes it; the breach unless told otherwise."""
    return Step.load({"mark": "breached", "light": "red", "tell": ["duty_leader"], **changes})


def published(center: Center, version: int = 1) -> CenterPublished:
    """Every service is given the center's file."""
    return CenterPublished(center=center.code, version=version, body=center)
