"""The center file as a form: the parts that people change every week, taken into what was written. Pure.

What a form does not show stays as it is; what cannot be right stays as it was typed, and is shown with its fault.
"""

from collections.abc import Callable, Mapping
from typing import Any

from schemas.enums import DeadlineKind
from services.desk.rules.center_form_fields import Filled, number, put, row_count, rows, words_in
from services.desk.rules.center_form_numbers import GROUPS, take_numbers
from services.desk.rules.center_form_question_base import fill_question_base, is_question_base_shaped

BLANK_ROWS = 2


def is_form_shaped(data: Any) -> bool:
    """Whether a form can show what was written, right or wrong: groups where groups belong."""
    if not isinstance(data, dict):
        return False
    by_code = all(
        isinstance(data.get(part), dict) and all(isinstance(each, dict) for each in data[part].values())
        for part in ("departments", "staff", "limits")
    )
    ladder = data.get("ladder")
    return (
        by_code
        and all(isinstance(data.get(part), dict) for part in ("roster", "calendar"))
        and all(isinstance(data.get(part, {}), dict) for part in (*GROUPS, "escalation_acknowledgement"))
        and all(_isrows(data["roster"].get(part, [])) for part in ("sittings", "swaps"))
        and _isrows(data["calendar"].get("business_hours", []))
        and is_question_base_shaped(data.get("question_base", {}))
        and isinstance(ladder, dict)
        and all(_isrows(steps) for steps in ladder.values())
    )


def _isrows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def filled_in(data: Mapping[str, Any], part: str, form: Filled) -> dict[str, Any]:
    """``data``, which is form-shaped, with what a form of ``part`` says."""
    changed = {name: _copied(value) for name, value in data.items()}
    _PARTS[part](changed, form)
    return changed


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items()}
    return [_copied(each) for each in value] if isinstance(value, list) else value


def _departments(data: dict[str, Any], form: Filled) -> None:
    def take(each: dict[str, Any], place: str) -> None:
        each["name"], each["liaisons"] = form.get(f"{place}.name", ""), words_in(form.get(f"{place}.liaisons", ""))
        put(each, "head", form.get(f"{place}.head", ""))

    _by_code(data["departments"], "departments", form, take)


def _staff(data: dict[str, Any], form: Filled) -> None:
    def take(each: dict[str, Any], place: str) -> None:
        each["name"], each["title"] = form.get(f"{place}.name", ""), form.get(f"{place}.title", "")
        put(each, "roles", form.getlist(f"{place}.roles"))

    _by_code(data["staff"], "staff", form, take)


def _by_code(members: dict[str, Any], part: str, form: Filled, take: Callable[[dict[str, Any], str], None]) -> None:
    for code in form.getlist("code"):
        place = f"{part}.{code}"
        if form.get(f"{place}.remove", ""):
            members.pop(code, None)
        elif code in members:
            take(members[code], place)
    if new := form.get("new.code", "").strip():
        take(members.setdefault(new, {}), "new")


def _limits(data: dict[str, Any], form: Filled) -> None:
    for kind in DeadlineKind:
        unit, amount = form.get(f"limits.{kind}.unit", ""), form.get(f"limits.{kind}.amount", "")
        data["limits"][str(kind)] = {unit: number(amount)}
    take_numbers(data, form)


def _roster(data: dict[str, Any], form: Filled) -> None:
    roster = data["roster"]
    roster["sittings"] = [
        {"weekday": number(row["weekday"]), "opens": row["opens"], "closes": row["closes"]}
        for row in rows(form, "roster.sittings", ("weekday", "opens", "closes"))
    ]
    roster["leaders"] = words_in(form.get("roster.leaders", ""))
    roster["starts_on"], roster["on_closed_day"] = (
        form.get("roster.starts_on", ""),
        form.get("roster.on_closed_day", ""),
    )
    put(roster, "swaps", rows(form, "roster.swaps", ("day", "leader")))


def _calendar(data: dict[str, Any], form: Filled) -> None:
    calendar = data["calendar"]
    calendar["business_hours"] = rows(form, "calendar.business_hours", ("opens", "closes"))
    for name in ("closed_days", "open_days"):
        put(calendar, name, words_in(form.get(f"calendar.{name}", "")))
    put(calendar, "announced_through", form.get("calendar.announced_through", ""))
    if form.get("calendar.roll_forward", "") or calendar.get("roll_forward"):
        calendar["roll_forward"] = bool(form.get("calendar.roll_forward", ""))


def _ladder(data: dict[str, Any], form: Filled) -> None:
    for kind in DeadlineKind:
        steps = []
        for at in range(row_count(form, f"ladder.{kind}")):
            place = f"ladder.{kind}[{at}]"
            mark, light, days = (form.get(f"{place}.{name}", "") for name in ("mark", "light", "working_days"))
            if not mark:
                continue
            step: dict[str, Any] = {"mark": mark, "light": light, "tell": form.getlist(f"{place}.tell")}
            if number(days) not in (0, ""):
                step["working_days"] = number(days)
            steps.append(step)
        data["ladder"][str(kind)] = steps
    name = "escalation_acknowledgement"
    amount = number(form.get(f"{name}.amount", ""))
    put(data, name, {form.get(f"{name}.unit", ""): amount} if amount != "" else None)


_PARTS: dict[str, Callable[[dict[str, Any], Filled], None]] = {
    "departments": _departments,
    "staff": _staff,
    "limits": _limits,
    "roster": _roster,
    "ladder": _ladder,
    "calendar": _calendar,
    "question_base": fill_question_base,
}
PARTS = tuple(_PARTS)
"""The parts that there are forms of."""
