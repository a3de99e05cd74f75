"""Keeps a service's own tables small and their state visible: gauges set, old rows removed in small batches."""

from typing import Any

from nameko.extensions import SharedExtension

from services.plumbing.database.transaction import Transaction
from services.plumbing.runtime import telemetry
from services.plumbing.runtime.loop import Loop
from services.plumbing.runtime.resources import ServiceDatabase

PERIOD_SECONDS = 5.0
BATCH = 5000
INBOX_DAYS = 40
"""Longer than any broker keeps a message and any replica stays away; waiting and parked events stay."""
IDEMPOTENCY_DAYS = 7


def observe(tx: Transaction) -> None:
    """Set the gauges of the outbox and of waiting and parked events."""
    service = tx.service
    outbox: Any = tx.row(
        "SELECT count(*) AS events,"
        " coalesce(extract(epoch FROM clock_timestamp() - min(stored_at)), 0) AS age FROM outbox"
    )
    held: Any = tx.row(
        "SELECT count(*) FILTER (WHERE next_try_at IS NULL) AS parked, count(next_try_at) AS waiting FROM held"
    )
    telemetry.OUTBOX_EVENTS.labels(service).set(outbox.events)
    telemetry.OUTBOX_AGE.labels(service).set(float(outbox.age))
    telemetry.EVENTS_PARKED.labels(service).set(held.parked)
    telemetry.EVENTS_WAITING.labels(service).set(held.waiting)


def clean(tx: Transaction) -> int:
    """Remove a batch of rows that nobody can need any more; returns how many.

    Each look for them is an array, which is made once. A subquery is repeated for each row where the planner believes
    the table to be empty, as it does after a burst into a new one. The age is taken from a time that stands for the
    whole statement: no index serves one that goes on meanwhile.
    """
    inbox = tx.execute(
        "DELETE FROM inbox WHERE ctid = ANY(ARRAY(SELECT ctid FROM inbox"
        " WHERE received_at < statement_timestamp() - make_interval(days => %(days)s)"
        " AND NOT EXISTS (SELECT FROM held WHERE held.event_id = inbox.event_id) LIMIT %(batch)s))",
        days=INBOX_DAYS,
        batch=BATCH,
    )
    replies = tx.execute(
        "DELETE FROM idempotency WHERE ctid = ANY(ARRAY(SELECT ctid FROM idempotency"
        " WHERE stored_at < statement_timestamp() - make_interval(days => %(days)s) LIMIT %(batch)s))",
        days=IDEMPOTENCY_DAYS,
        batch=BATCH,
    )
    return inbox + replies


class Housekeeping(SharedExtension):  # type: ignore[misc]
    """Runs beside the relay, in every replica."""

    resources = ServiceDatabase()

    def start(self) -> None:
        """Begin."""
        self._loop = Loop(self.container, "housekeeping", self._turn)

    def stop(self) -> None:
        """No further turn."""
        self._loop.stop()

    def _turn(self) -> float:
        service, database = self.container.service_name, self.resources.database
        is_well = False
        try:
            with database.transaction() as tx:
                observe(tx)
            with database.transaction() as tx:
                clean(tx)
            is_well = True
        finally:
            has_refused = database.has_refused(within=2 * PERIOD_SECONDS)
            telemetry.DATABASE_WRITABLE.labels(service).set(is_well and not has_refused)
            telemetry.set_obstacle(service, "database", "the database takes no writes" if has_refused else None)
        return PERIOD_SECONDS
