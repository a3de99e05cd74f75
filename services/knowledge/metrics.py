"""What operators see of what was learnt, and of how good the suggestions were."""

from functools import partial

from prometheus_client import Counter, Gauge, Histogram

from schemas.entries import VettingStage
from services.knowledge import store
from services.plumbing.database.transaction import Transaction

INDEXED = Gauge("bancheng_solved_indexed", "Solved tickets by which suggestions are made.", ["center"])
LEARNT = Counter("bancheng_solved_learnt", "Tickets that were closed with a good outcome, and learnt of.")
FORGOTTEN = Counter("bancheng_solved_forgotten", "Tickets that turned out not to be solved, or were withdrawn.")
SUGGESTIONS = Counter(
    "bancheng_suggestions", "Leaders' decisions, by the place of the department among those suggested.", ["rank"]
)
ENTRIES = Gauge("bancheng_entries", "Entries of the question base.", ["state", "department"])
REVIEWS_OVERDUE = Gauge("bancheng_entries_review_overdue", "Lines of weekly lists that are late.", ["department"])
VETTINGS_OVERDUE = Gauge("bancheng_vetting_overdue", "Vettings of entries that are late.", ["stage"])
FLAGS_OPEN = Gauge("bancheng_flags_open", "Flags that are not judged, or what they are right about is not mended.")
NOT_SUGGESTED = "none"
ASKED = Counter(
    "bancheng_asked", "Questions that were asked of the question base, by whether it had an answer.", ["result"]
)
NOT_THERE = Counter("bancheng_asked_not_there", "Questions of which somebody said that none of the answers was meant.")
ANSWER_SECONDS = Histogram(
    "bancheng_answer_seconds",
    "How long it takes to find the answers to a question.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1),
)


def count_changes(tx: Transaction, learnt: int, forgotten: int) -> None:
    """Count what was learnt and forgotten, once it is committed."""
    tx.after_commit += [partial(LEARNT.inc, learnt), partial(FORGOTTEN.inc, forgotten)]


def count_decision(tx: Transaction, place: int | None) -> None:
    """Count a leader's decision, once it is committed; ``place`` counts from 1."""
    tx.after_commit.append(SUGGESTIONS.labels(str(place) if place else NOT_SUGGESTED).inc)


def count_asked(tx: Transaction, *, found: bool, seconds: float) -> None:
    """Count a question, once it is committed, and how long it took to answer."""
    tx.after_commit.append(ASKED.labels("found" if found else "missed").inc)
    ANSWER_SECONDS.observe(seconds)


def count_not_there(tx: Transaction) -> None:
    """Count that somebody was shown answers that were not meant, once it is committed."""
    tx.after_commit.append(NOT_THERE.inc)


def observe(tx: Transaction) -> None:
    """Set the gauges from the database."""
    for center, cases in store.shelves.sizes(tx):
        INDEXED.labels(center).set(cases)
    counts = store.entry_pages.counts(tx)
    for gauge in (ENTRIES, REVIEWS_OVERDUE, VETTINGS_OVERDUE):
        gauge.clear()
    for row in counts["entries"]:
        ENTRIES.labels(row.state, row.department).set(row.number)
    for row in counts["reviews"]:
        REVIEWS_OVERDUE.labels(row.department).set(row.number)
    for stage in VettingStage:
        VETTINGS_OVERDUE.labels(stage.value).set(0)
    for row in counts["vettings"]:
        VETTINGS_OVERDUE.labels(row.stage).set(row.number)
    FLAGS_OPEN.set(counts["flags"][0].number)
