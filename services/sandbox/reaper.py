"""Sees to it that a started server does not outlive the program that started it, even one that is killed.

A context manager is left in order after a failure or Ctrl-C, but not after `kill -9`. So a small shell, in a session
of its own, holds the end of a pipe: when the pipe closes, for whatever reason, it kills the processes that it was told
of and removes their folder.
"""

import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

_SCRIPT = """
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -9 $pids 2>/dev/null
[ -z "$1" ] || rm -rf "$1" 2>/dev/null || { sleep 1; rm -rf "$1"; }
"""


class Reaper:
    """Kills the processes it watches and removes `folder` when it is closed or when this program is gone.

    :param folder: removed with all that is in it; None when there is nothing to remove.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._pids: set[int] = set()
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", _SCRIPT, "reaper", str(folder) if folder else ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            text=True,
        )

    def watch(self, pid: int) -> None:
        """From now on, `pid` does not outlive this program."""
        self._pids.add(pid)
        self._tell()

    def forget(self, pid: int) -> None:
        """`pid` has ended and its number may go to somebody else's process."""
        self._pids.discard(pid)
        self._tell()

    def close(self) -> None:
        """Do now what would be done at the end of this program; returns when it is done. Harmless when repeated."""
        if self._shell.stdin and not self._shell.stdin.closed:
            self._shell.stdin.close()
        self._shell.wait()

    def _tell(self) -> None:
        if self._shell.stdin is None or self._shell.stdin.closed:
            raise RuntimeError("The reaper has gone; nothing can be started under it any more.")
        self._shell.stdin.write(" ".join(map(str, sorted(self._pids))) + "\n")
        self._shell.stdin.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class StartedServer(ABC):
    """A server that runs from `__enter__` to `__exit__`; one that does not start is closed as well."""

    @abstractmethod
    def start(self) -> None:
        """Return when it takes clients. Raises an error of its own when it does not come to that."""

    @abstractmethod
    def close(self) -> None:
        """End it and remove what it left. Harmless when repeated."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
