"""What operators see of what was learnt, and of how good the suggestions were."""

from functools import partial

from prometheus_client import Counter, Gauge

from services.knowledge import store
from services.plumbing.database.transaction import Transaction

INDEXED = Gauge("bancheng_solved_indexed", "Solved tickets by which suggestions are made.", ["center"])
LEARNT = Counter("bancheng_solved_learnt", "Tickets that were closed with a good outcome, and learnt of.")
FORGOTTEN = Counter("bancheng_solved_forgotten", "Tickets that turned out not to be solved, or were withdrawn.")
SUGGESTIONS = Counter(
    "bancheng_suggestions", "Leaders' decisions, by the place of the department among those suggested.", ["rank"]
)
NOT_SUGGESTED = "none"


def count_changes(tx: Transaction, learnt: int, forgotten: int) -> None:
    """Count what was learnt and forgotten, once it is committed."""
    tx.after_commit += [partial(LEARNT.inc, learnt), partial(FORGOTTEN.inc, forgotten)]


def count_decision(tx: Transaction, place: int | None) -> None:
    """Count a leader's decision, once it is committed; ``place`` counts from 1."""
    tx.after_commit.append(SUGGESTIONS.labels(str(place) if place else NOT_SUGGESTED).inc)


def observe(tx: Transaction) -> None:
    """Set the gauges from the database."""
    for center, cases in store.shelves.sizes(tx):
        INDEXED.labels(center).set(cases)
