"""The center file in words: where something stands, and what it says, in the reader's language and by name."""

from typing import Any

from flask import g

from services.access.center_text import path_in


def changes_in_words(changes: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Where something differs, what it was and what it becomes, in words."""
    said = []
    for each in changes:
        field = next((part for part in reversed(path_in(each["path"])) if isinstance(part, str)), "")
        was, becomes = (_value_words(each[when], field) for when in ("before", "after"))
        said.append((path_words(each["path"]), was, becomes))
    return said


def path_words(path: str) -> str:
    """``departments.SWJ.head`` as: departments › Tax Office › head."""
    parts = path_in(path)
    return " › ".join(_part_words(part, str(parts[0]) if at == 1 else "") for at, part in enumerate(parts))


def _part_words(part: str | int, within: str) -> str:
    match within:
        case _ if isinstance(part, int):
            return str(g.wording.say("no. {number}", number=part + 1))
        case "departments" | "staff" | "channels":
            return _name_in_center(part)
        case "limits" | "ladder":
            return str(g.wording.code(f"kind_{part}"))
        case "rules":
            return part
    said = str(g.wording.code(f"center_{part}"))
    return part if said.startswith("code:") else said


_CODES = {
    "mark": "mark_",
    "light": "light_",
    "tell": "post_",
    "roles": "role_",
    "causes": "",
    "complex_causes": "",
    "complexity": "",
    "on_closed_day": "roster_",
}
"""Fields that hold codes, and what stands before these in the catalogues."""


def _value_words(value: Any, field: str) -> str:
    """A value of the center file as people say it: persons and departments by name."""
    match value:
        case None:
            return ""
        case bool():
            return str(g.wording.say("yes") if value else g.wording.say("no"))
        case list():
            return "、".join(_value_words(each, field) for each in value)
        case dict():
            given = {name: each for name, each in value.items() if each not in (None, [], "")}
            return "; ".join(f"{_part_words(name, '')}: {_value_words(each, name)}" for name, each in given.items())
    return str(g.wording.code(f"{_CODES[field]}{value}")) if field in _CODES else _name_in_center(str(value))


def _name_in_center(code: str) -> str:
    for named in (g.center.staff, g.center.departments, g.center.channels):
        if code in named:
            return f"{named[code].name} ({code})"
    return code
