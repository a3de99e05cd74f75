"""What rules judge beyond the OpenAPI documents: which fields, why, and what they have nothing against."""

import re
from typing import Any

import schemathesis

RULES = {
    "applicant.phone": "area codes and prefixes",
    "applicant.id_number": "a check digit",
    "applicant.credit_code": "a check digit",
    "applicant.organisation": "who is an organisation has to name it",
    "applicant.kind": "a person has no organisation",
    "phone": "area codes and prefixes",
    "reason": "words, and not one sign again and again",
    "first_responsible": "somebody of the center",
    "lead": "a department of the center",
    "assisting": "other departments of the center",
    "suggest": "a department of the center",
    "complexity": "never from complex back to ordinary",
    "working_days": "what the center allows",
    "due_on": "a day of the pause",
    "promised_on": "a day to come, that somebody will remember",
    "file": "what a file is, by its content",
    "item": "one of the papers that were asked for",
    "search": "a word of two characters",
    "order": "only what is open is due",
    "channels.kind": "the desk is everybody's",
    "channels.address": "an address of the channel's kind, at a host that the operator allows",
    "channels.secret": "a single line",
    "quiet_hours.begins": "a time of day",
    "quiet_hours.ends": "a time of day",
    "channels.id": "one of one's own channels",
    "yaml": "a center file",
    "meets_at": "the years 2000 to 2100",
    "opens_at": "when a sitting opens",
    "other_opens_at": "when a sitting opens",
    "first": "the years for which calendars are kept",
    "last": "these years, and not before first",
    "departments": "departments that have a part in the ticket",
    "rows.registered_on": "the years for which calendars are kept",
    "rows.closed_on": "the same years",
    "after": "the next of an earlier reply",
    "since": "the years for which calendars are kept",
    "until": "these years, and within a year of since",
    "due_before": "the years 2000 to 2100",
    "due_after": "the years 2000 to 2100",
}
"""Fields whose values a rule judges that JSON Schema has no words for: only these may be refused in a request that is
as the document says."""


ACCEPTED: dict[str, Any] = {
    "kind": "person",
    "phone": "13800138000",
    "id_number": None,
    "organisation": None,
    "credit_code": None,
    "first_responsible": None,
    "lead": "GJJ",
    "assisting": [],
    "suggest": None,
    "search": "发票",
    "order": None,
    "since": "2025-01-01",
    "until": "2025-12-31",
}
"""What the rules of the demo center have nothing against."""


NO_WHOLE_NUMBER = ["Not a valid integer."]
"""For JSON Schema 3.0 is an integer, for the records it is none."""


class UnexplainedRefusal(AssertionError):
    """A request that is as the document says was refused, and no rule beyond the document says why."""


def only_rules_refuse(
    _ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """A check: 422 on valid data names a field of RULES. Raises UnexplainedRefusal."""
    if response.status_code == 422 and case.meta is not None and case.meta.generation.mode.is_positive:
        # Of a list it does not matter which of its items is judged.
        named = {re.sub(r"\.[0-9]+(?=\.)", "", leaf) for leaf in _judged(response.json()["errors"])}
        unexplained = named - set(RULES)
        if unexplained:
            raise UnexplainedRefusal(f"{case.operation.label}: {unexplained} {response.text}")


def _judged(errors: dict[str, Any], above: str = "") -> list[str]:
    """The fields that were refused, but for what is no whole number."""
    found: list[str] = []
    for name, what in errors.items():
        if isinstance(what, dict):
            found += _judged(what, f"{above}{name}.")
        elif what != NO_WHOLE_NUMBER:
            found.append(above + name)
    return found


def replace(values: Any, accepted: dict[str, Any]) -> None:
    """Put accepted values in the place of those of the same name, however deep; a list is read from its beginning."""
    if isinstance(values, dict):
        values.pop("after", None)
        for name, value in values.items():
            if name in accepted and (name != "kind" or "phone" in values):
                values[name] = accepted[name]
            else:
                replace(value, accepted)
