"""The reconciliation: open tickets are listed from time to time, so that a service can find those that it missed.

A page of 500 a second goes through ten million open tickets in under six hours, and costs each subscriber one index
look-up a page.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from schemas.events.reconciliation import OpenTicketsListed, TicketUnknown
from services.intake import store
from services.plumbing.database.transaction import Transaction

PAGE = 500
REST = timedelta(minutes=1)
GRACE_SECONDS = 60.0


def list_open_tickets(tx: Transaction) -> None:
    """Announce the next page of open tickets, one event for each center."""
    by_center: dict[str, list[UUID]] = defaultdict(list)
    for row in store.registration.next_open(tx, size=PAGE, rest=REST, grace_seconds=GRACE_SECONDS):
        by_center[row.center].append(row.id)
    tx.announce(*(OpenTicketsListed(center=center, tickets=tuple(ids)) for center, ids in by_center.items()))


def announce_again(tx: Transaction, events: Sequence[TicketUnknown]) -> None:
    """Announce registrations again; a service that knows the ticket ignores the event."""
    tx.announce(*store.registration.registrations(tx, {event.ticket_id for event in events}))
