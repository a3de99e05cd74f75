"""Why a request is refused: raised by rules, which know no HTTP; shown to the client by the HTTP layer.

Refused
├── Invalid     a field's value is not allowed (422, names the field)
├── Forbidden   the actor may not do this (403)
├── NotFound    there is no such thing, or not for this actor (404)
├── Conflict    not in the present state of things (409)
└── TooMany     asked too often (429)
"""


class Refused(Exception):
    """Base of all refusals. ``detail`` is shown to the client, so it holds no personal data."""

    status = 400

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(Refused):
    """The value of ``field`` is not allowed."""

    status = 422

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


class Forbidden(Refused):
    """The actor may not do this."""

    status = 403


class NotFound(Refused):
    """There is no such thing, or not within this actor's scope: the two look alike on purpose."""

    status = 404


class Conflict(Refused):
    """Not possible in the present state of things."""

    status = 409


class TooMany(Refused):
    """AskedDepartment too often; try again after ``retry_after`` seconds."""

    status = 429

    def __init__(self, detail: str, *, retry_after: int = 60) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
