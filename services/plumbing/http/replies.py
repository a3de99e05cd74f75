"""What goes out: pages of a list, and problem details (RFC 9457) with no text of ours that could leak."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import marshmallow
import orjson
import psycopg2
import werkzeug.exceptions
from werkzeug.wrappers import Response

from schemas.errors import Invalid, Refused, TooMany
from services.plumbing.database.errors import FAULTS, is_not_writable
from services.plumbing.database.transaction import Row
from services.plumbing.http.strict_json import BadJson

PAGE_CHARACTERS = 150_000
"""How much goes into a page, so that others do not wait while it is made: half a megabyte of Chinese."""


class RequestRejected(Exception):
    """The request is refused before anybody looks into it: 400, 408, 411, 413, 415."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def page_length(rows: Sequence[Row], limit: int, most: int = PAGE_CHARACTERS) -> int:
    """How many of the rows, from the first on, make a page: at most ``limit``, fewer where their texts have more
    than ``most`` characters together, but one at least.
    """
    characters = 0
    for count, row in enumerate(rows[:limit]):
        characters += sum(len(value) for value in row if isinstance(value, str))
        if count and characters > most:
            return count
    return min(limit, len(rows))


def problem(status: int, detail: str, *, errors: Any = None, headers: dict[str, str] | None = None) -> Response:
    """A reply in ``application/problem+json``; ``errors`` names the fields."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    if errors is not None:
        body["errors"] = errors
    data = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)
    return Response(data, status=status, headers=headers, content_type="application/problem+json")


def problem_of(error: BaseException) -> Response:
    """The reply to a failed request; an unforeseen error says nothing of itself."""
    match error:
        case Refused(status=401):
            return problem(401, error.detail, headers={"WWW-Authenticate": "Bearer"})
        case Invalid():
            return problem(422, error.detail, errors={error.field: [error.detail]})
        case TooMany():
            return problem(error.status, error.detail, headers={"Retry-After": str(error.retry_after)})
        case Refused() | RequestRejected():
            return problem(error.status, error.detail)
        case marshmallow.ValidationError():
            return problem(422, "Some fields are not as expected.", errors=error.normalized_messages())
        case BadJson():
            return problem(400, str(error))
        case psycopg2.Error() if isinstance(error, FAULTS) or is_not_writable(error):
            state = "takes no changes at present" if is_not_writable(error) else "cannot be reached"
            detail = f"The database {state}; repeat the request with the same Idempotency-Key."
            return problem(503, detail, headers={"Retry-After": "5"})
        case werkzeug.exceptions.MethodNotAllowed():
            allowed = ", ".join(error.valid_methods or ())
            return problem(405, "This method is not allowed here.", headers={"Allow": allowed})
        case werkzeug.exceptions.HTTPException():
            status = error.code or 400
            return problem(status, HTTPStatus(status).description or HTTPStatus(status).phrase)
        case _:
            return problem(500, "Something went wrong here; it has been logged.")
