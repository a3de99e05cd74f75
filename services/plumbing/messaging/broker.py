"""The broker: the topology, and a connection that cannot hang.

Events may also travel inside the process (`memory://`). kombu's own waiting for them looks into the queues every few
milliseconds, which cost an idle demonstration most of its time; here whoever waits is woken (`Arrivals`).
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import amqp
import kombu
from amqp.transport import TCPTransport

from schemas.events.watermarks import SourceReached
from services.plumbing.messaging import broker_users

EXCHANGE = kombu.Exchange(broker_users.EXCHANGE, type="topic", durable=True)
SOCKET_SECONDS = 10.0
HEARTBEAT_SECONDS = 10
READ_BYTES = 16_384

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


class Arrivals:
    """Wakes those who wait for something to be published in this process."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.count = 0

    def announce(self) -> None:
        """Something was published."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Return when more was published than ``seen``, or after so many seconds."""
        with self._condition:
            self._condition.wait_for(lambda: self.count != seen, seconds)


ARRIVALS = Arrivals()
"""Of this process, whose queues all connections share."""


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


def read_ahead(transport: Any) -> None:
    """Let ``transport`` take what is there already; its own buffer keeps what a frame did not need.

    py-amqp reads a message in nine system calls, on a cooperative socket a large part of what an event costs. TLS stays
    as it is.
    """
    if isinstance(transport, TCPTransport):
        receive = transport.sock.recv
        transport._quick_recv = lambda wanted: receive(max(wanted, READ_BYTES))


def drain(connection: Any, *, seconds: float) -> None:
    """Deliver one message to its consumer. Raises TimeoutError when none comes in time, or one of FAULTS."""
    if isinstance(connection.connection, amqp.Connection):
        connection.drain_events(timeout=seconds)
        return
    give_up = time.monotonic() + seconds
    while True:
        seen = ARRIVALS.count
        try:
            connection.drain_events(timeout=0)
            return
        except TimeoutError:
            left = give_up - time.monotonic()
            if left <= 0:
                raise
            ARRIVALS.wait(seen, left)


def body_of(message: Any) -> bytes:
    """The bytes of a message; kombu and amqp make text of an empty body."""
    body = message.body
    return body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")


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
    types = {type_ for subscribed in subscriptions.values() for type_ in subscribed}
    return {type_: tuple(name for name, subscribed in subscriptions.items() if type_ in subscribed) for type_ in types}
