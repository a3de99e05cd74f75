"""A ticket whose personal data were deleted: no text of it is kept."""

from schemas.events.forgetting import TicketForgotten
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.failures import NotYet
from services.routing import store
from services.routing.actions.tickets import ENDED, lock
from services.routing.store.timeline import record


def forget(tx: Transaction, event: TicketForgotten) -> None:
    """Delete every text of the ticket, and what waits or is parked about it. Raises NotYet until it has ended here."""
    ticket = lock(tx, event)
    if ticket.state not in ENDED:
        raise NotYet("the ticket has not ended here yet")
    store.forgetting.forget(tx, ticket.id, event.forgotten_at)
    retry_queue.forget(tx, [ticket.id])
    record(tx, [event])
