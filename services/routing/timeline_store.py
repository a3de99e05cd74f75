"""The timeline: everything that happened to a ticket is a row, whether it was heard or decided here."""

from collections.abc import Iterable

from schemas.event import Event
from services.plumbing.database import Transaction
from services.routing.history import entry_of


def record(tx: Transaction, events: Iterable[Event]) -> None:
    """Write down what happened, each event as one line."""
    tx.insert_rows(
        "INSERT INTO timeline (ticket_id, at, what, actor, department, text) VALUES %s",
        [entry for entry in map(entry_of, events) if entry is not None],
    )


def tell(tx: Transaction, *events: Event) -> None:
    """Write down what was decided here, and announce it."""
    record(tx, events)
    tx.announce(*events)
