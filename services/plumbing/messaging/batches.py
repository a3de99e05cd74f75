"""Batches: messages are gathered up to a limit, their events divided; one batch at a time is in flight until acked."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import eventlet

from schemas.events.event import Delivery
from services.plumbing.messaging import broker
from services.plumbing.runtime.hard_limits import failpoint

BATCH_MESSAGES = 200
"""Each may hold a batch of events (`services.plumbing.messaging.event_batches`)."""
BATCH_BYTES = 400_000
"""About five hundred events: many cost hardly more than one, and a transaction stays short."""
PREFETCH = 2 * BATCH_MESSAGES
"""One batch in hand, and the next."""
PARTITIONS = 2
SMALLEST_PARTITION = 50
LINGER_SECONDS = 0.002
BUSY_SECONDS = 0.03
"""How long a batch is gathered if messages follow each other within this time: many cost hardly more than one."""


def gather(link: Any, gathered: list[Any], seconds: float) -> list[Any]:
    """Wait up to ``seconds`` for a message, then take the messages that follow within a moment, up to a batch. What is
    beyond the batch stays in ``gathered``.

    Messages also arrive while the queue is declared again, as many as are prefetched.
    """
    began = time.monotonic()
    give_up = began + seconds
    count = size = 0
    while size < BATCH_BYTES and count < BATCH_MESSAGES:
        if count < len(gathered):
            size += len(gathered[count].body)
            count += 1
            if count == 1:
                now = time.monotonic()
                give_up = now + (BUSY_SECONDS if now - began < BUSY_SECONDS else LINGER_SECONDS)
        else:
            patience = give_up - time.monotonic()
            if patience <= 0:
                break
            try:
                broker.drain(link, seconds=patience)
            except TimeoutError:
                break
    batch = gathered[:count]
    del gathered[:count]
    return batch


def parallel_partitions(deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    """A large batch in partitions that can be handled side by side: Python prepares one while PostgreSQL executes the
    other. All events about one subject are in the same partition.

    A batch with an event about a whole center is not divided: that event keeps its place among all the center's events.
    """
    small = len(deliveries) < PARTITIONS * SMALLEST_PARTITION
    if small or any(delivery.envelope.subject == delivery.envelope.center for delivery in deliveries):
        return [list(deliveries)]
    result: list[list[Delivery]] = [[] for _ in range(PARTITIONS)]
    for delivery in deliveries:
        result[hash(delivery.envelope.subject) % PARTITIONS].append(delivery)
    return result


def group_by_handler(deliveries: Iterable[Delivery], order_of: Callable[[str], int]) -> list[list[Delivery]]:
    """Deliveries in groups, each for one handler. The groups come in the order of the handlers, except where that would
    change the order of one subject's events.

    ``order_of`` gives, for an event type, the order of its handler.
    """
    result: list[list[Delivery]] = []
    groups: dict[int, list[Delivery]] = {}
    reached: dict[str, int] = {}
    for delivery in deliveries:
        subject, order = delivery.envelope.subject, order_of(delivery.envelope.type)
        if reached.get(subject, -1) > order:
            result.extend(groups[key] for key in sorted(groups))
            groups, reached = {}, {}
        reached[subject] = order
        groups.setdefault(order, []).append(delivery)
    result.extend(groups[key] for key in sorted(groups))
    return result


class InFlight:
    """The batch that is being handled, in greenlets of its own, or none."""

    def __init__(self, link: Any) -> None:
        self._link = link
        self._messages: Sequence[Any] = ()
        self._greenlets: list[Any] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing is being handled."""
        return not self._messages

    def begin(self, messages: Sequence[Any], parts: Iterable[Callable[[], None]]) -> None:
        """Start to handle these messages, all parts of the work at the same time; the last batch must be finished."""
        self._messages, self._greenlets = messages, [eventlet.spawn(part) for part in parts]
        eventlet.sleep()  # so that the database begins to work now

    def is_done_within(self, seconds: float) -> bool:
        """Whether the work ends within ``seconds``, successfully or not. True if nothing is in flight."""
        with eventlet.Timeout(seconds, False):
            for greenlet in self._greenlets:
                _failure_of(greenlet)
            return True
        return False

    def finish(self) -> None:
        """Wait until the messages are handled, and ack them. Raises what a part raised: then they are not acked."""
        messages, self._messages = self._messages, ()
        greenlets, self._greenlets = self._greenlets, []
        failures = [failure for failure in map(_failure_of, greenlets) if failure]
        if failures:
            raise failures[0]
        if messages:
            failpoint("inbox: committed, not acked")
            self._ack(messages)

    def _ack(self, messages: Sequence[Any]) -> None:
        if self._link.supports_heartbeats:
            messages[-1].channel.basic_ack(messages[-1].delivery_tag, multiple=True)
        else:  # the in-process broker knows no multiple ack
            for message in messages:
                message.ack()


def _failure_of(greenlet: Any) -> Exception | None:
    try:
        greenlet.wait()
    except Exception as error:
        return error
    return None
