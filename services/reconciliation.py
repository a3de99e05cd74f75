"""The answer to a list of open tickets, the same in every service: those that never arrived here are asked for.

It then comes as if for the first time, with the time of its registration.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from schemas.events.reconciliation import OpenTicketsListed, TicketUnknown
from schemas.events.tickets import TicketRegistered
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging import retry_queue
from services.plumbing.runtime import telemetry

Unknown = Callable[[Transaction, Iterable[UUID]], set[UUID]]
"""Those of some ticket ids of which a service has stored nothing."""


def ask_for_unknown_tickets(tx: Transaction, events: Sequence[OpenTicketsListed], unknown: Unknown) -> None:
    """Ask for tickets that never arrived. A registration in the retry queue did arrive: it is tried again anyway."""
    for event in events:
        missed = unknown(tx, event.tickets)
        if missed:
            missed -= retry_queue.among_held(tx, TicketRegistered.TYPE, missed)
        telemetry.RECONCILIATION_MISSING.labels(tx.service).inc(len(missed))
        asked = (TicketUnknown(center=event.center, ticket_id=id_, missed_by=tx.service) for id_ in sorted(missed))
        tx.announce(*asked)
