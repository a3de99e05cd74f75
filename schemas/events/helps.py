"""Help that was given to visitors (帮办代办)."""

from datetime import datetime
from uuid import UUID

from schemas.events.event import Event
from schemas.helps import HelpKind, HelpNeed


class HelpGiven(Event, type="help.given.v1", by="intake"):
    """Somebody of the window helped a visitor, perhaps about a ticket. ``satisfaction``: 1 to 5, if it was said."""

    help_id: UUID
    ticket_id: UUID | None = None
    kind: HelpKind
    helper: str
    need: HelpNeed
    started_at: datetime
    ended_at: datetime
    satisfaction: int | None = None

    @property
    def subject(self) -> str:
        """The ticket, or the help itself."""
        return str(self.ticket_id or self.help_id)
