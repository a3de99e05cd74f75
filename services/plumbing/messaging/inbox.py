"""The inbox: every event takes effect once, in its turn, and none is lost because its handler could not cope.

    @subscribe(TicketRegistered, batch=True, order=10)
    def route_tickets(self, events, tx): ...

A batch of messages is acked only after each event in it was handled, or was stored as waiting or parked (`dispatcher`).
So no retry lives in the broker, and what the broker delivers again is skipped. Batches are handled in their order, one
at a time, a large one in two partitions side by side; while the database works on a batch, the next is gathered and
read.

A message that is given back to the broker counts toward the broker's delivery limit, which is meant for messages that
end the process. So nothing is taken while the database takes no writes, and what was taken before stays in hand.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import amqp
import eventlet
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, Entrypoint, SharedExtension

from schemas.events.event import Event
from services.plumbing.database.errors import NOT_WRITABLE, Abandoned
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging import broker, broker_users
from services.plumbing.messaging.batches import LINGER_SECONDS, PREFETCH, InFlight, gather, parallel_partitions
from services.plumbing.messaging.dead_letters import REPLAYS
from services.plumbing.messaging.dispatcher import Dispatcher
from services.plumbing.messaging.failures import NotYet
from services.plumbing.messaging.messages import MessageContents, Origin
from services.plumbing.messaging.outbox import INTERRUPTIONS, Relay
from services.plumbing.runtime.loop import Loop, run_worker
from services.plumbing.runtime.resources import ServiceDatabase, broker_uri

IDLE_SECONDS = 0.25
"""Heartbeats are sent and checked as often: a broker may want them every 2 s, and a machine stands still at times."""
RETRY_POLL_SECONDS = 0.25
IDLE_RETRY_POLL_SECONDS = 1.0
"""For events that a replica left waiting when it ended, or that a person has replayed."""
REBIND_SECONDS = 5.0
"""How soon a removed binding is made again: the relay does not notice it while another queue takes the event."""
ADMINISTRATORS_EXCHANGES = ("", REPLAYS)
"""The exchanges by which messages are put back into a queue; no service's user may publish to them."""


class Inbox(SharedExtension):  # type: ignore[misc]
    """Consumes the service's queue in one greenlet and retries waiting events in another, while the service runs."""

    resources = ServiceDatabase()
    relay = Relay()

    def __init__(self) -> None:
        self.subscribers: dict[str, Subscriber] = {}

    def start(self) -> None:
        """Begin to consume."""
        self._service = self.container.service_name
        self._has_link = False
        self._dispatcher = Dispatcher(self._service, self.resources.database, self.subscribers, self._gives_up)
        self._consuming = Loop(self.container, "inbox", self._connect_and_consume, INTERRUPTIONS)
        self._retrying = Loop(self.container, "retries", self._retry)

    def stop(self) -> None:
        """Finish the batch in hand and stop; what was not acked will be delivered again."""
        self._consuming.is_stopping = self._retrying.is_stopping = True
        self._consuming.stop()
        self._retrying.stop()

    def _connect_and_consume(self) -> float:
        """Consume until the service stops or the connection is lost. Raises one of INTERRUPTIONS.

        The loop pauses after that, so a queue that somebody deleted is made again only after the pause. Made again at
        once, RabbitMQ would go on with the old queue's consumer without a word, and drop what the new queue delivers.
        """
        self.resources.database.try_write()
        with broker.connected(broker_uri(self._service)) as link:
            self._consume(link)
        return 0.0

    def _consume(self, link: Any) -> None:
        channel = link.channel()
        broker.declare_queue(channel, self._service, self.subscribers)
        channel.basic_qos(0, PREFETCH, False)
        gathered: list[Any] = []
        # Not kombu's Consumer: it unpacks by the sender's headers, and headers that lie would end this greenlet.
        channel.auto_decode = False
        channel.basic_consume(
            broker.queue_of(self._service).name, no_ack=False, callback=gathered.append, consumer_tag=self._service
        )
        in_flight = InFlight(link)
        self._has_link = True
        with suppress(Abandoned):
            try:
                self._take_batches(link, channel, gathered, in_flight)
            finally:
                self._has_link = False
                in_flight.finish()

    def _take_batches(self, link: Any, channel: Any, gathered: list[Any], in_flight: InFlight) -> None:
        bound_at = time.monotonic()
        while not self._consuming.is_stopping:
            self._consuming.beat()
            batch = gather(link, gathered, IDLE_SECONDS if in_flight.is_empty else LINGER_SECONDS)
            work = self._work_on(batch)
            while not in_flight.is_done_within(IDLE_SECONDS):
                _keep_alive(link)
            in_flight.finish()
            if batch:
                in_flight.begin(batch, work)
            if link.supports_heartbeats:
                link.heartbeat_check()
                if time.monotonic() - bound_at > REBIND_SECONDS:
                    broker.declare_queue(channel, self._service, self.subscribers)
                    bound_at = time.monotonic()

    def _work_on(self, batch: Sequence[Any]) -> list[Callable[[], None]]:
        """What is to be done with a batch, in parts that can be done at the same time."""
        contents, dispatcher = MessageContents(), self._dispatcher
        for message in batch:
            contents.add(broker.body_of(message), self.subscribers, _origin_of(message))
            eventlet.sleep()  # the batch in hand goes on as soon as the database has answered
        partitions = parallel_partitions(contents.deliveries)
        work: list[Callable[[], None]] = [partial(dispatcher.handle, partition) for partition in partitions]
        if contents.unknown:
            work.append(partial(dispatcher.hold_unknown, contents.unknown))
        if contents.unreadable:
            work.append(partial(dispatcher.park, contents.unreadable))
        return work

    def _gives_up(self) -> bool:
        """Whether to stop waiting for the database: what is in hand will be delivered again anyway."""
        return self._consuming.is_stopping or not self._has_link

    def _retry(self) -> float:
        if self._dispatcher.retry_one():
            return 0.0
        return RETRY_POLL_SECONDS if self._dispatcher.has_held_lately() else IDLE_RETRY_POLL_SECONDS


