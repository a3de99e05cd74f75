"""The relay: publishes what was announced, from the outbox to the broker, in order; deletes only what is confirmed.

Of each service one relay is active, the one that has an advisory lock, so that a subject's events keep their order with
any number of replicas. It looks at the outbox when its own process announced something, and from time to time anyway.
Once a second it reports up to which time the service has published everything, if somebody subscribes to that
(`services.plumbing.messaging.watermark`).
"""

import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

import eventlet
import psycopg2
from nameko.extensions import SharedExtension

from schemas.events.event import BATCH_CONTENT_TYPE, CONTENT_TYPE, VOCABULARY
from schemas.events.watermarks import SourceReached
from services.plumbing.database.database import SOME_WRITE
from services.plumbing.database.housekeeping import Housekeeping
from services.plumbing.messaging import broker, watermark
from services.plumbing.messaging.event_batches import EventBatch, OutboxRow, event_batches
from services.plumbing.messaging.publisher import Message, Publisher
from services.plumbing.runtime import telemetry
from services.plumbing.runtime.hard_limits import failpoint
from services.plumbing.runtime.loop import Loop
from services.plumbing.runtime.resources import ServiceDatabase, broker_uri

BATCH = 500
POLL_SECONDS = 0.1
IN_PROCESS_POLL_SECONDS = 1.0
"""Without a real broker there is no other process whose announcements could stay unnoticed; but a driver that steps
Bancheng's clock waits for what follows from the step."""
GATHER_SECONDS = 0.01
"""How long events are gathered after the first one: under load this saves most rounds, and nobody notices it."""
WHOLE_LOOK_SECONDS = 1.0
LOOK_BACK = 500
BACK_OFF_SECONDS = 1.0
LONGEST_BACK_OFF_SECONDS = 4.0
INTERRUPTIONS: tuple[type[BaseException], ...] = (*broker.FAULTS, AttributeError, psycopg2.Error)
"""What ends one turn of the relay or the inbox, not the loop; a dropped connection raises `AttributeError`."""


NEXT_EVENTS = """
SELECT seq, id::text, type, subject, json_build_object(
    'specversion', '1.0', 'id', id, 'source', '/bancheng/' || current_schema(), 'type', type, 'subject', subject,
    'time', announced_at, 'center', center, 'correlationid', correlation_id,
    'dataschema', '/schemas/' || type, 'datacontenttype', 'application/json', 'data', data)::text AS body
FROM outbox WHERE seq > %s ORDER BY seq LIMIT %s
"""
"""Here the database writes the envelopes (`Envelope` reads them): it has all parts at hand and takes a quarter of the
time that Python would."""


def stored_subscriptions(cursor: Any) -> dict[str, list[str]]:
    """The event types that each service subscribes to, as `bancheng migrate` stored them from the declarations."""
    cursor.execute("SELECT service, array_agg(type) FROM bancheng.subscriptions GROUP BY service")
    return dict(cursor.fetchall())


