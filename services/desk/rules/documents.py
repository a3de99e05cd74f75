"""The documents that people print: which parts each has, which fields its template may name. Pure."""

from collections.abc import Callable
from typing import Any, NamedTuple

from services.files.word_template import Closing, Facts, Listing, Part, Text


class _Facts(NamedTuple):
    fields: tuple[str, ...]


class _Prose(NamedTuple):
    field: str


class _Listing(NamedTuple):
    field: str
    columns: tuple[str, ...]


_Spec = _Facts | _Prose | _Listing

DOCUMENTS: dict[str, tuple[_Spec, ...]] = {
    "report": (
        _Facts(("number", "title", "registered_at", "lead", "assisting", "due_at", "reported_at")),
        _Prose("text"),
        _Prose("report"),
        _Listing("meetings", ("when", "place", "outcome")),
        _Listing("signatures", ("department", "name", "when")),
    ),
    "supervision": (
        _Facts(("number", "title", "lead", "assisting", "first_responsible", "registered_at", "due_at", "late")),
        _Prose("text"),
        _Listing("escalations", ("level", "kind", "when", "to")),
        _Listing("progress", ("department", "when", "progress")),
        _Prose("demand"),
    ),
    "minutes": (
        _Facts(("leader", "opens_at", "closes_at", "signed")),
        _Prose("minutes"),
        _Listing("decisions", ("when", "what", "number", "said")),
    ),
    "handover": (
        _Facts(("leader", "opens_at", "closes_at", "signed")),
        _Prose("handover"),
        _Listing("left_undone", ("section", "count", "numbers")),
    ),
    "decline": (_Facts(("number", "title", "applicant", "registered_at")), _Prose("reason"), _Prose("remedy")),
    "materials": (
        _Facts(("number", "title", "applicant", "due_on")),
        _Listing("papers", ("no", "item")),
        _Prose("promise_waits"),
    ),
    "bulletin": (
        _Facts(
            (
                *("period", "registered", "answered", "closed", "kept_rate", "satisfied_rate", "returned_rate"),
                *("repeated_rate", "escalated", "median_time", "p90_time"),
            )
        ),
        _Listing("departments", ("department", "registered", "closed", "kept", "satisfied", "returned")),
        _Prose("rows_behind"),
    ),
}
"""A rate is said with its numerator and denominator."""
_WEIGHTS = {
    "no": 1,
    **dict.fromkeys(("level", "count", "kind", "registered", "closed"), 2),
    **dict.fromkeys(("department", "number"), 5),
    **dict.fromkeys(("when", "kept", "satisfied", "returned"), 4),
    **dict.fromkeys(("outcome", "to", "said", "progress", "numbers", "item"), 8),
}
"""How wide the columns are, beside one another."""
EVERYWHERE = ("center", "printed")


def fields_of(document: str) -> dict[str, tuple[str, ...]]:
    """The fields of a document; of a list those of its rows."""
    found: dict[str, tuple[str, ...]] = dict.fromkeys(EVERYWHERE, ())
    for part in DOCUMENTS[document]:
        match part:
            case _Facts(fields):
                found |= dict.fromkeys(fields, ())
            case _Prose(field):
                found[field] = ()
            case _Listing(field, columns):
                found[field] = columns
    return found


def with_a_row(document: str, values: dict[str, Any]) -> dict[str, Any]:
    """The values; a list that is empty has a row that says so, or a table would seem to be cut off."""
    lists = {name: columns for name, columns in fields_of(document).items() if columns}
    return values | {name: values.get(name) or [dict.fromkeys(columns, "—")] for name, columns in lists.items()}


def sample_of(document: str) -> dict[str, Any]:
    """Something in each field, to see what a template does."""
    return {
        name: [dict.fromkeys(columns, "…")] * 2 if columns else "…" for name, columns in fields_of(document).items()
    }


def parts_of(document: str, label: Callable[[str], str]) -> list[Part]:
    """The parts of the template that a center finds, with what stands before each field."""
    parts: list[Part] = []
    for part in DOCUMENTS[document]:
        match part:
            case _Facts(fields):
                parts.append(Facts([(label(f"doc_{name}"), name) for name in fields]))
            case _Prose(field):
                parts.append(Text(label(f"doc_{field}"), field))
            case _Listing(field, columns):
                heads = [(label(f"doc_{name}"), name, _WEIGHTS.get(name, 3)) for name in columns]
                parts.append(Listing(label(f"doc_{field}"), field, heads))
    return [*parts, Closing("", "printed")]


def label_codes() -> set[str]:
    """What stands before all fields."""
    return {
        f"doc_{name}"
        for document in DOCUMENTS
        for field, columns in fields_of(document).items()
        for name in (field, *columns)
        if field not in EVERYWHERE
    }
