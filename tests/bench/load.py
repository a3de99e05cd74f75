"""The load generator, a process of its own: so many kept-alive connections, as fast as they go or at a fixed rate.

    python -m tests.bench.load < order.json     # prints its outcome as JSON

Lean, since it takes its share of the same cores: raw sockets, bodies made beforehand where that is possible, replies
looked at no further than needed. Only what was accepted with a 201 is counted, and only within the time asked for.
"""

import json
import re
import selectors
import socket
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench import tickets
from tests.bench.figures import percentile

LATE_SECONDS = 20.0
"""How long replies are waited for after the last request was sent."""

_HEAD = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r]*\r\n(?:[^\r]+\r\n)*?Content-Length: *(\d+)\r\n", re.IGNORECASE)
_ID = re.compile(rb'"id": ?"([0-9a-f-]{36})"')
_CREATED = re.compile(rb'"status": ?201\b')


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to send. ``rate`` is requests a second, 0: as many as go. ``size`` is a batch's, 0: POST /tickets.

    ``paths``, if there are any, are asked for with GET in turn, with ``cookies`` in turn. ``first`` is the number of
    the first ticket.
    """

    port: int
    seconds: float
    connections: int = 32
    rate: float = 0.0
    size: int = 0
    paths: tuple[str, ...] = ()
    cookies: tuple[str, ...] = ("",)
    tokens: tuple[str, ...] = ("",)
    first: int = 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it: ``accepted`` tickets (or replies with 200 to a GET) within ``seconds``, and when each was.

    ``times`` maps an accepted ticket's id to the monotonic clock at its reply, which all processes of a machine share.
    """

    accepted: int
    seconds: float
    statuses: dict[str, int]
    p50: float
    p99: float
    times: dict[str, float]

    @property
    def rate(self) -> float:
        """Accepted a second."""
        return self.accepted / self.seconds


class _Connection:
    """One connection, with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.received = bytearray()
        self.sent_at = 0.0

    def send(self, request: bytes) -> None:
        self.sent_at = time.monotonic()
        self.socket.sendall(request)

    def receive(self) -> tuple[int, bytes] | None:
        """Status and body once the reply is whole. Raises ConnectionError when the server has hung up."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError("the server hung up")
        self.received += part
        head = _HEAD.match(self.received)
        start = self.received.find(b"\r\n\r\n") + 4
        if head is None or start < 4 or len(self.received) < start + int(head[2]):
            return None
        body = bytes(self.received[start : start + int(head[2])])
        status = int(head[1])
        self.received.clear()
        return status, body


class Load:
    """One order being carried out."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._sent = 0
        self._statuses: Counter[str] = Counter()
        self._latencies: list[float] = []
        self._times: dict[str, float] = {}
        self._accepted = 0
        self._selector = selectors.DefaultSelector()
        self._idle: deque[_Connection] = deque()
        for _ in range(order.connections):
            connection = _Connection(order.port)
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
            self._idle.append(connection)

    def run(self) -> Outcome:
        """Send for as long as was asked, then wait for what is still under way."""
        order, began = self._order, time.monotonic()
        until = began + order.seconds
        while (now := time.monotonic()) < until:
            owed = int((now - began) * order.rate) + 1 - self._sent if order.rate else len(self._idle)
            while owed > 0 and self._idle:
                self._idle.popleft().send(self._request())
                self._sent += 1
                owed -= 1
            pause = began + self._sent / order.rate - now if order.rate and self._idle else until - now
            self._receive(min(max(pause, 0.0), until - now))
        accepted, seconds = self._accepted, time.monotonic() - began
        while len(self._idle) < order.connections and time.monotonic() < until + LATE_SECONDS:
            self._receive(0.1)
        if order.rate:  # a fixed rate is kept over the whole time; who was accepted late was accepted all the same
            accepted = self._accepted
        return Outcome(
            accepted=accepted,
            seconds=seconds,
            statuses=dict(self._statuses),
            p50=percentile(self._latencies, 0.5),
            p99=percentile(self._latencies, 0.99),
            times=self._times,
        )

    def _request(self) -> bytes:
        order = self._order
        token = order.tokens[self._sent % len(order.tokens)]
        if order.paths:
            path = order.paths[self._sent % len(order.paths)]
            cookie = order.cookies[self._sent % len(order.cookies)]
            return f"GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\n\r\n".encode()
        if order.size:
            path, body = "/tickets:batch", tickets.batch(order.first + self._sent * order.size, order.size)
        else:
            path, body = "/tickets", tickets.one(order.first + self._sent)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _receive(self, timeout: float) -> None:
        for key, _events in self._selector.select(timeout):
            reply = key.data.receive()
            if reply is not None:
                self._note(key.data, *reply)
                self._idle.append(key.data)

    def _note(self, connection: _Connection, status: int, body: bytes) -> None:
        now = time.monotonic()
        self._statuses[str(status)] += 1
        self._latencies.append(now - connection.sent_at)
        if self._order.paths:
            self._accepted += status == 200
        elif self._order.size:
            self._accepted += len(_CREATED.findall(body))
        elif status == 201:
            self._accepted += 1
        if status < 300:
            self._times.update((found.decode(), now) for found in _ID.findall(body))


if __name__ == "__main__":
    asked: dict[str, Any] = json.load(sys.stdin)
    json.dump(asdict(Load(Order(**asked)).run()), sys.stdout)
