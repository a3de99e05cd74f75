"""The fields of the center file's form, as a browser sends them. Pure."""

import re
from typing import Any, Protocol

MOST_ROWS = 500
"""How many rows a list of a form may have."""
_BETWEEN = re.compile(r"[\s,，、;；]+")


class Filled(Protocol):
    """A form as a browser sends it."""

    def get(self, name: str, default: str, /) -> str:
        """The value of a field, the default where there is none."""

    def getlist(self, name: str, /) -> list[str]:
        """All values of a field."""


def words_in(text: str) -> list[str]:
    """Codes or days that stand with commas or spaces between them."""
    return [each for each in _BETWEEN.split(text) if each]


def rows(form: Filled, place: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a list that are filled in; one of which the first field is empty is left out."""
    every = range(row_count(form, place))
    rows = ({name: form.get(f"{place}[{at}].{name}", "").strip() for name in names} for at in every)
    return [row for row in rows if row[names[0]]]


def row_count(form: Filled, place: str) -> int:
    """How many rows of a list a form has."""
    count = number(form.get(f"{place}.rows", ""))
    return min(count, MOST_ROWS) if isinstance(count, int) else 0


def put(group: dict[str, Any], name: str, value: Any) -> None:
    """Write a value; an empty one stands there no longer, unless it stood there empty."""
    if value or group.get(name) in ([], ""):
        group[name] = value
    elif group.get(name) is not None:
        del group[name]


def number(text: str) -> int | str:
    """The number that is written, or what is written instead."""
    text = text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text
