"""What leaders decided, beside what was suggested to them."""

from collections.abc import Sequence

from schemas.events.tickets import TicketRouted
from services.plumbing.database.transaction import Transaction


def note_decision(tx: Transaction, event: TicketRouted, suggested: Sequence[str], *, was_shown: bool) -> bool:
    """Keep a decision with the departments that were suggested, the first first; False if it was kept before."""
    return bool(
        tx.execute(
            "INSERT INTO decisions (ticket_id, round, center, department, suggested, was_shown, decided_at) VALUES"
            " (%(ticket)s, %(round)s, %(center)s, %(department)s, %(suggested)s::text[], %(shown)s, %(at)s)"
            " ON CONFLICT DO NOTHING",
            ticket=event.ticket_id,
            round=event.round,
            center=event.center,
            department=event.lead,
            suggested=list(suggested),
            shown=was_shown,
            at=event.routed_at,
        )
    )
