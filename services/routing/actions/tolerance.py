"""Papers that may come later (容缺受理) in the timeline; who follows the ticket is told when they do not come."""

from schemas.events.materials import ToleranceGranted, ToleranceLapsed, ToleranceSupplied
from services.plumbing.database.transaction import Transaction, new_id
from services.routing.actions.tickets import lock
from services.routing.rules.events import PAPERS_LATE, notice
from services.routing.store.timeline import record


def note(tx: Transaction, event: ToleranceGranted | ToleranceSupplied | ToleranceLapsed) -> None:
    """Papers may come later, have come, or have not come in time. Raises NotYet, EventRejected."""
    ticket = lock(tx, event)
    record(tx, [event])
    if isinstance(event, ToleranceLapsed) and ticket.is_open:
        tx.announce(notice(ticket, new_id(), [ticket.first_responsible], PAPERS_LATE, tx.now))
