"""The files of a ticket in what intake is asked over HTTP and in what it replies."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from marshmallow.validate import Range

from schemas.enums import AttachmentKind
from schemas.record.record import Record, Reply
from schemas.values import QueryCode


class AddAttachment(Record):
    """Which of the papers that were asked for the file is, by its place in their list, from 0. A number and no text,
    since it stands in the address.
    """

    item: Annotated[int, Range(min=0, max=49)] | None = None


class AttachmentView(Reply):
    """A file of a ticket, of ``size`` bytes. ``scanned``: a virus scanner found nothing."""

    id: UUID
    kind: AttachmentKind
    size: int
    item: str | None = None
    scanned: bool
    by_citizen: bool
    added_at: datetime


class RemoveWithCode(Record):
    """The citizen removes a file, with the code and not at the window."""

    code: QueryCode
