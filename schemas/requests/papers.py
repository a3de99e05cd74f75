"""What stands in the papers of a ticket, for those who work on it; nothing of the applicant."""

from datetime import date

from schemas.record.record import Reply
from schemas.requests.attachments import AttachmentView


class RefusedBeforeView(Reply):
    """Where the citizen was sent away before, a department's code or masked words, and how often."""

    where: str
    times: int


class TicketPapers(Reply):
    """What the citizen told of earlier visits, which papers were missing there, and which are awaited now."""

    refused_before: tuple[RefusedBeforeView, ...] = ()
    missing_materials: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    materials_due_on: date | None = None
    attachments: tuple[AttachmentView, ...] = ()
