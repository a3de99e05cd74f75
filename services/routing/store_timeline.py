"""The timeline: everything that happened to a ticket is a row, whether it was heard or decided here."""

from collections.abc import Iterable

from schemas.event import Event
from services.plumbing.transaction import Transaction, document
from services.routing.history import Entry, entry_of

_ENTRY = ", ".join(Entry._fields)


def record(tx: Transaction, events: Iterable[Event]) -> None:
    """Write down what happened, each event as one line."""
    entries = [entry for entry in map(entry_of, events) if entry is not None]
    if entries:
        tx.run(
            f"INSERT INTO timeline ({_ENTRY}) SELECT {_ENTRY} FROM json_populate_recordset(NULL::timeline, %(rows)s)",
            rows=document(entries),
        )


def tell(tx: Transaction, *events: Event) -> None:
    """Write down what was decided here, and announce it."""
    record(tx, events)
    tx.announce(*events)
