"""What becomes of solved tickets that others can learn from."""

from datetime import datetime
from uuid import UUID

from schemas.cases import PromotedTo
from schemas.events.event import Event


class CasePromoted(Event, type="case.promoted.v1", by="knowledge"):
    """A solved ticket became a draft of the question base (``entry_id``), or a typical case, which is shown once each
    of ``awaited`` has consented. ``departments`` are all that are named in it.
    """

    ticket_id: UUID
    promoted_to: PromotedTo
    entry_id: UUID | None = None
    departments: tuple[str, ...]
    awaited: tuple[str, ...] = ()
    promoted_by: str
    promoted_at: datetime


class CaseConsented(Event, type="case.consented.v1", by="knowledge"):
    """A department lets others read a typical case, or does not (``consents``); with the last one it is shown."""

    ticket_id: UUID
    department: str
    consents: bool
    is_shown: bool
    given_by: str
    given_at: datetime
