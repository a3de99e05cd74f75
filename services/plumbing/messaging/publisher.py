"""Publishing: batches of messages over one connection; only a positive confirm counts as published."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import amqp
import kombu
from amqp.transport import TCPTransport

from services.plumbing.messaging.broker import ARRIVALS, EXCHANGE, SOCKET_SECONDS, BrokerSilent, queue_of

LISTEN_SECONDS = 0.25
WRITE_BYTES = 1 << 18


class Message(NamedTuple):
    """What is published: events of one type, under the id of the first.

    ``subscribers`` are the services that subscribe to the type; without any, no queue has to be there.
    """

    id: str
    type: str
    body: bytes
    content_type: str
    subscribers: tuple[str, ...]


@dataclass
class PublishResult:
    """What became of a batch, by message id: taken by a queue, or returned because no queue wanted it."""

    confirmed: set[str] = field(default_factory=set)
    returned: set[str] = field(default_factory=set)


class Publisher:
    """Publishes batches over one connection. Raises one of FAULTS when the broker cannot be trusted any more.

    Each message names the user of the connection, and the broker refuses it if that is not true.
    """

    def __init__(self, connection: kombu.Connection) -> None:
        self._user = connection.userid
        self._channel = connection.channel()
        self._pending: dict[int, str] = {}
        self._listened_at = 0.0
        self._result = PublishResult()
        self.is_amqp = isinstance(connection.connection, amqp.Connection)
        if self.is_amqp:
            self._last_tag = 0
            self._channel.confirm_select()
            self._channel.events["basic_ack"].add(self._acked)
            self._channel.events["basic_nack"].add(self._nacked)
            self._channel.events["basic_return"].add(self._returned)

    def publish(self, messages: Sequence[Message]) -> PublishResult:
        """Send all, then wait once for all confirms. An id that is neither confirmed nor returned was refused."""
        self._result, self._pending = PublishResult(), {}
        if self.is_amqp:
            with gathered_writes(self._channel.connection.transport):
                self._bind({(service, message.type) for message in messages for service in message.subscribers})
                for message in messages:
                    self._send(message)
            self._await_confirms()
        else:
            for message in messages:
                self._send_in_process(message)
            ARRIVALS.announce()
        return self._result

    def close(self) -> None:
        """Close the channel. A full quorum queue that has refused a channel once goes on refusing that channel for
        ever, even after its limit was lifted (seen with RabbitMQ 3.10).
        """
        self._channel.close()

    def keep_alive(self) -> None:
        """Receive and send heartbeats while there is nothing to publish. Raises one of FAULTS when none arrive."""
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
            # In short turns: a heartbeat restarts a turn's timeout, and a broker that confirms nothing sends them too.
            with suppress(TimeoutError):
                self._channel.connection.drain_events(timeout=LISTEN_SECONDS)

    def _bind(self, bindings: set[tuple[str, str]]) -> None:
        """Make sure that each subscriber gets the messages: one is confirmed as soon as a single queue has taken it.

        A binding that somebody removed is made again. If a queue is gone, the broker closes the channel and takes none
        of the messages that follow; the wait for the confirms then raises the error.
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
        self._result.confirmed.add(message.id)

    def _acked(self, tag: int, multiple: bool) -> None:
        # A returned message is acked too, after its return: it is not confirmed.
        self._result.confirmed.update(self._settle(tag, multiple) - self._result.returned)

    def _nacked(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple)

    def _settle(self, tag: int, multiple: bool) -> set[str]:
        tags = [pending for pending in self._pending if pending <= tag] if multiple else [tag]
        return {self._pending.pop(settled) for settled in tags if settled in self._pending}

    def _returned(self, _reason: Exception, _exchange: str, _routing_key: str, message: amqp.Message) -> None:
        self._result.returned.add(message.properties["message_id"])


@contextmanager
def gathered_writes(transport: Any) -> Iterator[None]:
    """What is written inside is sent in large pieces, the last one at the end. Raises what the socket raises.

    py-amqp writes each frame by itself; on a cooperative socket that is a large part of what an event costs. A
    connection with TLS is left as it is.
    """
    if not isinstance(transport, TCPTransport):
        yield
        return
    send, gathered = transport._write, bytearray()

    def gather(frame: bytes) -> None:
        gathered.extend(frame)
        if len(gathered) >= WRITE_BYTES:
            send(bytes(gathered))
            gathered.clear()

    transport._write = gather
    try:
        yield
    finally:
        transport._write = send
    if gathered:
        send(bytes(gathered))
