"""Accepting connections, the same way on the public port and on the operations port."""

import errno
import logging
import socket
from collections.abc import Callable
from typing import Any

import eventlet
import eventlet.wsgi
import structlog

from services.plumbing.http.body import READ_SECONDS
from services.plumbing.http.connections import ConnectionLimiter
from services.plumbing.http.protocol import Protocol

BACKLOG = 1024
ACCEPT_PAUSE_SECONDS = 0.1

_log = structlog.get_logger()


def accept(listening: Any) -> tuple[Any, Any]:
    """The next connection and its peer's address. Raises OSError, as when no file is left for one more."""
    connection, address = listening.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.settimeout(READ_SECONDS)
    return connection, address


def accept_all(listening: Any, is_accepting: Callable[[], bool], serve: Callable[[Any, Any], None]) -> None:
    """Give each connection to ``serve(connection, address)``; the next one is accepted when it returns.

    nameko's own loop ends, and with it the service, when no file is left for one more connection.
    """
    while is_accepting():
        try:
            connection, address = accept(listening)
        except OSError as error:
            _log.warning("a connection could not be accepted", error=errno.errorcode.get(error.errno or 0))
            eventlet.sleep(ACCEPT_PAUSE_SECONDS)
            continue
        serve(connection, address)


def serve_connection(connections: ConnectionLimiter, connection: Any, serve: Callable[[], None]) -> None:
    """Serve a connection to its end. What goes wrong on it is not raised: nameko would end the service for it."""
    connections.enter(connection)
    try:
        serve()
    except Exception as error:
        _log.warning("a connection failed", kind=type(error).__name__)
    finally:
        connections.leave(connection)
        connection.close()


def wsgi_server(listening: socket.socket, application: Any, connections: ConnectionLimiter) -> Any:
    """eventlet's server with our protocol; the access log is the metric, not a line a request."""
    server = eventlet.wsgi.Server(
        listening,
        listening.getsockname(),
        application,
        protocol=Protocol,
        debug=False,
        log=logging.getLogger(__name__),
        log_output=False,
        keepalive=READ_SECONDS,
        socket_timeout=READ_SECONDS,
    )
    server.connections = connections
    return server
