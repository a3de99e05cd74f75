"""Requests to notify people of anything but an escalation, and what became of notices."""

from datetime import datetime
from uuid import UUID

from schemas.channels import NoticeChannel
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


class NoticePlaced(Event, type="notice.placed.v1", by="notify"):
    """Each of ``to`` (staff ids) finds a notice in the desk. What their other channels do with it follows."""

    ticket_id: UUID
    notice_id: UUID
    to: tuple[str, ...]
    template: str
    placed_at: datetime


class NoticeFailed(Event, type="notice.failed.v1", by="notify"):
    """None of ``recipient``'s own channels took a notice; ``tried`` are those that were tried. It is in the desk."""

    ticket_id: UUID
    notice_id: UUID
    recipient: str
    template: str
    tried: tuple[NoticeChannel, ...]
    failed_at: datetime
