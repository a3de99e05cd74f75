"""The rules of a center file that are a few numbers each, as a form shows and takes them. Pure."""

import re
from typing import Any

import marshmallow

from schemas.center.center import Center
from services.desk.rules.center_form_fields import Filled, number

GROUPS = ("returns", "extension", "pause", "confirmation", "suggestions", "retention")
"""Rules that are a few numbers each; one that is left empty in the form is not said where it may be None."""


def numbers_of(group: str) -> dict[str, int | float | None]:
    """The numbers of one of GROUPS, by name, as they are where nothing is written."""
    record = Center.schema().fields[group]
    assert isinstance(record, marshmallow.fields.Nested)
    default = getattr(Center, group)
    return {name: getattr(default, name) for name in record.schema.fields}


def take_numbers(data: dict[str, Any], form: Filled) -> None:
    """What a form says of all GROUPS; what is as by default is written only where something was."""
    for group in GROUPS:
        known = numbers_of(group)
        typed = {name: _decimal(form.get(f"{group}.{name}", "")) for name in known}
        asked = {name: None if value == "" and known[name] is None else value for name, value in typed.items()}
        if group in data or asked != known:
            was = data.get(group, {})
            gone = {name for name, value in asked.items() if value is None and was.get(name) is not None}
            # A decimal is a text where the file is read, and stays what it was.
            said = {name: was[name] if str(was.get(name)) == str(value) else value for name, value in asked.items()}
            said = {name: value for name, value in said.items() if value is not None}
            data[group] = {name: value for name, value in was.items() if name not in gone} | said


def _decimal(text: str) -> int | float | str:
    """The number that is written, whole or with a decimal point, or what is written instead."""
    text = text.strip()
    return float(text) if re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,6}", text) else number(text)
