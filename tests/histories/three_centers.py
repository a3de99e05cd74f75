"""Three invented centers that differ in all that may differ: calendar, hours, limits, ladder, roster, rules."""

from typing import Any

DEPARTMENTS = ("SWJ", "SJJ", "YBJ", "RSJ", "ZJJ")
MATTERS = ("tax", "opening", "insurance", "housing", "unknown")
CAUSES = (None, "materials", "legacy")
_STAFF = ("director", "office", "clerk", "helper", "gu", "peng", "liang", "fang")


def _a_center(code: str, **own: Any) -> dict[str, Any]:
    """What the three have in common. One department has two liaisons, one nobody at its head."""
    liaisons = {each: [f"{each}-1", f"{each}-2"] if each == "SJJ" else [f"{each}-1"] for each in DEPARTMENTS}
    departments: dict[str, Any] = {each: {"name": each, "liaisons": liaisons[each]} for each in DEPARTMENTS}
    for each in DEPARTMENTS[:-1]:
        departments[each]["head"] = f"{each}-head"
    people = [*_STAFF, *(staff for each in liaisons.values() for staff in each)]
    people += [f"{each}-head" for each in DEPARTMENTS[:-1]]
    return {
        "code": code,
        "name": f"中心 {code}",
        "departments": departments,
        "staff": {each: {"name": each, "title": "工作人员"} for each in people}
        | {"clerk": {"name": "clerk", "title": "工作人员", "roles": ["clerk"]}},
        "director": "director",
        "supervision_office": "office",
        "complex_causes": ["unclear_policy", "department_gap", "legacy"],
        "rules": [
            {"id": "tax", "matters": ["tax"], "lead": "SWJ"},
            {"id": "tax-again", "matters": ["tax"], "lead": "SJJ"},
            {"id": "tax-at-last", "matters": ["tax"], "lead": "YBJ", "assisting": ["SWJ", "RSJ"]},
            {"id": "opening", "matters": ["opening"], "lead": "SJJ", "assisting": ["SWJ"]},
            {"id": "opening-again", "matters": ["opening"], "lead": "ZJJ"},
            {
                "id": "insurance",
                "matters": ["insurance"],
                "lead": "YBJ",
                "assisting": ["RSJ"],
                "complexity": "ordinary",
            },
            {"id": "housing", "matters": ["housing"], "lead": "ZJJ"},
        ],
        **own,
    }


def _rung(mark: str, light: str, *tell: str, days: int = 0) -> dict[str, Any]:
    return {"mark": mark, "working_days": days, "light": light, "tell": list(tell)}


def _hours(*windows: str) -> list[dict[str, str]]:
    return [dict(zip(("opens", "closes"), window.split("-"), strict=True)) for window in windows]


_PROMISE = [
    _rung("approaching", "yellow", "liaison", "first_responsible", days=1),
    _rung("breached", "red", "department_head", "duty_leader"),
    _rung("overdue", "red", "center_director", days=1),
    _rung("overdue", "red", "supervision_office", days=5),
]
_SIGN = [_rung("breached", "yellow", "department_head"), _rung("overdue", "red", "duty_leader", days=1)]

ORDINARY = _a_center(
    "EAST",
    calendar={"business_hours": _hours("09:00-12:00", "13:00-17:00")},
    limits={
        "acknowledge": {"working_days": 1},
        "answer": {"working_days": 2},
        "report": {"working_days": 5},
        "arbitrate": {"working_hours": 4},
    },
    ladder={
        "answer": _PROMISE,
        "report": _PROMISE,
        "acknowledge": _SIGN,
        "arbitrate": [_rung("breached", "red", "duty_leader", "center_director")],
    },
    roster={
        "sittings": [{"weekday": day, "opens": "09:00", "closes": "12:00"} for day in (2, 4)],
        "leaders": ["gu", "peng", "liang", "fang"],
        "starts_on": "2025-01-02",
        "on_closed_day": "shift",
        "swaps": [{"day": "2025-02-13", "leader": "fang"}, {"day": "2026-10-08", "leader": "gu"}],
    },
    returns={"times": 1, "within_working_days": 1},
    extension={"notice_working_days": 1, "max_working_days": 5, "times": 1},
    pause={"cap_working_days": 10, "most_per_round": 1},
)

ROLLING = _a_center(
    "NORTH",
    calendar={
        "business_hours": _hours("08:30-16:30"),
        "roll_forward": True,
        "closed_days": ["2025-02-08", "2025-03-03", "2025-03-04", "2025-10-09", "2026-02-25", "2026-06-22"],
        "open_days": ["2025-01-29", "2025-05-10", "2025-10-06", "2026-02-20", "2026-08-01", "2026-08-02"],
    },
    limits={
        "acknowledge": {"working_hours": 6},
        "answer": {"working_days": 3},
        "report": {"working_days": 7},
        "arbitrate": {"working_hours": 12},
    },
    ladder={
        "answer": [_rung("approaching", "yellow", "liaison", days=2), *_PROMISE],
        "report": _PROMISE[1:],
        "acknowledge": [*_SIGN, _rung("overdue", "red", "center_director", days=3)],
        "arbitrate": [
            _rung("breached", "red", "center_director"),
            _rung("overdue", "red", "supervision_office", days=2),
        ],
    },
    roster={
        "sittings": [
            {"weekday": 1, "opens": "08:30", "closes": "11:30"},
            {"weekday": 3, "opens": "08:30", "closes": "11:30"},
            {"weekday": 3, "opens": "13:30", "closes": "16:30"},
            {"weekday": 6, "opens": "09:00", "closes": "11:00"},
        ],
        "leaders": ["gu", "peng", "liang"],
        "starts_on": "2024-12-30",
        "on_closed_day": "drop",
        "swaps": [{"day": "2025-01-27", "leader": "fang"}],
    },
    returns={"times": 2, "within_working_days": 2},
    extension={"notice_working_days": 0, "max_working_days": 3, "times": 2},
    pause={"cap_working_days": 3, "most_per_round": 3},
)

THREE_WINDOWS = _a_center(
    "WEST",
    calendar={
        "time_zone": "Asia/Urumqi",
        "business_hours": _hours("08:00-10:30", "12:30-14:00", "15:00-17:30"),
        "open_days": ["2025-04-05", "2026-04-05"],
        "announced_through": "2026-12-31",
    },
    limits={
        "acknowledge": {"working_days": 1},
        "answer": {"working_hours": 15},
        "report": {"working_days": 4},
        "arbitrate": {"working_hours": 3},
    },
    ladder={
        "answer": _PROMISE[1:],
        "report": [_rung("approaching", "yellow", "liaison", days=2), *_PROMISE[1:]],
        "acknowledge": [_rung("breached", "red", "liaison", "duty_leader")],
        "arbitrate": [_rung("breached", "red", "duty_leader"), _rung("overdue", "red", "center_director", days=1)],
    },
    roster={
        "sittings": [{"weekday": 5, "opens": "15:00", "closes": "17:30"}],
        "leaders": ["fang", "liang"],
        "starts_on": "2025-01-01",
        "on_closed_day": "shift",
    },
    returns={"times": 0, "within_working_days": 1},
    extension={"notice_working_days": 2, "max_working_days": 10, "times": 1},
    pause={"cap_working_days": 5, "most_per_round": 2},
)

CENTERS = (ORDINARY, ROLLING, THREE_WINDOWS)
