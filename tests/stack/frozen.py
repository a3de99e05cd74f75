"""Stops a process in its tracks, as a stuck disk or a paused virtual machine does: alive, connected and silent."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


def freeze(pid: int) -> None:
    """Stop the process and all its descendants; PostgreSQL's backends, for one, would go on without their parent."""
    _signal_all(pid, signal.SIGSTOP)


def thaw(pid: int) -> None:
    """Let the process and all its descendants go on."""
    _signal_all(pid, signal.SIGCONT)


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Frozen inside the `with`, thawed after it whatever happens."""
    freeze(pid)
    try:
        yield
    finally:
        thaw(pid)


def _signal_all(pid: int, what: signal.Signals) -> None:
    # The parent first, so that it starts no further child in between.
    os.kill(pid, what)
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(ProcessLookupError):
            os.kill(child.pid, what)
