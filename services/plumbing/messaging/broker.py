"""The broker: the topology, a connection that cannot hang, and publishing that believes only positive confirms."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import amqp
import kombu

from schemas.events.watermarks import SourceReached
from services.plumbing.messaging import broker_users
from services.plumbing.messaging.amqp_buffering import gathered_writes, read_ahead
from services.plumbing.messaging.in_process import ARRIVALS, drain_events

EXCHANGE = kombu.Exchange(broker_users.EXCHANGE, type="topic", durable=True)
SOCKET_SECONDS = 10.0
HEARTBEAT_SECONDS = 10
LISTEN_SECONDS = 0.25

Subscriptions = Mapping[str, Iterable[str]]
"""The event types that each service hears."""


class BrokerSilent(OSError):
    """The broker did not confirm in time: frozen, out of memory or disk, or the network swallows what is sent."""


FAULTS: tuple[type[BaseException], ...] = (OSError, amqp.exceptions.AMQPError, kombu.exceptions.KombuError, EOFError)
"""What a broker that is away, frozen or restarting can raise."""

NoSuchQueue = amqp.exceptions.NotFound
"""One of FAULTS: a queue that should get what was published is gone, and none of it was taken."""
REFUSALS = (NoSuchQueue, amqp.exceptions.AccessRefused)
"""Those of FAULTS after which none of what was published was taken, for as long as nobody does something about it."""


def queue_of(service: str, types: Iterable[str] = ()) -> kombu.Queue:
    """The one durable quorum queue of a service. Its limits are set by policy, so that they can be changed.

    Who hears how far the news of others have come must hear them in their order: of such a service one replica at a
    time consumes, and when it is gone or cut off, another goes on with what it had not finished.
    """
    in_order = {"x-single-active-consumer": True} if SourceReached.TYPE in types else {}
    return kombu.Queue(
        broker_users.queue_name(service), durable=True, queue_arguments={"x-queue-type": "quorum"} | in_order
    )


@contextmanager
def connected(uri: str) -> Iterator[kombu.Connection]:
    """A connection on which every socket operation has a deadline, dropped at the end without a farewell.

    A farewell is a handshake, and a dead peer never answers one.
    """
    connection = kombu.Connection(
        uri,
        heartbeat=HEARTBEAT_SECONDS,
        connect_timeout=SOCKET_SECONDS,
    )
    try:
        connection.connect()
        if isinstance(connection.connection, amqp.Connection):
            transport = connection.connection.transport
            transport.sock.settimeout(SOCKET_SECONDS)
            read_ahead(transport)
        yield connection
    finally:
        connection.collect()


def drain(connection: kombu.Connection, *, seconds: float) -> None:
    """Deliver one message to its consumer. Raises TimeoutError when none comes in time, or one of FAULTS."""
    if isinstance(connection.connection, amqp.Connection):
        connection.drain_events(timeout=seconds)
    else:
        drain_events(connection, timeout=seconds)


def declare(connection: kombu.Connection, subscriptions: Subscriptions) -> None:
    """Make the exchange, every service's queue and its bindings exist, before anybody consumes. For administrators."""
    with connection.channel() as channel:
        EXCHANGE(channel).declare()
        for service, types in subscriptions.items():
            declare_queue(channel, service, types)


def declare_queue(channel: Any, service: str, types: Iterable[str]) -> None:
    """Make a service's queue and its bindings exist, as its own user may too."""
    if not isinstance(channel, amqp.Channel):
        EXCHANGE(channel).declare()  # inside one process nobody else has made it
    types = list(types)
    queue = queue_of(service, types)(channel)
    queue.queue_declare()
    for type_ in types:
        queue.bind_to(EXCHANGE, routing_key=type_)


def subscribers_of(subscriptions: Subscriptions) -> dict[str, tuple[str, ...]]:
    """The services that hear each type."""
    types = {type_ for heard in subscriptions.values() for type_ in heard}
    return {type_: tuple(name for name, heard in subscriptions.items() if type_ in heard) for type_ in types}


class Message(NamedTuple):
    """What is published: events of one type, under the id of the first.

    ``subscribers`` are the services that subscribe to the type; with none, no queue need be there.
    """

    id: str
    type: str
    body: bytes
    content_type: str
    subscribers: tuple[str, ...]


