"""How many may be connected: a client that only holds a connection cannot keep out one that has something to ask."""

import resource
import socket
from collections import OrderedDict
from contextlib import suppress
from typing import Any

from services.plumbing.runtime import telemetry

FILES = 8192
"""The open files that a process asks for; the system's usual 1024 are few when clients are slow."""

_SPARE_FILES = 128
"""For database, broker, log and the operations port, which come first."""

_SERVICES = 3
"""How many services may share a process and its files."""

_MOST, _LEAST = 2000, 16

OPERATIONS_LIMIT = 16
"""The connections of the operations port: some scrapers and probes, out of the spare files."""


def raise_fd_limit() -> None:
    """Raise this process's limit of open files as far as is useful and allowed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def connection_limit() -> int:
    """How many connections a service can have at once with the files of this process."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return _MOST
    return max(_LEAST, min(_MOST, (soft - _SPARE_FILES) // _SERVICES))


class ConnectionLimiter:
    """The open connections of a service; one too many costs that which has let us wait for longest."""

    def __init__(self, service: str, limit: int) -> None:
        self._limit = limit
        self._open: set[Any] = set()
        self._waited_for: OrderedDict[Any, None] = OrderedDict()
        self._hung_up = telemetry.HTTP_HUNG_UP.labels(service)

    def enter(self, connection: Any) -> None:
        """A socket was accepted."""
        self._open.add(connection)
        self.wait_for(connection)
        if len(self._open) > self._limit:
            longest, _ = self._waited_for.popitem(last=False)
            self._hung_up.inc()
            hang_up(longest)

    def wait_for(self, connection: Any) -> None:
        """From now on it is the client's turn."""
        self._waited_for[connection] = None

    def serve(self, connection: Any) -> None:
        """From now on it is our turn."""
        self._waited_for.pop(connection, None)

    def leave(self, connection: Any) -> None:
        """It is closed."""
        self._waited_for.pop(connection, None)
        self._open.discard(connection)


def hang_up(connection: Any) -> None:
    """End it for whoever reads from it or writes to it now."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
