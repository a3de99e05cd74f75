"""What an operator sees of a parked event, and what not. Pure.

An operator looks after the system and has no business with what citizens and staff wrote. So an event is shown by its
envelope and by those fields that are ids, instants, numbers or codes; of a text only its length is told. Why it was
parked is told in the program's own words; the text of an unforeseen error, which may hold what stands in rows, is not.
All of it is seen by whoever administers the machine: `bancheng parked show`.
"""

from collections.abc import Container, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import marshmallow
import orjson

from schemas.events.event import VOCABULARY
from schemas.record.timestamps import has_valid_offset
from schemas.requests import parked as api
from services.privacy.masking import mask_text

_OWN_WORDS = ("NotYet", "EventRejected", "ForeignTicket", "UnknownType", "UnreadableEvent")
"""Errors whose texts are the program's own words."""
_SAFE_FIELDS = (
    marshmallow.fields.UUID,
    marshmallow.fields.DateTime,
    marshmallow.fields.Date,
    marshmallow.fields.Enum,
    marshmallow.fields.Integer,
    marshmallow.fields.Boolean,
)


def why_of(error: str) -> str:
    """Why it was parked, as far as that is the program's own words; of any other error its kind."""
    kind, separator, text = error.partition(": ")
    if separator and kind[:1].isupper() and kind not in _OWN_WORDS:
        return kind
    return mask_text(text if kind in _OWN_WORDS else error)


def fields_of(type_: str | None, data: Any, codes: Container[str]) -> Iterator[api.ParkedField]:
    """What an operator may see of what an event says; ``codes`` are those of the center file."""
    declared = VOCABULARY[type_].schema().fields if type_ in VOCABULARY else {}
    for name, value in data.items() if isinstance(data, dict) else ():
        if name not in declared:
            continue  # what the type does not have may be anything, its name too
        if isinstance(declared[name], _SAFE_FIELDS) and (safe := _safe(declared[name], value)) is not None:
            yield api.ParkedField(name=name, value=safe)
        elif isinstance(value, str) and value in codes:
            yield api.ParkedField(name=name, value=value)
        elif value is not None:
            yield api.ParkedField(name=name, length=len(value if isinstance(value, str) else orjson.dumps(value)))


def _safe(field: Any, value: Any) -> str | None:
    """A value that is what its field says; None of any other."""
    try:
        read = field.deserialize(value)
    except marshmallow.ValidationError:
        return None
    match read:
        case None:
            return None
        case StrEnum() | bool() | int() | UUID():
            return str(read.value if isinstance(read, StrEnum) else read)
        case date():
            return read.isoformat()
    return None


def envelope_of(body: bytes) -> dict[str, Any]:
    """The plain values of a message body; none where it is no envelope."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def text_in(value: Any) -> str | None:
    """A text, not too long."""
    return value[:100] if isinstance(value, str) else None


def instant_in(value: Any) -> datetime | None:
    """An instant, if it is one."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at if has_valid_offset(at) else None


def uuid_in(value: Any) -> UUID | None:
    """An id, if it is one."""
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        return None
