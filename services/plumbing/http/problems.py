"""What a client is told when a request fails: RFC 9457 problem details, with no text of ours that could leak."""

import json
from http import HTTPStatus
from typing import Any

import marshmallow
import psycopg2
import werkzeug.exceptions
from werkzeug.wrappers import Response

from schemas.errors import Invalid, Refused, TooMany
from services.plumbing.database.errors import FAULTS, is_not_writable
from services.plumbing.http.strict_json import BadJson


class RequestRejected(Exception):
    """The request is refused before anybody looks into it: 400, 408, 413, 415."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def problem(status: int, detail: str, *, errors: Any = None, headers: dict[str, str] | None = None) -> Response:
    """A reply in ``application/problem+json``; ``errors`` names the fields."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors is not None:
        body["errors"] = errors
    return Response(
        json.dumps(body, ensure_ascii=False), status=status, headers=headers, content_type="application/problem+json"
    )


def problem_of(error: BaseException) -> Response:
    """The reply to a failed request; an unforeseen error says nothing of itself."""
    match error:
        case Refused(status=401):
            return problem(401, error.detail, headers={"WWW-Authenticate": "Bearer"})
        case Invalid():
            return problem(422, error.detail, errors={error.field: [error.detail]})
        case TooMany():
            return problem(error.status, error.detail, headers={"Retry-After": str(error.retry_after)})
        case Refused():
            return problem(error.status, error.detail)
        case marshmallow.ValidationError():
            return problem(422, "Some fields are not as expected.", errors=error.normalized_messages())
        case BadJson():
            return problem(400, str(error))
        case RequestRejected():
            return problem(error.status, error.detail)
        case psycopg2.Error() if isinstance(error, FAULTS) or is_not_writable(error):
            state = "takes no changes at present" if is_not_writable(error) else "cannot be reached"
            detail = f"The database {state}; repeat the request with the same Idempotency-Key."
            return problem(503, detail, headers={"Retry-After": "5"})
        case werkzeug.exceptions.MethodNotAllowed():
            return problem(
                405, "This method is not allowed here.", headers={"Allow": ", ".join(error.valid_methods or ())}
            )
        case werkzeug.exceptions.HTTPException():
            status = error.code or 400
            return problem(status, HTTPStatus(status).description or HTTPStatus(status).phrase)
        case _:
            return problem(500, "Something went wrong here; it has been logged.")
