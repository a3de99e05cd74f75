"""The answer to intake's reconciliation, the same in every service: what never arrived here is asked for.

It then comes as if for the first time, with the time of its registration.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from schemas.events.reconciliation import RollCalled, TicketUnknown
from schemas.events.tickets import TicketRegistered
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging import retry_queue
from services.plumbing.runtime import telemetry

Unknown = Callable[[Transaction, Iterable[UUID]], set[UUID]]
"""Those of some ticket ids of which a service has stored nothing."""


def answer(tx: Transaction, events: Sequence[RollCalled], unknown: Unknown) -> None:
    """Ask for what was never heard of; a registration that is held here did arrive, and is tried again anyway."""
    for event in events:
        missed = unknown(tx, event.tickets)
        if missed:
            missed -= retry_queue.among_held(tx, TicketRegistered.TYPE, missed)
        telemetry.RECONCILIATION_MISSING.labels(tx.service).inc(len(missed))
        asked = (TicketUnknown(center=event.center, ticket_id=id_, missed_by=tx.service) for id_ in sorted(missed))
        tx.announce(*asked)
