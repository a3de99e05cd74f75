"""Work that keeps the processor busy for long: in a thread, so that others go on meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from eventlet import tpool

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> T:
    """What ``work`` returns; it must touch nothing that waits for the network. Raises what it raises."""
    result: T = tpool.execute(work)
    return result
