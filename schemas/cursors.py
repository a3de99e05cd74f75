"""Where a page begins of a list that is ordered by an instant and an id: ``next`` of a reply, ``after`` of a query."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from schemas.errors import Invalid
from schemas.record.timestamps import has_valid_offset

NOT_A_CURSOR = "Must be the next of an earlier reply in the same order."


def cursor_of(at: datetime, id_: UUID) -> str:
    """The place as text that is safe in an address; ``at`` is aware."""
    return base64.urlsafe_b64encode(f"{at.isoformat()} {id_}".encode()).decode()


def place_of(cursor: str) -> tuple[datetime, UUID]:
    """The place that a cursor names. Raises Invalid for text that is none."""
    try:
        at, _, id_ = base64.urlsafe_b64decode(cursor).decode().partition(" ")
        place = datetime.fromisoformat(at), UUID(id_)
    except (ValueError, binascii.Error):
        raise Invalid("after", NOT_A_CURSOR) from None
    if not has_valid_offset(place[0]):
        raise Invalid("after", NOT_A_CURSOR)
    return place
