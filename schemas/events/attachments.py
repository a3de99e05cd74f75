"""What happens to the files of a ticket; nothing of what is in them."""

from datetime import datetime
from uuid import UUID

from schemas.enums import AttachmentKind
from schemas.events.event import Event


class AttachmentAdded(Event, type="attachment.added.v1", by="intake"):
    """A photo or PDF of ``size`` bytes was added; ``added_by`` is the clerk, None when the citizen sent it."""

    ticket_id: UUID
    attachment_id: UUID
    kind: AttachmentKind
    size: int
    added_by: str | None = None
    added_at: datetime


class AttachmentRemoved(Event, type="attachment.removed.v1", by="intake"):
    """A file was removed and is kept no more; ``removed_by`` is the clerk, None when the citizen did it."""

    ticket_id: UUID
    attachment_id: UUID
    removed_by: str | None = None
    removed_at: datetime
