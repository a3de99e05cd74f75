"""Requests to notify people of anything but an escalation, and what became of notices.

A notice is about a ticket, or about an entry of the question base (``entry_id``): then it has no ``ticket_id``.
"""

from datetime import datetime
from uuid import UUID, uuid5

from schemas.channels import NoticeChannel
from schemas.enums import Light
from schemas.events.event import Event


class _AboutSomething(Event):
    ticket_id: UUID | None = None
    entry_id: UUID | None = None

    @property
    def subject(self) -> str:
        """The id of the ticket or of the entry."""
        return str(self.ticket_id or self.entry_id or self.center)


class NoticeRequested(_AboutSomething, type="notice.requested.v1", by=("routing", "knowledge")):
    """``recipients`` (staff ids) are to be notified about a ticket or an entry. An escalation needs no such event:
    `ticket.escalated` names the recipients itself. What is late in the question base has a ``light``, a ``level`` and
    ``due_at``, and ``number`` is the entry's, with how many more there are.
    """

    notice_id: UUID
    recipients: tuple[str, ...]
    template: str
    requested_at: datetime
    number: str | None = None
    light: Light | None = None
    level: int | None = None
    due_at: datetime | None = None


class NoticePlaced(_AboutSomething, type="notice.placed.v1", by="notify"):
    """Each of ``to`` (staff ids) finds a notice in the desk. What their other channels do with it follows."""

    notice_id: UUID
    to: tuple[str, ...]
    template: str
    placed_at: datetime


class NoticeFailed(_AboutSomething, type="notice.failed.v1", by="notify"):
    """None of ``recipient``'s own channels took a notice; ``tried`` are those that were tried. It is in the desk."""

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