def _is_waited_for(service: str, subscribers: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether somebody wants to know how far a service has come: who subscribes to watermarks and to events of it."""
    readers = set(subscribers.get(SourceReached.TYPE, ())) - {service}
    own = (type_ for type_, event in VOCABULARY.items() if service in event.ANNOUNCED_BY)
    return any(not readers.isdisjoint(subscribers.get(type_, ())) for type_ in own if type_ != SourceReached.TYPE)


class Relay(SharedExtension):  # type: ignore[misc]
    """Runs for as long as the service does. After an error it starts again with a new connection, for ever."""

    resources = ServiceDatabase()
    housekeeping = Housekeeping()

    def start(self) -> None:
        """Begin to relay."""
        self._last, self._looked_at = 0, 0.0
        self._reached_at: datetime | None = None
        self._said_at, self._is_still = 0.0, False
        self._loop = Loop(self.container, "relay", self._connect_and_relay, INTERRUPTIONS)
        self.resources.database.on_announced = self._loop.wake

    def stop(self) -> None:
        """Finish the batch in hand; the rest stays in the outbox for the next relay."""
        self._loop.stop()

    def _connect_and_relay(self) -> float:
        with closing(self.resources.database.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(current_schema()), hashtext('relay'))")
            if cursor.fetchone()[0]:
                # Publish nothing while it could not be marked: it would be published again each time.
                cursor.execute(f"BEGIN; {SOME_WRITE}; ROLLBACK")
                with broker.connected(broker_uri(self.container.service_name)) as link:
                    self._relay(connection, link)
        return BACK_OFF_SECONDS

    def _relay(self, connection: Any, link: Any) -> None:
        publisher = Publisher(link)
        with connection.cursor() as cursor:
            subscriptions = stored_subscriptions(cursor)
            subscribers = broker.subscribers_of(subscriptions)
            if not publisher.is_amqp:
                broker.declare(link, subscriptions)  # an event would be lost if its subscriber had made no queue yet
            pause = BACK_OFF_SECONDS
            while not self._loop.is_stopping:
                self._loop.beat()
                reached_at = self._next_watermark(cursor, subscribers)
                if self._empty_outbox(cursor, publisher, subscribers):
                    self._looked_at = 0.0
                    # The queues that are not full get the same events again each time.
                    eventlet.sleep(pause)
                    pause = min(2 * pause, LONGEST_BACK_OFF_SECONDS)
                    publisher.close()
                    publisher = Publisher(link)
                else:
                    pause = BACK_OFF_SECONDS
                    if reached_at is not None and not self._loop.is_stopping:
                        self._say_watermark(publisher, reached_at, subscribers)
                publisher.keep_alive()
                is_watched = publisher.is_amqp or self._is_still
                if self._loop.rest(POLL_SECONDS if is_watched else IN_PROCESS_POLL_SECONDS):
                    eventlet.sleep(GATHER_SECONDS)

    def _next_watermark(self, cursor: Any, subscribers: Mapping[str, tuple[str, ...]]) -> datetime | None:
        """The watermark to report once the outbox is empty; None while it is not time for one.

        It is read first, and then the outbox is read from its start, which holds everything that was committed by then.
        """
        if not _is_waited_for(self.container.service_name, subscribers):
            return None
        is_due = time.monotonic() - self._said_at > watermark.EVERY_SECONDS
        if not is_due and not self._is_still:
            return None
        reached_at, self._is_still = watermark.read(cursor)
        if not is_due and reached_at == self._reached_at:
            return None
        self._looked_at = 0.0
        return reached_at

    def _say_watermark(
        self, publisher: Publisher, reached_at: datetime, subscribers: Mapping[str, tuple[str, ...]]
    ) -> None:
        service = self.container.service_name
        result = publisher.publish([watermark.message(service, reached_at, subscribers[SourceReached.TYPE])])
        if result.confirmed:
            telemetry.EVENTS_PUBLISHED.labels(service, SourceReached.TYPE).inc()
            self._reached_at, self._said_at = reached_at, time.monotonic()

    def _empty_outbox(self, cursor: Any, publisher: Publisher, subscribers: Mapping[str, tuple[str, ...]]) -> int:
        """Publish everything in the outbox, batch by batch; returns how many events had to be kept for later."""
        service = self.container.service_name
        kept, last = 0, self._where_to_look()
        while not self._loop.is_stopping:
            cursor.execute(NEXT_EVENTS, (last, BATCH))
            rows = cursor.fetchall()
            if not rows:
                break
            self._loop.beat()
            last = self._last = rows[-1].seq
            batched = event_batches(OutboxRow(*row) for row in rows)
            try:
                result = publisher.publish([_message(batch, subscribers.get(batch.type, ())) for batch in batched])
            except broker.REFUSALS:
                telemetry.EVENTS_RETURNED.labels(service).inc(len(rows))
                raise
            failpoint("relay: confirmed, not marked")
            done = [event for batch in batched if batch.id in result.confirmed for event in batch.events]
            returned = sum(len(batch.events) for batch in batched if batch.id in result.returned)
            cursor.execute("DELETE FROM outbox WHERE seq = ANY(%s)", ([event.seq for event in done],))
            for type_, number in Counter(event.type for event in done).items():
                telemetry.EVENTS_PUBLISHED.labels(service, type_).inc(number)
            telemetry.EVENTS_RETURNED.labels(service).inc(returned)
            kept += len(rows) - len(done)
            if len(rows) < BATCH:
                break
        return kept

    def _where_to_look(self) -> int:
        """The ``seq`` after which to read: 0 now and then, which reads everything; else a little before the last one
        read.

        Deleted rows leave entries in the index until the next vacuum, and each read from the start goes through them. A
        transaction that took its numbers early and committed late is found by reading from a little before, or from 0.
        """
        if time.monotonic() - self._looked_at > WHOLE_LOOK_SECONDS:
            self._looked_at = time.monotonic()
            return 0
        return max(0, self._last - LOOK_BACK)


def _message(batch: EventBatch, subscribers: tuple[str, ...]) -> Message:
    content_type = CONTENT_TYPE if len(batch.events) == 1 else BATCH_CONTENT_TYPE
    return Message(batch.id, batch.type, batch.body(), content_type, subscribers)
