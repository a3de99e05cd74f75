"""The rules of a center file that are a few numbers each, as a form shows and takes them. Pure."""

import re
from typing import Any, Protocol

import marshmallow

from schemas.center.center import Center

GROUPS = ("returns", "extension", "pause", "confirmation", "suggestions", "retention")
"""Rules that are a few numbers each; one that is left empty in the form is not said where it may be None."""


class HasFields(Protocol):
    """A form as a browser sends it."""

    def get(self, name: str, default: str, /) -> str:
        """The value of a field, the default where there is none."""


def numbers_of(group: str) -> dict[str, int | float | None]:
    """The numbers of one of GROUPS, by name, as they are where nothing is written."""
    record = Center.schema().fields[group]
    assert isinstance(record, marshmallow.fields.Nested)
    default = getattr(Center, group)
    return {name: getattr(default, name) for name in record.schema.fields}


def take_numbers(data: dict[str, Any], form: HasFields) -> None:
    """What a form says of all GROUPS; what is as by default is written only where something was."""
    for group in GROUPS:
        known = numbers_of(group)
        typed = {name: number(form.get(f"{group}.{name}", "")) for name in known}
        asked = {name: None if value == "" and known[name] is None else value for name, value in typed.items()}
        if group in data or asked != known:
            said = {name: value for name, value in asked.items() if value is not None}
            data[group] = {name: value for name, value in data.get(group, {}).items() if name not in known} | said


def number(text: str) -> int | float | str:
    """A number, whole or with a decimal point; what is none stays as it was typed."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,6}", text):
        return float(text)
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text
