"""Processes of ours for work of minutes, beside the requests: a few at a time, each ended after an hour at most; and
work that goes on when whoever waits for it must not wait longer.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import eventlet
from eventlet.semaphore import Semaphore

Result = TypeVar("Result")

AT_ONCE = 2
PATIENCE_SECONDS = 5.0
LONGEST_SECONDS = 3600.0
_POLL_SECONDS = 0.5
_KEPT = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "TMPDIR", "HOME", "TZ")

_free = Semaphore(AT_ONCE)


class TooManyAtOnce(Exception):
    """All places are taken, and none became free in PATIENCE_SECONDS."""


class StillGoing(Exception):
    """It is not done yet, and goes on without whoever waited."""


def wait_a_while(work: Callable[[], Result], seconds: float) -> Result:
    """Do something and wait so long for it. Raises StillGoing, and what the work raises within that time."""
    working = eventlet.spawn(work)
    try:
        with eventlet.Timeout(seconds):
            done: Result = working.wait()
    except eventlet.Timeout:
        raise StillGoing from None
    return done


def start_in_background(module: str, given: bytes, settings: Mapping[str, str]) -> None:
    """Run a module with ``given`` as its input; it gets these settings alone, and no secret besides.

    Raises TooManyAtOnce.
    """
    if not _free.acquire(timeout=PATIENCE_SECONDS):
        raise TooManyAtOnce
    try:
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | dict(settings)
        read = os.memfd_create("given")
        try:
            os.write(read, given)
            os.lseek(read, 0, os.SEEK_SET)
            child = subprocess.Popen([sys.executable, "-m", module], stdin=read, env=environment)
        finally:
            os.close(read)
    except BaseException:
        _free.release()
        raise
    eventlet.spawn(_see_off, child)


def _see_off(child: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + LONGEST_SECONDS
    try:
        while child.poll() is None:
            if time.monotonic() > ends:
                child.kill()
            eventlet.sleep(_POLL_SECONDS)
    finally:
        if child.returncode is None:
            child.kill()
            child.wait()
        _free.release()
