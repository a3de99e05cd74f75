"""Why a message did not arrive, as codes that pages word. Pure."""

DELIVERY_ERRORS = (
    "host_not_allowed",
    "no_gateway",
    "no_mail_server",
    "not_reached",
    "not_understood",
    "switched_off",
    "throttled",
    "unanswered",
    "unreadable",
    "went_wrong",
)
"""As notify gives them (docs/notices.md)."""
ANSWERS = ("code", "http", "smtp")
"""What stands before a number that the far side answered."""


def delivery_error(error: str) -> tuple[str, str]:
    """The code of the words for an error, and the number that the far side gave; of one that is not known the error
    itself stands in the number's place.
    """
    if error in DELIVERY_ERRORS:
        return f"delivery_error_{error}", ""
    kind, _, number = error.partition("_")
    return (f"delivery_error_{kind}", number) if kind in ANSWERS else ("delivery_error_other", error)
