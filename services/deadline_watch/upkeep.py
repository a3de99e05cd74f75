"""What becomes of many clocks without an event of theirs: pauses end at their cap, another calendar is counted by."""

from collections.abc import Iterable
from datetime import datetime

from services.deadline_watch import firing, metrics, policies, store
from services.deadline_watch.clocks import Turn
from services.deadline_watch.pausing import catch_up
from services.deadline_watch.turns import recount
from services.plumbing.transaction import Transaction


def end_long_pauses(tx: Transaction) -> int:
    """Resume clocks whose pause has lasted as long as it may; how many."""
    at = firing.settled(tx)
    return _keep(tx, [catch_up(clock, at, policies.current(tx, clock.center)) for clock in firing.long_paused(tx)])


def recount_provisional(tx: Transaction) -> int:
    """Count anew what was counted by an expected calendar, now that another one holds; how many."""
    at = firing.settled(tx)
    return sum(_recount(tx, code, at) for code in firing.center_codes(tx))


def _recount(tx: Transaction, center: str, at: datetime) -> int:
    policy = policies.current(tx, center)
    clocks = firing.counted_otherwise(tx, center, policy.calendar.version)
    return _keep(tx, [recount(clock, at, policy) for clock in clocks])


def _keep(tx: Transaction, turns: Iterable[Turn]) -> int:
    turns = list(turns)
    for turn in turns:
        tx.announce(*turn.said)
        metrics.count(turn.said)
    store.save_clocks(tx, [turn.clock for turn in turns])
    return len(turns)
