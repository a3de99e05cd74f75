"""JSON as strictly as RFC 8259 lets one be: refused is what two readers could differ on, or a database not hold.

orjson refuses bad UTF-8, NaN, infinities and halves of surrogate pairs; what it lets pass is looked for here.
"""

import re
from itertools import islice
from typing import Any

import orjson

DEPTH = 32
"""How deep values may stand in one another: far more than any request of ours, far less than Python's own limit."""

PARTS = 40_000
"""How many texts, commas and opening brackets there may be: twice those of the largest feed. The time that a body costs
is that of its parts, and nobody else is served meanwhile.
"""

_TEXT = rb'"(?:[^"\\]++|\\.)*+"?+'
_TEXTS = re.compile(_TEXT, re.DOTALL)
_PARTS = re.compile(_TEXT + rb"|[\[{,]", re.DOTALL)
_NAME_ENDS = re.compile(rb'"[ \t\r\n]*:')
_LONG_INTEGER = re.compile(rb"[0-9]{19}")
_LONG_INTEGERS = re.compile(rb"(?<![\w.+-])-?[0-9]{19,}(?![\w.])")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class BadJson(ValueError):
    """Not acceptable JSON. The message says what is wrong and repeats none of the text."""


def parse(body: bytes) -> Any:
    """The value in ``body``.

    Raises BadJson on too many values, bad UTF-8, NaN, infinities, duplicate names, integers beyond 64 bits, deep
    nesting, U+0000 and halves of surrogate pairs.
    """
    # The quick count takes each text for two parts; where that is too many, it is counted exactly.
    is_long = sum(map(body.count, (b'"', b",", b"[", b"{"))) > PARTS
    if is_long and sum(1 for _part in islice(_PARTS.finditer(body), PARTS + 1)) > PARTS:
        raise BadJson("the body holds too many values")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadJson("the body is not JSON in UTF-8, or nested too deeply") from None
    if b"\\u0000" in body and _NUL.search(body):
        raise BadJson("a text holds the character U+0000")
    names = _names_in(value)
    # All that ends a name is found, and perhaps more, within texts: only then are those left out, which takes longer.
    if len(_NAME_ENDS.findall(body)) != names or _LONG_INTEGER.search(body):
        besides_texts = _TEXTS.sub(b"", body)
        if besides_texts.count(b":") != names:
            raise BadJson("an object has the same name twice")
        if any(not -(2**63) <= int(digits) < 2**63 for digits in _LONG_INTEGERS.findall(besides_texts)):
            raise BadJson("a number is too large")
    return value


def _names_in(value: Any) -> int:
    """How many names the objects in ``value`` have together. Raises BadJson on deep nesting."""
    names, level = 0, [value]
    for _ in range(DEPTH):
        names += sum(len(each) for each in level if type(each) is dict)
        within = (each.values() if type(each) is dict else each for each in level if type(each) in (dict, list))
        level = [inner for values in within for inner in values if type(inner) in (dict, list)]
        if not level:
            return names
    raise BadJson("the body is nested too deeply")
