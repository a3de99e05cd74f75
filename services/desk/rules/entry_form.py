"""The form of an entry of the question base, as a browser sends it, and what differs between two versions. Pure."""

import difflib
from collections.abc import Mapping
from typing import Any, NamedTuple

from services.desk.rules.center_form_fields import Filled

LINES = ("other_wordings", "materials", "matters")
"""Fields with an item a line."""
TEXTS = ("question", "answer", "steps", "why")
CHOICES = ("kind", "audience", "owner", "valid_from", "valid_until")
"""Fields that are left out where nothing is chosen."""
OF_BASIS = ("title", "number", "article", "in_force", "ends")
MOST_BASES = 20
COMPARED = (
    *("question", "other_wordings", "answer", "steps", "materials", "basis"),
    *("departments", "matters", "audience", "valid_from", "valid_until"),
)
"""What of two versions is compared."""


def body_of(form: Filled) -> dict[str, Any]:
    """What the service is asked to keep."""
    body: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXTS}
    body |= {name: lines_of(form.get(name, "")) for name in LINES}
    body |= {name: given for name in CHOICES if (given := form.get(name, "").strip())}
    body["departments"] = form.getlist("departments")
    rows = [{name: form.get(f"basis.{nth}.{name}", "").strip() for name in OF_BASIS} for nth in range(MOST_BASES)]
    body["basis"] = [{name: said for name, said in row.items() if said} for row in rows if any(row.values())]
    return body


def lines_of(text: str) -> list[str]:
    """The lines in which something stands."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def values_of(version: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of an entry begins with, from a version of it."""
    values = {name: version.get(name) or "" for name in (*TEXTS, *CHOICES)}
    values |= {name: "\n".join(version.get(name) or ()) for name in LINES}
    return values | {
        "why": "",
        "kind": entry["kind"],
        "owner": entry["owner"],
        "departments": version["departments"],
        "basis": version["basis"],
    }


class Piece(NamedTuple):
    """A part of a text: ``kind`` is same, gone or new."""

    kind: str
    text: str


class FieldChange(NamedTuple):
    """A field that two versions have otherwise."""

    field: str
    pieces: list[Piece]


def differences(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, str]) -> list[FieldChange]:
    """What differs between two versions, field by field; ``names`` are those of departments and audiences."""
    found = []
    for field in COMPARED:
        was, becomes = (_words(version[field], names) for version in (before, after))
        if was != becomes:
            found.append(FieldChange(field, _pieces(was, becomes)))
    return found


def _words(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return "\n".join(_words(each, names) for each in value)
    if isinstance(value, dict):
        return " ".join(str(value[name]) for name in OF_BASIS if value.get(name))
    return names.get(value, value) if isinstance(value, str) else ""


def _pieces(was: str, becomes: str) -> list[Piece]:
    """By characters, since Chinese has no spaces; what is left between is joined."""
    pieces = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, was, becomes, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", was[a:b]))
            continue
        if a < b:
            pieces.append(Piece("gone", was[a:b]))
        if c < d:
            pieces.append(Piece("new", becomes[c:d]))
    return pieces
