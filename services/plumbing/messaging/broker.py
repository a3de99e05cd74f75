"""The broker: the topology, and a connection that cannot hang.

Events may also travel inside the process (`memory://`). To wait for them kombu looks into the queues every few
milliseconds, which took most of the time of an idle demonstration; here a waiting greenlet is woken (`Arrivals`).
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
"""The event types that each service subscribes to."""


class BrokerSilent(OSError):
    """The broker did not confirm in time: it is frozen or out of memory or disk, or the network loses what is sent."""


FAULTS: tuple[type[BaseException], ...] = (OSError, amqp.exceptions.AMQPError, kombu.exceptions.KombuError, EOFError)
"""What can be raised when a broker is away, frozen or restarting."""

NoSuchQueue = amqp.exceptions.NotFound
"""One of FAULTS: a queue that should get the messages is gone, and none of them was taken."""
REFUSALS = (NoSuchQueue, amqp.exceptions.AccessRefused)
"""Those of FAULTS after which no message was taken, and none will be until somebody removes the reason."""


def queue_of(service: str, types: Iterable[str] = ()) -> kombu.Queue:
    """The one durable quorum queue of a service. Its limits are set by policy, so that they can be changed.

    A service that subscribes to watermarks (`source.reached.v1`) must handle events in their order. Of such a service
    only one replica at a time consumes; when it is gone or cut off, another one goes on with what it had not finished.
    """
    in_order = {"x-single-active-consumer": True} if SourceReached.TYPE in types else {}
    return kombu.Queue(
        broker_users.queue_name(service), durable=True, queue_arguments={"x-queue-type": "quorum"} | in_order
    )


class Arrivals:
    """Wakes the greenlets that wait for something to be published in this process."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self.count = 0

    def announce(self) -> None:
        """Something was published."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Return when more messages than ``seen`` were published, or after ``seconds``."""
        with self._condition:
            self._condition.wait_for(lambda: self.count != seen, seconds)


ARRIVALS = Arrivals()
"""The one of this process, whose in-process queues all connections share."""


@contextmanager
def connected(uri: str) -> Iterator[kombu.Connection]:
    """A connection on which every socket operation has a time limit. At the end it is dropped without closing it in the
    protocol: that is a handshake, which a dead peer never answers.
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
    """Let ``transport`` read all that has arrived; its own buffer keeps what a frame did not need.

    py-amqp reads a message in nine system calls, on a cooperative socket a large part of what an event costs. A
    connection with TLS is left as it is.
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
    """The bytes of a message. They can be text: kombu and amqp give an empty body as text."""
    body = message.body
    return body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")


def declare(connection: kombu.Connection, subscriptions: Subscriptions) -> None:
    """Declare the exchange, every service's queue and its bindings, before anybody consumes. For administrators."""
    with connection.channel() as channel:
        EXCHANGE(channel).declare()
        for service, types in subscriptions.items():
            declare_queue(channel, service, types)


def declare_queue(channel: Any, service: str, types: Iterable[str]) -> None:
    """Declare a service's queue and its bindings; the service's own user may do this too."""
    if not isinstance(channel, amqp.Channel):
        EXCHANGE(channel).declare()  # inside one process nobody else has made it
    types = list(types)
    queue = queue_of(service, types)(channel)
    queue.queue_declare()
    for type_ in types:
        queue.bind_to(EXCHANGE, routing_key=type_)


def subscribers_of(subscriptions: Subscriptions) -> dict[str, tuple[str, ...]]:
    """The services that subscribe to each event type."""
    types = {type_ for subscribed in subscriptions.values() for type_ in subscribed}
    return {type_: tuple(name for name, subscribed in subscriptions.items() if type_ in subscribed) for type_ in types}
