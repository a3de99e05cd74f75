"""What becomes of a batch of messages: handled once, held for another try, or parked. Knows no broker.

Handlers run in the order in which the class declares them (causes stand before their effects), each with its share of
the batch in one transaction; the order of one ticket's events is never changed. A share that fails is run again event
by event, so that one bad event cannot hold up the others.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

import psycopg2
import psycopg2.errors
import structlog

from schemas.event import Delivery, Event, Said, UnreadableEvent, read, unpack
from services.plumbing import held, telemetry
from services.plumbing.database import Database, DatabaseSilent
from services.plumbing.shares import shares
from services.plumbing.transaction import Transaction

BACK_OFF_SECONDS = (0.1, 0.3, 1.0, 2.0)
FAULTS = (psycopg2.OperationalError, psycopg2.InterfaceError)
"""What a database that is away raises, but also a statement that takes too long in one that is well."""

_log = structlog.get_logger()

Result = TypeVar("Result")


class NotYet(Exception):
    """The event overtook its cause, which will come: try it again soon.

    A batch handler may name the ``events`` of which that is true: the others are then handled together all the same.
    """

    def __init__(self, reason: str, events: Sequence[Event] = ()) -> None:
        super().__init__(reason)
        self.events = events


class Handler(Protocol):
    """A subscribed method: its ``place`` among the declarations of its class, and the call."""

    place: int

    def call(self, events: Sequence[Event], tx: Transaction) -> None:
        """Handle events of one type. Raises what the method raises."""


class Handling:
    """One service's handlers at work on its own database."""

    def __init__(self, service: str, database: Database, handlers: Mapping[str, Handler]) -> None:
        self.service, self.database, self.handlers = service, database, handlers

    def readable(self, body: bytes) -> Iterator[Delivery]:
        """The events in a message that can be read; the others are parked, each by itself. Raises one of FAULTS."""
        try:
            envelopes = unpack(body)
        except UnreadableEvent as error:
            self._park(body, str(error))
            return
        for said in envelopes:
            try:
                yield self._known(said)
            except UnreadableEvent as error:
                self._park(said.body, str(error))

    def handle(self, deliveries: Iterable[Delivery]) -> None:
        """Handle or hold each event. Raises one of FAULTS if the database stays away: then take them anew."""
        for share in shares(deliveries, lambda type_: self.handlers[type_].place):
            self._handle_or_hold(share)

    def _known(self, said: Said) -> Delivery:
        delivery = read(said)
        if delivery.envelope.type not in self.handlers:
            raise UnreadableEvent("type: this service does not handle it")
        return delivery

    def _park(self, body: bytes, reason: str) -> None:
        def park() -> bool:
            with self.database.transaction() as tx:
                return held.park_unreadable(tx, body, reason)

        if _patiently(park):
            self._count("unreadable", "parked")
            _log.error("event parked", service=self.service, reason=reason)
        else:
            self._count("unreadable", "duplicate")

    def _handle_or_hold(self, share: Sequence[Delivery]) -> None:
        telemetry.beat(self.service, "inbox")
        try:
            _patiently(lambda: self._handle_once(share))
        except Exception as error:
            if isinstance(error, FAULTS) and not self._database_answers():
                raise
            reason = reason_of(error)
            early, others = _parted(share, error)
            if early or len(share) == 1:
                _patiently(lambda: self._hold(early or share, reason))
                if others and early:
                    self._handle_or_hold(others)
            else:
                for delivery in share:
                    self._handle_or_hold([delivery])

    def _database_answers(self) -> bool:
        """Whether a fault was the events' own: the database is well otherwise, and to take them anew would not help."""
        try:
            with self.database.transaction():
                return True
        except FAULTS:
            return False

    def _handle_once(self, share: Sequence[Delivery]) -> None:
        first = share[0].envelope
        events = {delivery.envelope.id: delivery.event for delivery in share}
        with self.database.transaction(first.correlationid) as tx:
            tx.correlations = {delivery.envelope.subject: delivery.envelope.correlationid for delivery in share}
            fresh = held.claim_fresh(tx, list(events))
            if fresh:
                self.handlers[first.type].call([event for id_, event in events.items() if id_ in fresh], tx)
        self._count(first.type, "done", len(fresh))
        self._count(first.type, "duplicate", len(share) - len(fresh))

    def _hold(self, share: Sequence[Delivery], reason: str) -> None:
        with self.database.transaction() as tx:
            for delivery in sorted(share, key=lambda delivery: delivery.envelope.id):
                held.hold(tx, delivery.envelope, delivery.said.body, reason)
        self._count(share[0].envelope.type, "waiting", len(share))

    def retry_one(self) -> bool:
        """Try the held event whose turn it is; False when there is none."""
        with self.database.transaction() as tx:
            row = held.next_due(tx)
            if row is None:
                return False
            type_, outcome = row.type or "unreadable", "done"
            try:
                with tx.savepoint():
                    self._try_again(tx, bytes(row.body))
            except UnreadableEvent as error:
                held.park(tx, row, str(error))
                outcome = "parked"
            except Exception as error:
                if tx.connection.closed:
                    raise
                is_parked = held.postpone(tx, row, reason_of(error), not_yet=isinstance(error, NotYet))
                outcome = "parked" if is_parked else "waiting"
            else:
                held.release(tx, row.event_id)
        self._count(type_, outcome)
        return True

    def _try_again(self, tx: Transaction, body: bytes) -> None:
        (said,) = unpack(body)
        delivery = self._known(said)
        tx.correlation_id = delivery.envelope.correlationid
        self.handlers[delivery.envelope.type].call([delivery.event], tx)

    def _count(self, type_: str, outcome: str, number: int = 1) -> None:
        telemetry.EVENTS_HANDLED.labels(self.service, type_, outcome).inc(number)


def _parted(share: Sequence[Delivery], error: Exception) -> tuple[list[Delivery], list[Delivery]]:
    """The events that a handler named as having come before their cause, and the others."""
    named = {id(event) for event in error.events} if isinstance(error, NotYet) else set()
    early = [delivery for delivery in share if id(delivery.event) in named]
    return early, [delivery for delivery in share if id(delivery.event) not in named]


def reason_of(error: Exception) -> str:
    """What is kept of an error for a person to read: its kind and message, in characters that can be stored."""
    text = f"{type(error).__name__}: {error}"[:500].replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")


def _patiently(work: Callable[[], Result]) -> Result:
    """Do it, and again after a fault of the database. Raises the fault when it lasts."""
    for pause in BACK_OFF_SECONDS:
        try:
            return work()
        except (psycopg2.errors.QueryCanceled, DatabaseSilent):
            raise  # it took too long and would again; another replica may reach what is silent here
        except FAULTS:
            time.sleep(pause)
    return work()
