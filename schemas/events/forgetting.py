"""What is kept no longer."""

from datetime import datetime
from uuid import UUID

from schemas.events.event import Event


class TicketForgotten(Event, type="ticket.forgotten.v1", by="intake"):
    """What is personal in a ticket that had ended was deleted, and its texts with it: whoever keeps any deletes them.
    ``forgotten_by`` is None where the time was over that the center keeps them.
    """

    ticket_id: UUID
    forgotten_by: str | None = None
    forgotten_at: datetime
