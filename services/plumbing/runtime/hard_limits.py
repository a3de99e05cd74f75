"""Ends the process where its own event loop cannot: when a stop takes too long, or when a loop stands still.

All greenlets share one thread, and a library that waits in C holds up every one of them, a limit in a greenlet as well.
So these limits are kept by a thread of the operating system. It gets signals through a pipe that Python writes to
at once (`signal.set_wakeup_fd`), also while no signal handler can run.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

from eventlet import patcher

from services.plumbing.runtime import telemetry

STOP_SECONDS = 25.0
"""From the signal to the end: supervisors kill after 30. Nothing that is not acked or not confirmed is lost by it."""
GLANCE_SECONDS = 5.0
"""How often the loops are looked at."""

_FAILPOINT = os.environ.get("BANCHENG_FAILPOINT", "")

_os, _select, _threading, _time = (patcher.original(name) for name in ("os", "select", "threading", "time"))


def keep() -> None:
    """Keep the limits from now on. To be called in the main thread, before signal handlers are set."""
    reader, writer = _os.pipe()
    _os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    _threading.Thread(target=_watch, args=(reader,), name="hard limits", daemon=True).start()


def failpoint(name: str) -> None:
    """Die here as by kill -9 if ``BANCHENG_FAILPOINT`` names this moment: for a fault suite, that cannot hit it from
    outside.
    """
    if name == _FAILPOINT:
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(reader: int) -> None:
    signals = _select.poll()
    signals.register(reader, _select.POLLIN)
    ends: float | None = None
    while True:
        left = GLANCE_SECONDS if ends is None else max(0.0, ends - _time.monotonic())
        if signals.poll(1000 * min(left, GLANCE_SECONDS)):
            numbers = _os.read(reader, 64)
            if ends is None and {signal.SIGTERM, signal.SIGINT} & set(numbers):
                ends = _time.monotonic() + STOP_SECONDS
        if ends is not None and _time.monotonic() >= ends:
            _end(0, {"level": "warning", "event": "what was not finished in time is left; it will be done again"})
        if stalled := telemetry.stalled():
            _end(1, {"level": "critical", "event": "a loop stands still", "loops": stalled})


def _end(code: int, line: Mapping[str, Any]) -> None:
    """Not by the logger: its lock may be in the hands of a greenlet that goes on no more."""
    _os.write(sys.stderr.fileno(), (json.dumps(line) + "\n").encode())
    _os._exit(code)
