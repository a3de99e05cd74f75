"""Joint meetings of the departments of a complex ticket. No deadline changes by them.

``meets_at`` is when it begins; ``departments`` are those that are invited.
"""

from datetime import datetime
from uuid import UUID

from schemas.events.event import Event


class MeetingCalled(Event, type="meeting.called.v1", by="routing"):
    """A leader called the departments together."""

    ticket_id: UUID
    meeting_id: UUID
    round: int
    meets_at: datetime
    place: str
    departments: tuple[str, ...]
    called_by: str
    called_at: datetime

    @property
    def when_and_where(self) -> tuple[str, ...]:
        """What a timeline says of it."""
        return self.meets_at.isoformat(), self.place


class MeetingMoved(Event, type="meeting.moved.v1", by="routing"):
    """It takes place at another time, or elsewhere."""

    ticket_id: UUID
    meeting_id: UUID
    meets_at: datetime
    place: str
    departments: tuple[str, ...]
    why: str
    moved_by: str
    moved_at: datetime

    @property
    def when_and_where(self) -> tuple[str, ...]:
        """What a timeline says of it."""
        return self.meets_at.isoformat(), self.place, self.why


class MeetingCancelled(Event, type="meeting.cancelled.v1", by="routing"):
    """It does not take place."""

    ticket_id: UUID
    meeting_id: UUID
    departments: tuple[str, ...]
    why: str
    cancelled_by: str
    cancelled_at: datetime


class MeetingHeld(Event, type="meeting.held.v1", by="routing"):
    """It was held; its outcome was noted by ``held_by`` at ``held_at``."""

    ticket_id: UUID
    meeting_id: UUID
    departments: tuple[str, ...]
    outcome: str
    held_by: str
    held_at: datetime
