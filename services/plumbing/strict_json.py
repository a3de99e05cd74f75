"""JSON as strictly as RFC 8259 lets one be: what two readers could take differently is refused."""

import json
from typing import Any


class BadJson(ValueError):
    """Not acceptable JSON. The message says what is wrong and repeats none of the text."""


def _no_constant(name: str) -> None:
    raise BadJson(f"{name} is not JSON")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("an object has the same name twice")
    return found


def parse(body: bytes) -> Any:
    """The value in ``body``. Raises BadJson on bad UTF-8, NaN, infinities, duplicate names, huge integers, deep nesting."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadJson("the body is not UTF-8") from None
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except BadJson:
        raise
    except RecursionError:
        raise BadJson("the body is nested too deeply") from None
    except ValueError:
        raise BadJson("the body is not JSON") from None
