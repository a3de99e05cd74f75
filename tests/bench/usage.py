"""What processes cost: processor time by name while something is measured, and memory afterwards."""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

import psutil

MEGABYTE = 1 << 20


def family(pid: int) -> list[psutil.Process]:
    """A process and all its descendants that live."""
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident(pid: int) -> float:
    """The resident memory of a process with its descendants, in MB."""
    total = 0
    for process in family(pid):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return float(total / MEGABYTE)


def _processor_seconds(pid: int) -> float:
    seconds = 0.0
    for position, process in enumerate(family(pid)):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            seconds += times.user + times.system
            if position == 0:  # descendants that have ended are counted with the first process
                seconds += times.children_user + times.children_system
    return seconds


class Usage:
    """How many cores each of some processes keeps busy inside the ``with``; "machine" is everything that runs on it."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)
        self.seconds = 0.0
        self.processor_seconds: dict[str, float] = {}

    @property
    def cores(self) -> dict[str, float]:
        """Busy cores by name."""
        return {name: round(spent / self.seconds, 2) for name, spent in self.processor_seconds.items()}

    def each(self, count: int) -> dict[str, float]:
        """Processor time in ms for each of ``count`` things done: hardly different when others use the machine too."""
        return {name: round(spent / count * 1000, 3) for name, spent in self.processor_seconds.items()}

    def sentence(self) -> str:
        """What kept the cores busy, the most first; "the rest" is the load generator, and whatever else there is."""
        shares = {name: busy for name, busy in self.cores.items() if name != "machine"}
        total = self.cores["machine"]
        ordered = [*sorted(shares.items(), key=lambda share: -share[1]), ("the rest", total - sum(shares.values()))]
        parts = ", ".join(f"{name} {busy:.2f}" for name, busy in ordered if busy >= 0.05)
        return f"{total:.1f} of {os.cpu_count()} cores busy: {parts}."

    def _take(self) -> dict[str, float]:
        machine = psutil.cpu_times()
        taken = {name: _processor_seconds(pid) for name, pid in self._pids.items()}
        busy = (getattr(machine, name, 0.0) for name in ("user", "nice", "system", "irq", "softirq"))
        return taken | {"machine": sum(busy)}

    def __enter__(self) -> Self:
        self._began, self._before = time.monotonic(), self._take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.monotonic() - self._began
        after = self._take()
        self.processor_seconds = {name: after[name] - spent for name, spent in self._before.items()}
