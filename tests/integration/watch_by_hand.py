"""deadline_watch without its loops: a test hears, fires and lets time be watched itself, on the service's own tables.

It is Monday 27 January 2025, 17:30, half an hour after the answer to what came in on Friday was due.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from schemas.events.event import Event
from schemas.events.tickets import TicketRegistered
from schemas.events.watermarks import EVERYWHERE, SourceReached
from services.deadline_watch import store
from services.deadline_watch.service import DeadlineWatchService
from services.plumbing.database.transaction import new_id
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.failures import FailureKind
from tests import deadline_builders as given
from tests.builders import a_center, published
from tests.deadline_builders import at
from tests.stack.envelopes import the_event, wire
from tests.stack.one_service import OneService

NOW, DUE, BEFORE = "2025-01-27 17:30", "2025-01-27 17:00", "2025-01-27 16:59"
CONFIRMED = [("approaching", True), ("breached", True)]
"""The marks of a promise, as `Watch.marks` says them."""


class Watch:
    """The service without its loops: each call is a transaction of its own."""

    def __init__(self, house: OneService) -> None:
        self.house, self.ticket, self._service = house, new_id(), DeadlineWatchService()

    def hears(self, *events: Event) -> None:
        for event in events:
            with self.house.database.transaction() as tx:
                tx.event_ids = {id(event): new_id()}
                if isinstance(event, TicketRegistered):
                    self._service.set_promises([event], tx)
                else:
                    self._service.record_facts([event], tx)

    def knows_of_a_ticket(self) -> None:
        self.hears(given.registered("2025-01-24 10:00", self.ticket), given.routed("2025-01-24 10:01", self.ticket))

    def hears_how_far(self, **reached: str) -> None:
        events = [
            SourceReached(center=EVERYWHERE, source=source, reached_at=at(when)) for source, when in reached.items()
        ]
        with self.house.database.transaction() as tx:
            self._service.keep_watermarks(events, tx)

    def has_watched_for(self, *, minutes: float) -> None:
        with self.house.database.transaction() as tx:
            store.clock_readings.trust(tx, store.clock_readings.read(tx))
            tx.execute(
                "UPDATE clock_readings SET watching_since = real_now() - %(time)s", time=timedelta(minutes=minutes)
            )

    def looks(self) -> None:
        """A turn of the watch."""
        for turn in (self._service.fire_marks, self._service.fire_unconfirmed_marks, self._service.end_long_pauses):
            self._until_done(turn)

    def _until_done(self, turn: Any) -> None:
        done = 1
        while done:
            with self.house.database.transaction() as tx:
                done = turn(tx)

    def holds_an_event(self, ticket: UUID) -> UUID:
        """An event of a ticket fails, and is to be tried again."""
        said = wire(given.answered(BEFORE, ticket), new_id(), source="routing", time=at(BEFORE))
        envelope = the_event(said).envelope
        with self.house.database.transaction() as tx:
            retry_queue.hold(tx, [(envelope, said)], "a failure of the moment", FailureKind.ERROR)
        return envelope.id

    def drops(self, event_id: UUID) -> None:
        """Somebody discards an event that is held."""
        with self.house.database.transaction() as tx:
            retry_queue.release(tx, event_id)

    def announced(self, ticket: UUID | None = None) -> list[Any]:
        return self.house.rows(
            "SELECT type, data FROM outbox WHERE subject = %(ticket)s ORDER BY seq", ticket=str(ticket or self.ticket)
        )

    @property
    def marks(self) -> list[tuple[str, bool]]:
        """The marks that were announced, and whether as confirmed."""
        told = self.announced()
        return [(row.type.split(".")[1], row.data["confirmed"]) for row in told if "confirmed" in row.data]


@contextmanager
def opened_watch(amqp_uri: str, database_url: str, *centers: str) -> Iterator[OneService]:
    """The tables of a deadline_watch that has the files of these centers; no process is at work."""
    house = OneService("deadline_watch", amqp_uri, database_url, clock="2025-01-24T09:00:00+08:00@1")
    with house.database.transaction() as tx:
        for code in centers:
            DeadlineWatchService().keep_center(published(a_center(code=code)), tx)
    yield house
    house.database.close()


def fresh_watch(house: OneService) -> Watch:
    """Without anything that other tests did."""
    house.rows("TRUNCATE tickets, deadlines, outbox, held, watermarks, clock_readings CASCADE")
    house.step(at(NOW))
    return Watch(house)
