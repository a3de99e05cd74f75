"""What operators see of the deadlines: how many are open, broken, late or provisional."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from prometheus_client import Counter, Gauge, Histogram

from schemas.enums import DeadlineKind, Mark
from schemas.events.deadlines import MarkVoided
from schemas.events.event import Event
from services.deadline_watch import store
from services.deadline_watch.store.firing import FiredMarks
from services.plumbing.database.transaction import Transaction

UNFIRED_SECONDS = 10.0
NOBODY = "none"

TICKETS_OPEN = Gauge("bancheng_tickets_open", "Promises still to be kept.", ["complexity", "light", "department"])
BREACHED = Counter(
    "bancheng_deadlines_breached", "Deadlines announced as broken; less those that were void.", ["kind", "department"]
)
VOIDED = Counter(
    "bancheng_deadlines_breaches_voided",
    "Deadlines announced as broken that were not: the event that says so came later.",
    ["kind", "department"],
)
UNCONFIRMED = Counter(
    "bancheng_marks_unconfirmed", "Marks announced although a service was silent: an alarm.", ["kind"]
)
SOURCE_LAG = Gauge(
    "bancheng_source_lag_seconds", "By how much the events of a service are behind the present.", ["source"]
)
FIRE_LAG = Histogram(
    "bancheng_deadline_fire_lag_seconds",
    "Real time from a mark to its announcement, the wait for events under way included.",
    buckets=(2.1, 2.5, 3, 4, 5, 7.5, 10, 15, 30, 60, 300, 3600, 86400),
)
PROVISIONAL = Gauge("bancheng_deadlines_provisional", "Open deadlines beyond the announced calendar.")
UNFIRED = Gauge("bancheng_deadlines_due_unfired", f"Marks due for {UNFIRED_SECONDS:.0f} s and not announced: an alarm.")


CLOCK_JUMP = Gauge(
    "bancheng_watch_clock_jump_seconds",
    "By how much the database's clock jumped; unless 0 the watch is held: an alarm.",
)


def hold(jump: timedelta) -> None:
    """Show by how much the database's clock jumped: by nothing if it did not."""
    CLOCK_JUMP.set(jump.total_seconds())


def fired(tx: Transaction, groups: Sequence[FiredMarks], *, confirmed: bool = True) -> int:
    """Count the marks that the watch announces, once they are committed; returns how many there are."""

    def count_groups() -> None:
        for group in groups:
            if group.mark == Mark.BREACHED:
                BREACHED.labels(group.kind, group.department or NOBODY).inc(group.deadlines)
            if not confirmed:
                UNCONFIRMED.labels(group.kind).inc(group.deadlines)
            if group.lag is not None:
                for _ in range(group.deadlines):
                    FIRE_LAG.observe(group.lag)

    tx.after_commit.append(count_groups)
    return sum(group.deadlines for group in groups)


def count_voids(tx: Transaction, announced: Iterable[Event]) -> None:
    """Count the breaches that are taken back, once this is committed."""
    for event in announced:
        if isinstance(event, MarkVoided) and event.mark is Mark.BREACHED:
            tx.after_commit.append(VOIDED.labels(event.kind, event.department or NOBODY).inc)


def observe(tx: Transaction) -> None:
    """Set the gauges from the database. It reads all open promises, so do not call it too often."""
    TICKETS_OPEN.clear()
    for row in store.reading.open_promises(tx):
        complexity = "complex" if row.kind == DeadlineKind.REPORT else "ordinary"
        TICKETS_OPEN.labels(complexity, row.light, row.department or NOBODY).set(row.deadlines)
    for source, seconds in store.watermarks.lags(tx).items():
        SOURCE_LAG.labels(source).set(seconds)
    PROVISIONAL.set(store.reading.provisional(tx))
    UNFIRED.set(store.reading.unfired(tx, UNFIRED_SECONDS))
