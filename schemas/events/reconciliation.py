"""The reconciliation: intake says from time to time which tickets are open, so that a lost one is found again."""

from uuid import UUID

from schemas.events.event import Event


class RollCalled(Event, type="roll.called.v1", by="intake"):
    """A page of open tickets of one center. Who never heard of one says so."""

    tickets: tuple[UUID, ...]


class TicketUnknown(Event, type="ticket.unknown.v1", by=("routing", "deadline_watch")):
    """A service never heard of an open ticket: intake announces its registration anew."""

    ticket_id: UUID
    missed_by: str
