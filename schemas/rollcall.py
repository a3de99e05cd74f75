"""The roll-call: intake says from time to time which tickets are open, so that what a queue lost is found again."""

from uuid import UUID

from schemas.event import Event


class RollCalled(Event, type="roll.called.v1", by="intake"):
    """A page of open tickets of one center. Who never heard of one says so."""

    tickets: tuple[UUID, ...]


class TicketMissed(Event, type="ticket.missed.v1", by=("routing", "deadline_watch")):
    """A service never heard of an open ticket: intake announces its registration anew."""

    ticket_id: UUID
    missed_by: str
