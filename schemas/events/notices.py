"""Who is to be told, and whether they were."""

from datetime import datetime
from uuid import UUID

from schemas.events.event import Event


class NoticeRequested(Event, type="notice.requested.v1", by="routing"):
    """People (staff ids) are to be told of a ticket. ``level`` is the rung of the ladder, if one is the reason."""

    ticket_id: UUID
    notice_id: UUID
    recipients: tuple[str, ...]
    template: str
    level: int | None = None
    requested_at: datetime
