"""Requests to notify people of anything but an escalation, and what became of notices."""

from datetime import datetime
from uuid import UUID, uuid5

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


def escalation_notice_id(deadline_id: UUID, level: int, revision: int) -> UUID:
    """The notice of a level of the ladder: the same whenever it is announced again."""
    return uuid5(deadline_id, f"{level} {revision}")


def passed_up_notice_id(escalation_notice: UUID, to_level: int) -> UUID:
    """The notice to those of a higher level, when nobody acknowledged or could be reached below."""
    return uuid5(escalation_notice, f"passed up to {to_level}")
