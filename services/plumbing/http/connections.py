"""How many may be connected: a client that only holds a connection cannot keep out one that has something to ask.

Connections are accepted in the same way on the public port and on the operations port.
"""

import errno
import resource
import socket
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import eventlet
import structlog

from services.plumbing.runtime import telemetry

BACKLOG = 1024
ACCEPT_PAUSE_SECONDS = 0.1

FILES = 8192
"""The open files that a process asks for; the system's usual 1024 are few when clients are slow."""

_SPARE_FILES = 128
"""For database, broker, log and the operations port, which come first."""

_SERVICES = 4
"""How many services may share a process and its files."""

_MOST, _LEAST = 2000, 16

OPERATIONS_LIMIT = 16
"""The connections of the operations port: some scrapers and probes, out of the spare files."""

_log = structlog.get_logger()


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
    """The open connections of a service. Over the limit, the one that has kept us waiting for longest is closed."""

    def __init__(self, service: str, limit: int) -> None:
        self._limit = limit
        self._open: set[Any] = set()
        self._waited_for: OrderedDict[Any, None] = OrderedDict()
        self._hung_up = telemetry.HTTP_HUNG_UP.labels(service)

    def wait_for(self, connection: Any) -> None:
        """From now on the client has to send something."""
        self._waited_for[connection] = None

    def serve(self, connection: Any) -> None:
        """From now on the client waits for us."""
        self._waited_for.pop(connection, None)

    def hold(self, connection: Any, serve: Callable[[], None]) -> None:
        """Serve an accepted connection to its end.

        What goes wrong on it is not raised: nameko would end the service for it.
        """
        self._open.add(connection)
        self.wait_for(connection)
        if len(self._open) > self._limit:
            longest, _ = self._waited_for.popitem(last=False)
            self._hung_up.inc()
            hang_up(longest)
        try:
            serve()
        except Exception as error:
            _log.warning("a connection failed", kind=type(error).__name__)
        finally:
            self.serve(connection)
            self._open.discard(connection)
            connection.close()


def hang_up(connection: Any) -> None:
    """End it for whoever reads from it or writes to it now."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def accept_all(listening: Any, is_accepting: Callable[[], bool], serve: Callable[[Any, Any], None]) -> None:
    """Give each connection to ``serve(connection, address)``; the next one is accepted when it returns.

    nameko's own loop ends, and with it the service, when no file is left for one more connection.
    """
    while is_accepting():
        try:
            connection, address = listening.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            _log.warning("a connection could not be accepted", error=errno.errorcode.get(error.errno or 0))
            eventlet.sleep(ACCEPT_PAUSE_SECONDS)
            continue
        serve(connection, address)
