"""What stands in the papers of a ticket, for those who work on it; nothing of the applicant."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Equal, Length

from schemas.record.record import Record, Reply
from schemas.requests.attachments import AttachmentView
from schemas.values import Day, Line, distinct


class RefusedBeforeView(Reply):
    """Where the citizen was sent away before, a department's code or masked words, and how often."""

    where: str
    times: int


class TolerateMaterials(Record):
    """Papers that may come later (容缺受理), by the day that the applicant has promised.

    ``signed``: the applicant has signed the promise; ``attachment_id`` is a file of the ticket that shows it.
    """

    items: Annotated[tuple[Line, ...], Length(min=1, max=50), distinct]
    promised_on: Day
    signed: Annotated[bool, Equal(True)]
    attachment_id: UUID | None = None


class ToleratedView(Reply):
    """Papers without which work begins, and by when they were promised: they came, or it lapsed."""

    items: tuple[str, ...]
    promised_on: date
    attachment_id: UUID | None = None
    tolerated_at: datetime
    supplied_at: datetime | None = None
    lapsed_at: datetime | None = None


class TicketPapers(Reply):
    """What the citizen told of earlier visits, which papers were missing there, and which are awaited now."""

    refused_before: tuple[RefusedBeforeView, ...] = ()
    missing_materials: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    materials_due_on: date | None = None
    tolerated: tuple[ToleratedView, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
