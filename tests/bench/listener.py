"""An independent consumer of the house's exchange: when did each ticket's route and deadline arrive?

    python -m tests.bench.listener AMQP_URI     # prints "ready"; its outcome as JSON once its input is closed

What it sees is later than the truth, by its own turn at the processor: an honest upper bound.
"""

import json
import re
import select
import subprocess
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

import amqp

from schemas.events.deadlines import DeadlineSet
from schemas.events.tickets import TicketRouted
from services.plumbing.messaging import broker
from services.plumbing.messaging.broker import read_ahead
from tests.stack.waiting import amqp_connection

_SUBJECT = re.compile(rb'"subject" ?: ?"([0-9a-f-]{36})"')
_PROMISED = re.compile(rb'"subject" ?: ?"([0-9a-f-]{36})"[^}]*?"kind" ?: ?"(?:answer|report)"')


class Arrivals:
    """The first arrival of each ticket's route and of its promise's clock, by the monotonic clock."""

    def __init__(self) -> None:
        self.routed: dict[str, float] = {}
        self.clocked: dict[str, float] = {}

    def note(self, message: amqp.Message) -> None:
        """Look at one message."""
        is_route = message.delivery_info["routing_key"] == TicketRouted.TYPE
        pattern, arrived = (_SUBJECT, self.routed) if is_route else (_PROMISED, self.clocked)
        for found in pattern.finditer(message.body):
            arrived.setdefault(found[1].decode(), time.monotonic())

    def both(self) -> dict[str, float]:
        """When the later of the two was there, of the tickets of which both were heard."""
        return {id_: max(at, self.clocked[id_]) for id_, at in self.routed.items() if id_ in self.clocked}


def listen(uri: str) -> Arrivals:
    """Hear what is published until the standard input is closed."""
    arrivals = Arrivals()
    with amqp_connection(uri, timeout=30) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).queue
        for type_ in (TicketRouted.TYPE, DeadlineSet.TYPE):
            channel.queue_bind(queue, broker.EXCHANGE.name, type_)
        channel.basic_consume(queue, no_ack=True, callback=arrivals.note)
        read_ahead(connection.transport)
        print("ready", flush=True)
        asked = time.monotonic()
        while True:
            with suppress(TimeoutError):
                connection.drain_events(timeout=0.1)
            if time.monotonic() > asked + 0.1:
                asked = time.monotonic()
                if select.select([sys.stdin], [], [], 0)[0]:
                    return arrivals


class Listener:
    """The listener as a process: it listens from `__enter__` on; `arrivals` ends it."""

    def __init__(self, uri: str) -> None:
        self._command = [sys.executable, "-m", "tests.bench.listener", uri]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != "ready":
            raise RuntimeError("The listener did not start.")
        return self

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def arrivals(self) -> dict[str, float]:
        """When both events of each ticket had arrived, by ticket id."""
        said, _ = self._process.communicate(timeout=60)
        found: dict[str, float] = json.loads(said)
        return found

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()


if __name__ == "__main__":
    json.dump(listen(sys.argv[1]).both(), sys.stdout)
