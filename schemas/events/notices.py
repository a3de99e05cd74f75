"""Requests to notify people of anything but an escalation."""

from datetime import datetime
from uuid import UUID

from schemas.events.event import Event


class NoticeRequested(Event, type="notice.requested.v1", by="routing"):
    """``recipients`` (staff ids) are to be notified about a ticket. An escalation needs no such event:
    `ticket.escalated` names the recipients itself.
    """

    ticket_id: UUID
    notice_id: UUID
    recipients: tuple[str, ...]
    template: str
    requested_at: datetime
