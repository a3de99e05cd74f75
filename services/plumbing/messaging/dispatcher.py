"""What becomes of a batch of messages: handled once, held for another try, or parked. Knows no broker.

Handlers run in the order in which the class declares them (causes stand before their effects), each with its share of
the batch in one transaction; the order of one ticket's events is never changed. A share that fails is run again event
by event, so that one bad event cannot hold up the others. While the database takes no writes, all of it stays in hand.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Protocol

import psycopg2
import structlog

from schemas.events.event import Delivery, Envelope, Event, UnknownType, UnreadableEvent, split_batch
from services.plumbing.database.database import Database
from services.plumbing.database.errors import FAULTS, is_not_writable, is_unreachable
from services.plumbing.database.retry_transient import (
    IN_HAND_SECONDS,
    Abandoned,
    Result,
    is_not_due_to_work,
    retry_transient,
)
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.messages import Unknown, Unreadable, known
from services.plumbing.messaging.partitions import partitions
from services.plumbing.messaging.retry_queue import Cause
from services.plumbing.runtime import telemetry

GLANCE_SECONDS = 0.25
"""How often it is asked whether to give up what is in hand."""
REMIND_SECONDS = 60.0
"""How often it is said that something stays in hand."""
BUSY_SECONDS = 60.0

_log = structlog.get_logger()


class NotYet(Exception):
    """The event overtook its cause, which will come: try it again soon.

    A batch handler may name the ``events`` of which that is true: the others are then handled together all the same.
    """

    def __init__(self, reason: str, events: Sequence[Event] = ()) -> None:
        super().__init__(reason)
        self.events = events


class EventRejected(Exception):
    """What the event says cannot be, now or later: it is parked at once.

    A batch handler names the ``events`` of which that is true: the others are then handled together all the same.
    """

    def __init__(self, reason: str, events: Sequence[object] = ()) -> None:
        super().__init__(reason)
        self.events = events


class Handler(Protocol):
    """A subscribed method: its ``place`` among the declarations of its class, and the call.

    Unless ``remembered``, an event that comes again is handled again: that must be harmless, and saves a row for each.
    """

    place: int
    remembered: bool

    def call(self, events: Sequence[Event], tx: Transaction) -> None:
        """Handle events of one type. Raises what the method raises."""


class Dispatcher:
    """One service's handlers at work on its own database.

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
        self._held_at = -BUSY_SECONDS

    def has_held_lately(self) -> bool:
        """Whether this process has held an event within a minute, so that soon one may be due to be tried again."""
        return time.monotonic() - self._held_at < BUSY_SECONDS

    def handle(self, deliveries: Iterable[Delivery]) -> None:
        """Handle or hold each event. Raises one of FAULTS if the database stays out of reach, or Abandoned: then take
        them anew.
        """
        for share in partitions(deliveries, lambda type_: self.handlers[type_].place):
            self._handle_or_hold(share)

    def hold_unknown(self, events: Sequence[Unknown]) -> None:
        """Keep events of types that this program does not handle, for one that does. Raises as `handle` does."""
        self._hold(events, "type: this program does not handle it", Cause.UNKNOWN_TYPE)
        self._count("unknown", "waiting", len(events))

    def park(self, messages: Iterable[Unreadable]) -> None:
        """Keep what is no event for a person to see. Raises as `handle` does."""
        for body, reason in messages:
            if self._always(partial(self._park, body, reason)):
                self._count("unreadable", "parked")
                _log.error("event parked", service=self.service, reason=reason)
            else:
                self._count("unreadable", "duplicate")

    def _park(self, body: bytes, reason: str) -> bool:
        with self.database.transaction() as tx:
            return retry_queue.park_unreadable(tx, body, reason)

    def _handle_or_hold(self, share: Sequence[Delivery]) -> None:
        telemetry.beat(self.service, "inbox")
        try:
            retry_transient(lambda: self._handle_once(share), self._wait)
        except Abandoned:
            raise
        except Exception as error:
            if isinstance(error, FAULTS) and not self._takes_writes():
                raise
            reason, cause = reason_of(error), _cause_of(error)
            named, others = _parted(share, error)
            if named or len(share) == 1:
                self._hold([(each.envelope, each.said.body) for each in named or share], reason, cause)
                outcome = "parked" if cause is Cause.REJECTED else "waiting"
                self._count(share[0].envelope.type, outcome, len(named or share))
                if cause is Cause.REJECTED:
                    _log.error("event parked", service=self.service, reason=reason)
                if others and named:
                    self._handle_or_hold(others)
            else:
                for delivery in share:
                    self._handle_or_hold([delivery])

    def _takes_writes(self) -> bool:
        """Whether a fault was the events' own: the database is well otherwise, and to take them anew would not help."""
        try:
            retry_transient(self.database.try_write, self._wait)
        except FAULTS:
            return False
        return True

    def _handle_once(self, share: Sequence[Delivery]) -> None:
        first = share[0].envelope
        events = {delivery.envelope.id: delivery.event for delivery in share}
        with self.database.transaction(first.correlationid) as tx:
            tx.correlations = {delivery.envelope.subject: delivery.envelope.correlationid for delivery in share}
            tx.event_ids = {id(event): id_ for id_, event in events.items()}
            remembered = self.handlers[first.type].remembered
            fresh = retry_queue.deduplicate(tx, list(events)) if remembered else events.keys()
            if fresh:
                self.handlers[first.type].call([event for id_, event in events.items() if id_ in fresh], tx)
        self._count(first.type, "done", len(fresh))
        self._count(first.type, "duplicate", len(share) - len(fresh))

    def _hold(self, events: Sequence[tuple[Envelope, bytes]], reason: str, cause: Cause) -> None:
        self._held_at = time.monotonic()

        def hold() -> None:
            with self.database.transaction() as tx:
                for envelope, body in sorted(events, key=lambda event: event[0].id):
                    retry_queue.hold(tx, envelope, body, reason, cause)

        self._always(hold)

    def _always(self, work: Callable[[], Result]) -> Result:
        """Do what is never at fault itself, in the end."""
        return retry_transient(work, self._wait, is_not_due_to_work)

    def _wait(self, seconds: float, reason: psycopg2.Error) -> None:
        """Let time pass. Raises Abandoned."""
        now = time.monotonic()
        is_long = seconds >= IN_HAND_SECONDS and not is_unreachable(reason)
        if is_long and now - self._reminded_at > REMIND_SECONDS:
            self._reminded_at = now
            _log.error(
                "events stay in hand: the database does not take them",
                service=self.service,
                reason=type(reason).__name__,  # its text may hold what is in the rows
                code=reason.pgcode,
            )
        ends = now + seconds
        while (left := ends - time.monotonic()) > 0:
            telemetry.beat(self.service, "inbox")
            if self.gives_up():
                raise Abandoned
            time.sleep(min(left, GLANCE_SECONDS))

    def retry_one(self) -> bool:
        """Try the held event whose turn it is; False when there is none."""
        with self.database.transaction() as tx:
            row = retry_queue.next_due(tx)
            if row is None:
                return False
            type_, outcome = row.type or "unreadable", "done"
            try:
                with tx.savepoint():
                    self._try_again(tx, bytes(row.body))
            except UnreadableEvent as error:
                if isinstance(error, UnknownType):
                    outcome = self._postpone(tx, row, error)
                else:
                    retry_queue.park(tx, row, str(error))
                    outcome = "parked"
            except Exception as error:
                if tx.connection.closed or is_not_writable(error):
                    raise
                outcome = self._postpone(tx, row, error)
            else:
                retry_queue.release(tx, row.event_id)
        self._count(type_, outcome)
        return True

    def _postpone(self, tx: Transaction, row: Row, error: Exception) -> str:
        self._held_at = time.monotonic()
        return "parked" if retry_queue.postpone(tx, row, reason_of(error), _cause_of(error)) else "waiting"

    def _try_again(self, tx: Transaction, body: bytes) -> None:
        (said,) = split_batch(body)
        delivery = known(said, self.handlers)
        tx.correlation_id = delivery.envelope.correlationid
        tx.event_ids = {id(delivery.event): delivery.envelope.id}
        self.handlers[delivery.envelope.type].call([delivery.event], tx)

    def _count(self, type_: str, outcome: str, number: int = 1) -> None:
        telemetry.EVENTS_HANDLED.labels(self.service, type_, outcome).inc(number)


def _cause_of(error: Exception) -> Cause:
    match error:
        case NotYet():
            return Cause.NOT_YET
        case EventRejected():
            return Cause.REJECTED
        case UnknownType():
            return Cause.UNKNOWN_TYPE
    return Cause.ERROR


def _parted(share: Sequence[Delivery], error: Exception) -> tuple[list[Delivery], list[Delivery]]:
    """The events that a handler named as those that the error is about, and the others."""
    named = {id(event) for event in error.events} if isinstance(error, (NotYet, EventRejected)) else set()
    about = [delivery for delivery in share if id(delivery.event) in named]
    return about, [delivery for delivery in share if id(delivery.event) not in named]


def reason_of(error: Exception) -> str:
    """What is kept of an error for a person to read: its kind and message, in characters that can be stored."""
    text = f"{type(error).__name__}: {error}"[:500].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")
