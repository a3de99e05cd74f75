"""Calls at the same moment, for races that have to be run to be believed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")


def at_once(*calls: Callable[[], Result]) -> tuple[Result, ...]:
    """What the calls return, in their order; none begins before all are ready. Raises what the first failing raised."""
    together = Barrier(len(calls))

    def call(one: Callable[[], Result]) -> Result:
        together.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as threads:
        return tuple(threads.map(call, calls))
