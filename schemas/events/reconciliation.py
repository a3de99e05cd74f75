"""The reconciliation: intake says from time to time which tickets are open, so that a lost one is found again."""

from uuid import UUID

from schemas.events.event import Event


class OpenTicketsListed(Event, type="open_tickets.listed.v1", by="intake"):
    """A page of open tickets of one center. A service that does not know one of them announces TicketUnknown."""

    tickets: tuple[UUID, ...]


class TicketUnknown(Event, type="ticket.unknown.v1", by=("routing", "deadline_watch", "knowledge", "notify")):
    """The registration of an open ticket never arrived at a service: intake announces it again."""

    ticket_id: UUID
    missed_by: str