@dataclass
class Outcome:
    """What became of a batch, by message id: taken by a queue, or returned because no queue wanted it."""

    confirmed: set[str] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)


class Publisher:
    """Publishes batches over one connection. Raises one of FAULTS when the broker cannot be trusted any more.

    Each message says whose connection it came by, and the broker refuses it if that is not true.
    """

    def __init__(self, connection: kombu.Connection) -> None:
        self._user = connection.userid
        self._channel = connection.channel()
        self._pending: dict[int, str] = {}
        self._listened_at = 0.0
        self._outcome = Outcome()
        self.is_amqp = isinstance(connection.connection, amqp.Connection)
        if self.is_amqp:
            self._last_tag = 0
            self._channel.confirm_select()
            self._channel.events["basic_ack"].add(self._acked)
            self._channel.events["basic_nack"].add(self._nacked)
            self._channel.events["basic_return"].add(self._returned)

    def publish(self, messages: Sequence[Message]) -> Outcome:
        """Send all, wait once for all confirms. An id that is neither confirmed nor returned was refused."""
        self._outcome, self._pending = Outcome(), {}
        if self.is_amqp:
            with gathered_writes(self._channel.connection.transport):
                self._bind({(service, message.type) for message in messages for service in message.subscribers})
                for message in messages:
                    self._send(message)
            self._await_confirms()
        else:
            for message in messages:
                self._send_in_process(message)
            ARRIVALS.tell()
        return self._outcome

    def close(self) -> None:
        """Give up the channel. A quorum queue that refused once refuses that channel for ever, if it was its limit that
        was lifted (seen with RabbitMQ 3.10).
        """
        self._channel.close()

    def keep_alive(self) -> None:
        """Hear and send heartbeats while there is nothing to publish. Raises one of FAULTS when none are heard."""
        if self.is_amqp and time.monotonic() - self._listened_at > LISTEN_SECONDS:
            self._listened_at = time.monotonic()
            with suppress(TimeoutError):
                self._channel.connection.drain_events(timeout=0.001)
            self._channel.connection.heartbeat_tick()

    def _await_confirms(self) -> None:
        give_up = time.monotonic() + SOCKET_SECONDS
        while self._pending:
            if time.monotonic() > give_up:
                raise BrokerSilent("no confirm in time")
            # In short turns: a heartbeat starts a turn's timeout anew, and comes from one who confirms nothing too.
            with suppress(TimeoutError):
                self._channel.connection.drain_events(timeout=LISTEN_SECONDS)

    def _bind(self, bindings: set[tuple[str, str]]) -> None:
        """Make sure of the way to every hearer: a message is confirmed as soon as one queue has taken it.

        A binding that somebody removed is made again. If a queue is gone, the broker closes the channel and takes
        nothing of what follows, which is heard of in the place of the confirms.
        """
        for service, type_ in sorted(bindings):
            self._channel.queue_bind(queue_of(service).name, EXCHANGE.name, type_, nowait=True)

    def _send(self, message: Message) -> None:
        wrapped = amqp.Message(
            message.body,
            content_type=message.content_type,
            delivery_mode=2,
            message_id=message.id,
            type=message.type,
            user_id=self._user,
        )
        self._last_tag += 1
        self._pending[self._last_tag] = message.id
        self._channel.basic_publish(
            wrapped, exchange=EXCHANGE.name, routing_key=message.type, mandatory=bool(message.subscribers)
        )

    def _send_in_process(self, message: Message) -> None:
        wrapped = self._channel.prepare_message(
            message.body, content_type=message.content_type, content_encoding="binary"
        )
        self._channel.basic_publish(wrapped, exchange=EXCHANGE.name, routing_key=message.type)
        self._outcome.confirmed.add(message.id)

    def _acked(self, tag: int, multiple: bool) -> None:
        # A returned message is acked too, after its return: it is not confirmed.
        self._outcome.confirmed.update(self._settle(tag, multiple) - self._outcome.returned)

    def _nacked(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple)

    def _settle(self, tag: int, multiple: bool) -> set[str]:
        tags = [pending for pending in self._pending if pending <= tag] if multiple else [tag]
        return {self._pending.pop(settled) for settled in tags if settled in self._pending}

    def _returned(self, _reason: Exception, _exchange: str, _routing_key: str, message: amqp.Message) -> None:
        self._outcome.returned.add(message.properties["message_id"])
