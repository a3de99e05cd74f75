"""Who is to be told, and whether they were."""

from datetime import datetime
from uuid import UUID

from schemas.events.event import Event


class NoticeRequested(Event, type="notice.requested.v1", by="routing"):
    """People (staff ids) are to be notified about a ticket. Of escalations `ticket.escalated` itself says whom."""

    ticket_id: UUID
    notice_id: UUID
    recipients: tuple[str, ...]
    template: str
    requested_at: datetime
