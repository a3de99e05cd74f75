"""What changes many deadlines without an event of theirs: pauses end, another calendar holds, a service is silent."""

from datetime import datetime

from services.deadline_watch import metrics, store
from services.deadline_watch.actions import policies
from services.deadline_watch.actions.recording import revise
from services.deadline_watch.rules.facts import CALENDAR_CHANGED, Fact, merge_facts
from services.plumbing.database.transaction import Transaction, new_id


def end_long_pauses(tx: Transaction) -> int:
    """Resume deadlines whose pause has lasted as long as it may; how many deadlines that changed.

    A silent service is waited for as with marks, no longer: a deadline that stays paused has no mark to announce. What
    was done in time and is heard of later takes the end of the pause back.
    """
    known = store.watermarks.confirmed(tx)
    until: dict[str, datetime] = {}
    for code in store.firing.center_codes(tx):
        if instants := [each for each in (known, _unconfirmed_until(tx, code)) if each]:
            until[code] = max(instants)
    return revise(
        tx,
        store.firing.long_paused(tx, until),
        lambda ticket: ticket._replace(
            pauses_ended_at=max(until[ticket.center], ticket.pauses_ended_at or until[ticket.center])
        ),
    )


def recount_provisional(tx: Transaction) -> int:
    """Count anew what was counted by an older calendar, now that another one holds; how many deadlines that changed.

    Only ever towards the newer: replicas of two editions would rewrite each other's deadlines for ever.
    """
    at = store.watermarks.confirmed(tx)
    return sum(_recount(tx, code, at) for code in store.firing.center_codes(tx)) if at else 0


def _recount(tx: Transaction, code: str, at: datetime) -> int:
    policy = policies.current(tx, code)
    current = policy.calendar.version
    older = [
        version
        for version, center_version in store.firing.provisional_versions(tx, code)
        if version != current and center_version <= policy.version and not policies.is_newer(version, current)
    ]
    if not older:
        return 0
    fact = Fact(CALENDAR_CHANGED, at, new_id(), policy.version)
    tickets = store.firing.counted_by(tx, code, older)
    return revise(tx, tickets, lambda ticket: ticket._replace(facts=merge_facts(ticket.facts, [fact])))


def fire_unconfirmed(tx: Transaction) -> int:
    """Announce what a silent service, or an event that waits to be tried again, must not hide any longer: a batch for
    each center; how many marks that were.
    """
    known = store.watermarks.confirmed(tx)
    total = 0
    for code in store.firing.center_codes(tx):
        if until := _unconfirmed_until(tx, code):
            total += metrics.fired(tx, store.firing.fire_unconfirmed(tx, code, until, known), confirmed=False)
    return total


def _unconfirmed_until(tx: Transaction, code: str) -> datetime | None:
    """The instant up to which a center has waited for silent services as long as its file says; None if it has not."""
    seconds = 60.0 * policies.current(tx, code).center.confirmation.wait_minutes
    return store.watermarks.unconfirmed_until(tx, seconds)
