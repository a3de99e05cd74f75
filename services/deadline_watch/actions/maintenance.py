"""What changes many deadlines without an event of theirs: pauses end, another calendar holds, a service is silent."""

from datetime import datetime

from services.deadline_watch import metrics, store
from services.deadline_watch.actions import policies, watermarks
from services.deadline_watch.actions.recording import revise
from services.deadline_watch.rules.deadline import Policy
from services.deadline_watch.rules.facts import RECOUNTED, Fact, joined
from services.deadline_watch.store.deadlines import TicketRecord
from services.plumbing.database.transaction import Transaction, new_id


def end_long_pauses(tx: Transaction) -> int:
    """Resume deadlines whose pause has lasted as long as it may; how many tickets' those were."""
    until = watermarks.confirmed(tx)
    if until is None:
        return 0
    return revise(tx, store.firing.long_paused(tx, until), lambda stored: _at_least(stored, until))


def _at_least(stored: TicketRecord, until: datetime) -> TicketRecord:
    return stored._replace(until=max(until, stored.until or until))


def recount_provisional(tx: Transaction) -> int:
    """Count anew what was counted by an older calendar, now that another one holds; how many tickets' those were."""
    at = watermarks.confirmed(tx)
    return sum(_recount(tx, code, at) for code in store.firing.center_codes(tx)) if at else 0


def _recount(tx: Transaction, center: str, at: datetime) -> int:
    policy = policies.current(tx, center)
    older = [
        version
        for version, center_version in store.firing.provisional_versions(tx, center)
        if _is_older(version, center_version, policy)
    ]
    if not older:
        return 0
    fact = Fact(RECOUNTED, at, new_id(), policy.version)
    return revise(
        tx,
        store.firing.counted_by(tx, center, older),
        lambda stored: stored._replace(facts=joined(stored.facts, [fact])),
    )


def _is_older(calendar_version: str, center_version: int, policy: Policy) -> bool:
    """Only ever towards the newer: replicas of two editions would rewrite each other's deadlines for ever."""
    mine = policy.calendar.version
    return (
        calendar_version != mine and center_version <= policy.version and not policies.is_newer(calendar_version, mine)
    )


def fire_unconfirmed(tx: Transaction) -> int:
    """Announce what a silent service, or an event that waits to be tried again, must not hide any longer: a batch for
    each center; how many marks that were.
    """
    known = watermarks.confirmed(tx)
    total = 0
    for code in store.firing.center_codes(tx):
        seconds = 60.0 * policies.current(tx, code).center.confirmation.wait_minutes
        until = store.clock_readings.unconfirmed_until(tx, seconds)
        if until:
            total += metrics.fired(store.firing.fire_unconfirmed(tx, code, until, known), confirmed=False)
    return total
