"""How much of what has arrived is handled at once: a batch of bounded size, however much was prefetched."""

from typing import NamedTuple

from services.plumbing.messaging.batches import BATCH_BYTES, BATCH_MESSAGES, PREFETCH, gather
from services.plumbing.messaging.event_batches import MOST_BYTES


class Arrived(NamedTuple):
    """What is looked at of a message."""

    body: bytes


def _batches(arrived: list[Arrived]) -> list[list[Arrived]]:
    """All full batches; there is no connection to wait at for more."""
    taken = []
    while sum(len(each.body) for each in arrived) >= BATCH_BYTES or len(arrived) >= BATCH_MESSAGES:
        taken.append(gather(None, arrived, 0))
    return taken


def test_what_came_while_a_queue_was_declared_is_taken_in_order() -> None:
    """Twenty thousand events at once had taken 300 MB."""
    arrived = [Arrived(b"%05d" % nth + b" " * (MOST_BYTES - 5)) for nth in range(PREFETCH)]
    batches = _batches(sent := list(arrived))
    assert max(sum(len(each.body) for each in batch) for batch in batches) < BATCH_BYTES + MOST_BYTES
    assert [*(each for batch in batches for each in batch), *sent] == arrived
    assert len(batches) > 1


def test_of_small_messages_a_batch_holds_half_of_what_is_prefetched() -> None:
    arrived = [Arrived(b"{}")] * (PREFETCH + 3)
    assert [len(batch) for batch in _batches(arrived)] == [BATCH_MESSAGES, BATCH_MESSAGES]
    assert len(arrived) == 3
