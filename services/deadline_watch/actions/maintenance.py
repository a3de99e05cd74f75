"""What changes deadlines without an event about them: pauses end, a newer calendar is in force, a service is silent."""

from datetime import datetime

from services.deadline_watch import metrics, store
from services.deadline_watch.actions import policies
from services.deadline_watch.actions.recording import revise
from services.deadline_watch.rules.facts import CALENDAR_CHANGED, Fact, merge_facts
from services.plumbing.database.transaction import Transaction, new_id


def end_long_pauses(tx: Transaction) -> int:
    """Resume deadlines whose pause has lasted as long as it may; returns how many deadlines that changed.

    The wait for a silent service is as long as that of a mark, not longer: while a deadline is paused, none of its
    marks is announced. If an event arrives later of something that was done in time, the end of the pause is taken
    back.
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
    """Count deadlines again that were counted by an older calendar; returns how many deadlines that changed.

    Never by an older calendar: replicas with two editions would rewrite each other's deadlines for ever.
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
    """Announce the marks that have waited long enough for a silent service, or for an event that waits to be tried
    again: a batch for each center. Returns how many marks that were.
    """
    known = store.watermarks.confirmed(tx)
    total = 0
    for code in store.firing.center_codes(tx):
        if until := _unconfirmed_until(tx, code):
            total += metrics.fired(tx, store.firing.fire_unconfirmed(tx, code, until, known), confirmed=False)
    return total


def _unconfirmed_until(tx: Transaction, code: str) -> datetime | None:
    """Up to which instant marks have waited for silent services as long as the center file says; None if to none."""
    seconds = 60.0 * policies.current(tx, code).center.confirmation.wait_minutes
    return store.watermarks.unconfirmed_until(tx, seconds)
