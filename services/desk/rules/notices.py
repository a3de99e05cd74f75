"""Why a message did not arrive, as codes that pages word; and a notice's own text in the center file. Pure."""

from collections.abc import Mapping
from typing import Any

DELIVERY_ERRORS = (
    "host_not_allowed",
    "login_refused",
    "no_gateway",
    "no_mail_server",
    "not_reached",
    "not_secured",
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


def with_text(data: Mapping[str, Any], template: str, language: str, text: str) -> dict[str, Any]:
    """A center file with a text of its own for a template in a language; without it where ``text`` is empty."""
    rule = dict(data.get("notices") or {})
    texts = {name: dict(said) for name, said in (rule.get("texts") or {}).items()}
    texts[template] = {name: said for name, said in texts.get(template, {}).items() if name != language}
    if text:
        texts[template][language] = text
    rule["texts"] = {name: said for name, said in texts.items() if said}
    if not rule["texts"]:
        del rule["texts"]
    changed = dict(data) | {"notices": rule}
    if not rule:
        del changed["notices"]
    return changed
