"""A child process for work that nobody's request may trust or wait for: bounded in time, memory and number.

What goes in and comes out lies in memory alone, never in a file with a name. The child gets no setting of ours.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import eventlet
from eventlet.semaphore import Semaphore

AT_ONCE = 2
"""How many children a process has at once: as many as a small machine has cores."""
SECONDS = 20.0
_POLL_SECONDS = 0.02
_KILLED = -9
_LARGEST_RESULT = 64 << 20

_free = Semaphore(AT_ONCE)


class Finished(NamedTuple):
    """How a child ended, and what it wrote."""

    code: int
    output: bytes


def run_child(script: Path, *arguments: str, content: bytes, seconds: float = SECONDS) -> Finished:
    """Run a script of ours with ``content`` as its input, in Python's isolated mode; others go on meanwhile.

    A child that takes longer is killed, and has the code -9.
    """
    with _free:
        given, made = os.memfd_create("given"), os.memfd_create("made")
        try:
            _write(given, content)
            command = [sys.executable, "-I", str(script), *arguments]
            child = subprocess.Popen(command, stdin=given, stdout=made, stderr=subprocess.DEVNULL, env={})
            code = _wait(child, seconds)
            size = min(os.fstat(made).st_size, _LARGEST_RESULT)
            return Finished(code, os.pread(made, size, 0))
        finally:
            os.close(given)
            os.close(made)


def _write(file: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]
    os.lseek(file, 0, os.SEEK_SET)


def _wait(child: "subprocess.Popen[bytes]", seconds: float) -> int:
    ends = time.monotonic() + seconds
    try:
        while (code := child.poll()) is None:
            if time.monotonic() > ends:
                return _KILLED
            eventlet.sleep(_POLL_SECONDS)
        return code
    finally:
        if child.returncode is None:
            child.kill()
            child.wait()
