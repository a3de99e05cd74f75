"""Where the next page of a list begins, as the text that a reply's ``next`` gives and ``after`` takes back. Pure."""

import base64
import binascii
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.errors import Invalid
from schemas.record.timestamps import has_valid_offset

_NEVER = "never"


class DuePlace(NamedTuple):
    """The last row of a page in the order of due times; None where nothing of it is due, which comes last."""

    due_at: datetime | None
    id: UUID


def due_cursor(place: DuePlace) -> str:
    """The place as text that is safe in an address."""
    due_at = place.due_at.isoformat() if place.due_at else _NEVER
    return base64.urlsafe_b64encode(f"{due_at} {place.id}".encode()).decode()


def due_place(cursor: str) -> DuePlace:
    """The place that a cursor names. Raises Invalid for text that is none."""
    try:
        due_at, _, id_ = base64.urlsafe_b64decode(cursor).decode().partition(" ")
        place = DuePlace(None if due_at == _NEVER else datetime.fromisoformat(due_at), UUID(id_))
    except (ValueError, binascii.Error):
        raise _no_cursor() from None
    if place.due_at is not None and not has_valid_offset(place.due_at):
        raise _no_cursor()
    return place


def id_place(cursor: str) -> UUID:
    """The id that a cursor of a list in the order of ids is. Raises Invalid for text that is none."""
    try:
        return UUID(cursor)
    except ValueError:
        raise _no_cursor() from None


def _no_cursor() -> Invalid:
    return Invalid("after", "Must be the next of an earlier reply in the same order.")
