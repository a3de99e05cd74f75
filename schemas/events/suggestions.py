"""What knowledge offers to whoever must decide about a ticket."""

from datetime import datetime
from uuid import UUID

import marshmallow

from schemas.events.event import Event
from schemas.record.record import Record


class OfferedDepartment(Record, unknown=marshmallow.EXCLUDE):
    """A department, and how much of all that speaks for any department speaks for it (0 to 1)."""

    department: str
    likelihood: float


class SuggestionOffered(Event, type="suggestion.offered.v1", by="knowledge"):
    """A ticket came to the docket, and others like it were solved before: by ``departments``, the likeliest first, in
    ``cases``, which speak for the first. None that returned it is among them.
    """

    ticket_id: UUID
    arbitration_id: UUID
    round: int
    departments: tuple[OfferedDepartment, ...]
    cases: tuple[UUID, ...] = ()
    offered_at: datetime
