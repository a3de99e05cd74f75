"""What is asked of escalations over HTTP, and what is replied: who was told, and who has acknowledged it."""

from datetime import datetime
from uuid import UUID

from schemas.enums import DeadlineKind, TicketState
from schemas.record.record import Record, Reply
from schemas.values import PageSize


class Acknowledgement(Reply):
    """Somebody who was told of an escalation has acknowledged it."""

    staff: str
    acknowledged_at: datetime


class EscalationView(Reply):
    """A level of the ladder that was reached: who was told, which posts nobody held, and who has acknowledged it.

    From ``voided_at`` on it is known that it had not been reached, and they were told so: it needs no acknowledgement.
    """

    id: UUID
    deadline_id: UUID
    kind: DeadlineKind
    level: int
    revision: int
    to: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    escalated_at: datetime
    voided_at: datetime | None = None
    acknowledgements: tuple[Acknowledgement, ...] = ()


class EscalationOfTicket(EscalationView):
    """An escalation in a list, with the ticket that it is about. ``due_at`` is the deadline's, as it is now."""

    ticket_id: UUID
    number: str
    title: str
    state: TicketState
    lead: str | None = None
    due_at: datetime | None = None


class EscalationQuery(Record):
    """Which escalations, newest first: ``mine`` are those that one was told of oneself, ``unacknowledged`` those that
    are not void and that somebody who was told (or oneself) has not acknowledged. A liaison and a department head see
    their own only.
    """

    mine: bool = False
    unacknowledged: bool = False
    limit: PageSize = 50
    after: UUID | None = None


class EscalationPage(Reply):
    """Some escalations, and where the next page begins."""

    items: tuple[EscalationOfTicket, ...]
    next: UUID | None = None
