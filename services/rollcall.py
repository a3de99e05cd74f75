"""The answer to intake's roll-call, the same in every service: what never arrived here is asked for.

It then comes as if for the first time, with the time of its registration.
"""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from schemas.rollcall import RollCalled, TicketMissed
from schemas.tickets import TicketRegistered
from services.plumbing import held, telemetry
from services.plumbing.transaction import Transaction

Unknown = Callable[[Transaction, Iterable[UUID]], set[UUID]]
"""Those of some ticket ids of which a service has stored nothing."""


def answer(tx: Transaction, events: Sequence[RollCalled], unknown: Unknown) -> None:
    """Ask for what was never heard of; a registration that is held here did arrive, and is tried again anyway."""
    for event in events:
        missed = unknown(tx, event.tickets)
        if missed:
            missed -= held.among_held(tx, TicketRegistered.TYPE, missed)
        telemetry.ROLLCALL_MISSING.labels(tx.service).inc(len(missed))
        asked = (TicketMissed(center=event.center, ticket_id=id_, missed_by=tx.service) for id_ in sorted(missed))
        tx.announce(*asked)
