"""Long work in pieces: the event loop runs one greenlet at a time, and all others wait while one computes."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import eventlet

SLICE_SECONDS = 0.01

Item = TypeVar("Item")


class TimeSlice:
    """What long work calls between two pieces: it lets others run once the slice is used up, and costs nothing before.

    One for each request or batch. A piece must not take longer than some tens of milliseconds.
    """

    def __init__(self, seconds: float = SLICE_SECONDS) -> None:
        self._seconds = seconds
        self._began = time.monotonic()

    def __call__(self) -> None:
        """Give way if it is time."""
        if time.monotonic() - self._began >= self._seconds:
            eventlet.sleep(0)
            self._began = time.monotonic()

    def between(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, giving way after each."""
        for item in items:
            yield item
            self()
