"""What becomes of the events of a batch: handled once, waiting for another try, or parked. Knows no broker.

Handlers run in their declared order (causes before their effects), each with its group of the batch in one transaction;
the order of one subject's events is never changed. A group that fails is handled again event by event, so that one bad
event cannot hold up the others. While the database takes no writes, the whole batch stays in hand.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Protocol

import psycopg2
import structlog

from schemas.events.event import Delivery, Envelope, Event, UnknownType, UnreadableEvent, split_batch
from services.plumbing.database import errors
from services.plumbing.database.database import Database
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.batches import group_by_handler
from services.plumbing.messaging.failures import FailureKind, at_fault, kind_of, reason_of
from services.plumbing.messaging.messages import UnknownEvent, UnreadableBody, parse_subscribed
from services.plumbing.runtime import telemetry

ABANDON_CHECK_SECONDS = 0.25
REMIND_SECONDS = 60.0
"""How often it is logged that events stay in hand."""
HELD_LATELY_SECONDS = 60.0

_log = structlog.get_logger()


class Handler(Protocol):
    """A subscribed method: its ``order`` among the handlers of its service, and the call.

    Without ``remembered`` a repeated event is handled again: that must be harmless, and saves a row for each event.
    """

    order: int
    remembered: bool

    def call(self, events: Sequence[Event], tx: Transaction) -> None:
        """Handle events. Raises what the method raises."""


class Dispatcher:
    """Runs one service's ``handlers``, given by event type, on the service's own database.

    ``gives_up`` is asked while the database cannot work: True ends the waiting with Abandoned.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        handlers: Mapping[str, Handler],
        gives_up: Callable[[], bool] = lambda: False,
    ) -> None:
        self.service, self.database, self.handlers, self.gives_up = service, database, handlers, gives_up
        self._reminded_at = -REMIND_SECONDS
        self._held_at = -HELD_LATELY_SECONDS

    def has_held_lately(self) -> bool:
        """Whether an event of this process began to wait within the last minute: it may soon be due to be tried."""
        return time.monotonic() - self._held_at < HELD_LATELY_SECONDS

    def handle(self, deliveries: Iterable[Delivery]) -> None:
        """Handle each event, or keep it for another try. Raises one of FAULTS if the database stays out of reach, or
        Abandoned: then the events must be taken from the broker again.
        """
        for group in group_by_handler(deliveries, lambda type_: self.handlers[type_].order):
            self._handle_or_hold(group)

    def hold_unknown(self, events: Sequence[UnknownEvent]) -> None:
        """Keep events of types that this program does not handle, for a version that does. Raises as `handle` does."""
        self._hold(events, "type: this program does not handle it", FailureKind.UNKNOWN_TYPE)
        self._count("unknown", "waiting", len(events))

    def park(self, bodies: Iterable[UnreadableBody]) -> None:
        """Keep bodies that are no events, for a person to see. Raises as `handle` does."""
        for body, reason in bodies:
            is_new = self._until_written(partial(retry_queue.park_unreadable, body=body, reason=reason))
            self._count("unreadable", "parked" if is_new else "duplicate")
            if is_new:
                _log.error("event parked", service=self.service, reason=reason)

    def _handle_or_hold(self, group: Sequence[Delivery]) -> None:
        telemetry.beat(self.service, "inbox")
        try:
            errors.retry_transient(lambda: self._handle_in_one_transaction(group), self._wait)
        except errors.Abandoned:
            raise
        except Exception as error:
            if isinstance(error, errors.FAULTS) and not self._takes_writes():
                raise
            failed, others = at_fault(group, error)
            if failed:
                self._hold_failed(failed, error)
                others_again = [others] if others else []
            else:
                others_again = [[delivery] for delivery in group]
            for each in others_again:
                self._handle_or_hold(each)

    def _handle_in_one_transaction(self, group: Sequence[Delivery]) -> None:
        handler = self.handlers[group[0].envelope.type]
        deliveries = {delivery.envelope.id: delivery for delivery in group}
        with self.database.transaction(group[0].envelope.correlationid) as tx:
            tx.correlations = {delivery.envelope.subject: delivery.envelope.correlationid for delivery in group}
            tx.event_ids = {id(delivery.event): id_ for id_, delivery in deliveries.items()}
            new_ids = retry_queue.deduplicate(tx, list(deliveries)) if handler.remembered else deliveries.keys()
            new = [delivery for id_, delivery in deliveries.items() if id_ in new_ids]
            if new:
                handler.call([delivery.event for delivery in new], tx)
        done, delivered = (Counter(each.envelope.type for each in some) for some in (new, group))
        for type_, number in delivered.items():
            self._count(type_, "done", done[type_])
            self._count(type_, "duplicate", number - done[type_])

    def _hold_failed(self, failed: Sequence[Delivery], error: Exception) -> None:
        kind, reason = kind_of(error), reason_of(error)
        self._hold([(delivery.envelope, delivery.raw.body) for delivery in failed], reason, kind)
        for delivery in failed:
            self._count(delivery.envelope.type, "parked" if kind is FailureKind.REJECTED else "waiting")
        if kind is FailureKind.REJECTED:
            _log.error("event parked", service=self.service, reason=reason)

    def _hold(self, events: Sequence[tuple[Envelope, bytes]], reason: str, kind: FailureKind) -> None:
        self._held_at = time.monotonic()
        self._until_written(partial(retry_queue.hold, events=events, reason=reason, kind=kind))

    def _takes_writes(self) -> bool:
        """Whether the database takes writes: then the events caused the fault, and taking them again would not help."""
        try:
            errors.retry_transient(self.database.try_write, self._wait)
        except errors.FAULTS:
            return False
        return True

    def _until_written(self, write: Callable[[Transaction], errors.Result]) -> errors.Result:
        """Repeat a write, which is never at fault itself, until the database takes it. Raises as `handle` does."""

        def attempt() -> errors.Result:
            with self.database.transaction() as tx:
                return write(tx)

        return errors.retry_transient(attempt, self._wait, errors.is_not_due_to_work)

    def _wait(self, seconds: float, reason: psycopg2.Error) -> None:
        """Let time pass. Raises Abandoned."""
        now = time.monotonic()
        is_long = seconds >= errors.IN_HAND_SECONDS and not errors.is_unreachable(reason)
        if is_long and now - self._reminded_at > REMIND_SECONDS:
            self._reminded_at = now
            # Not the reason's text, which may hold what is in the rows.
            about = {"service": self.service, "reason": type(reason).__name__, "code": reason.pgcode}
            _log.error("events stay in hand: the database does not take them", **about)
        while (left := now + seconds - time.monotonic()) > 0:
            telemetry.beat(self.service, "inbox")
            if self.gives_up():
                raise errors.Abandoned
            time.sleep(min(left, ABANDON_CHECK_SECONDS))

    def retry_one(self) -> bool:
        """Try the waiting event that is due; False when there is none. Raises psycopg2.Error."""
        with self.database.transaction() as tx:
            row = retry_queue.next_due(tx)
            if row is None:
                return False
            outcome, error = self._retry(tx, row)
        self._count(row.type or "unreadable", outcome)
        if outcome == "parked":
            # Not the error's text, which may hold what is in the rows: `bancheng parked show` prints it.
            _log.error("event parked", service=self.service, event_id=str(row.event_id), reason=type(error).__name__)
        return True

    def _retry(self, tx: Transaction, row: Row) -> tuple[str, Exception | None]:
        """Try the event of a row; returns the outcome, and the error if it failed. Raises psycopg2.Error."""
        try:
            with tx.savepoint():
                (raw,) = split_batch(bytes(row.body))
                delivery = parse_subscribed(raw, self.handlers)
                tx.correlation_id = delivery.envelope.correlationid
                tx.event_ids = {id(delivery.event): delivery.envelope.id}
                self.handlers[delivery.envelope.type].call([delivery.event], tx)
        except Exception as error:
            if tx.connection.closed or errors.is_not_writable(error):
                raise
            if isinstance(error, UnreadableEvent) and not isinstance(error, UnknownType):
                retry_queue.park(tx, row, str(error))
                return "parked", error
            self._held_at = time.monotonic()
            return "parked" if retry_queue.postpone(tx, row, reason_of(error), kind_of(error)) else "waiting", error
        retry_queue.release(tx, row.event_id)
        return "done", None

    def _count(self, type_: str, outcome: str, number: int = 1) -> None:
        telemetry.EVENTS_HANDLED.labels(self.service, type_, outcome).inc(number)
