"""JSON as strictly as RFC 8259 lets one be: refused is what two readers could differ on, or a database not hold."""

import json
import math
import re
from itertools import islice
from typing import Any

DEPTH = 32
"""How deep values may stand in one another: far more than any request of ours, far less than Python's own limit."""

PARTS = 40_000
"""How many texts, commas and opening brackets there may be: twice those of the largest feed. The time that a body costs
is that of its parts, and nobody else is served meanwhile.
"""

_PART = re.compile(rb'"(?:[^"\\]++|\\.)*+"?+|[\[{,]', re.DOTALL)


class BadJson(ValueError):
    """Not acceptable JSON. The message says what is wrong and repeats none of the text."""


def _no_constant(name: str) -> None:
    raise BadJson(f"{name} is not JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("an object has the same name twice")
    return found


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= (number := int(digits)) < 2**63:
        raise BadJson("a number is too large")
    return number


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise BadJson("a number is too large")
    return number


def _check(value: Any) -> None:
    """Raises BadJson on deep nesting, and on text that UTF-8 or PostgreSQL cannot hold: an escape can bring it."""
    level = [value]
    for _ in range(DEPTH):
        deeper: list[Any] = []
        for each in level:
            match each:
                case str():
                    _check_text(each)
                case list():
                    deeper.extend(each)
                case dict():
                    deeper.extend(each)
                    deeper.extend(each.values())
        if not deeper:
            return
        level = deeper
    raise BadJson("the body is nested too deeply")


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise BadJson("a text holds the character U+0000")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadJson("a text holds half of a surrogate pair") from None


def _check_parts(body: bytes) -> None:
    """Raises BadJson on more than PARTS, before any of them is made a value."""
    if sum(map(body.count, (b'"', b",", b"[", b"{"))) <= PARTS:
        return
    if sum(1 for _part in islice(_PART.finditer(body), PARTS + 1)) > PARTS:
        raise BadJson("the body holds too many values")


def parse(body: bytes) -> Any:
    """The value in ``body``.

    Raises BadJson on too many values, bad UTF-8, NaN, infinities, duplicate names, integers beyond 64 bits, deep
    nesting, U+0000 and halves of surrogate pairs.
    """
    _check_parts(body)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadJson("the body is not UTF-8") from None
    try:
        value = json.loads(
            text,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_float,
            object_pairs_hook=_no_duplicates,
        )
    except BadJson:
        raise
    except RecursionError:
        raise BadJson("the body is nested too deeply") from None
    except ValueError:
        raise BadJson("the body is not JSON") from None
    _check(value)
    return value