def _keep_alive(link: Any) -> None:
    """Receive and send heartbeats while a batch is in hand for long. Raises one of broker.FAULTS when none arrive."""
    if link.supports_heartbeats:
        with suppress(TimeoutError):
            link.drain_events(timeout=0.001)
        link.heartbeat_check()


def _origin_of(message: Any) -> Origin | None:
    """What the broker knows of a message; None for a message that an administrator put back into the queue."""
    info = message.delivery_info
    if info.get("exchange", "") in ADMINISTRATORS_EXCHANGES:
        return None
    is_amqp = isinstance(message.channel, amqp.Channel)
    sender = broker_users.service_of(message.properties.get("user_id") or "") if is_amqp else None
    return Origin(info["routing_key"], sender)


class Subscriber(Entrypoint):  # type: ignore[misc]
    """What `@subscribe` puts on a method: the events that it handles, and how to run it as a nameko worker.

    In a batch, events of a handler with a lower ``order`` are handled first: causes before effects. The numbers have
    gaps, so that another handler can be put between two.
    """

    inbox = Inbox()

    def __init__(self, *events: type[Event], order: int, batch: bool = False, remembered: bool = True) -> None:
        super().__init__(expected_exceptions=(NotYet, *NOT_WRITABLE))
        self.events, self.order, self.batch, self.remembered = events, order, batch, remembered

    def setup(self) -> None:
        """Tell the inbox that this handler exists. Raises TypeError if another has its order or one of its events."""
        for other in self.inbox.subscribers.values():
            if other.order == self.order or set(other.events) & set(self.events):
                raise TypeError(f"{self.method_name} and {other.method_name} have the same order or event")
        self.inbox.subscribers.update((event.TYPE, self) for event in self.events)

    def call(self, events: Sequence[Event], tx: Transaction) -> None:
        """Run the method on ``events`` as a nameko worker. Raises what it raises."""
        for argument in [list(events)] if self.batch else events:
            run_worker(self, argument, tx)


subscribe = Subscriber.decorator


def subscriptions_of(service_class: type) -> list[str]:
    """The event types that a service's methods handle."""
    return sorted(
        event.TYPE
        for method in vars(service_class).values()
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())
        if isinstance(entrypoint, Subscriber)
        for event in entrypoint.events
    )
