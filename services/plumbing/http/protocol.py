"""One connection: how long a client may take to ask and to read, and what becomes of it when it takes longer."""

import logging
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import eventlet
import eventlet.wsgi
from eventlet.hubs import get_hub
from eventlet.wsgi import HeaderLineTooLong, HeadersTooLarge
from nameko.web.server import HttpOnlyProtocol
from werkzeug.wrappers import Response

from services.plumbing.http.connections import ConnectionLimiter, hang_up
from services.plumbing.http.framing import READ_SECONDS, HeaderLines, check_headers, check_request_line, drain
from services.plumbing.http.replies import RequestRejected, problem, problem_of

WRITE_SECONDS = 8.0
"""For a reply to be taken: who reads a byte a second would hold it for hours."""

_DROP_WHAT_IS_UNSENT = struct.pack("ii", 1, 0)


def wsgi_server(listening: socket.socket, application: Any, connections: ConnectionLimiter) -> Any:
    """eventlet's server with our protocol; the access log is the metric, not a line a request."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        reply: Iterable[bytes] = application(environ, start_response)
        environ["bancheng.connection"].start_reply()
        return reply

    server = eventlet.wsgi.Server(
        listening,
        listening.getsockname(),
        answer,
        protocol=Protocol,
        debug=False,
        log=logging.getLogger(__name__),
        log_output=False,
        keepalive=READ_SECONDS,
        socket_timeout=READ_SECONDS,
    )
    server.connections = connections
    return server


class Protocol(HttpOnlyProtocol):  # type: ignore[misc]
    """One connection. There is a deadline from the wait for a request to the end of its header, and for each reply."""

    rfile: Any
    wfile: Any
    is_still_sending = False
    """Whether there is more of the request than was read."""
    is_stream = False
    """Whether the reply goes on for as long as the client stays; each of its pieces has to be taken in READ_SECONDS."""

    def handle_one_request(self) -> None:
        """Serve a request, or close the connection of a client that does not get round to sending one.

        The others have their turn before it: neither reading what has arrived already nor writing what the system takes
        at once lets anybody else run, and a client may send thousands of requests without waiting for a reply.
        """
        eventlet.sleep(0)
        self.server.connections.wait_for(self.connection)
        self._deadline = get_hub().schedule_call_global(READ_SECONDS, hang_up, self.connection)
        try:
            super().handle_one_request()
        finally:
            self._deadline.cancel()

    def parse_request(self) -> bool:
        """Read the header. The reply to one that cannot be read repeats nothing of it, and ends the connection."""
        self.rfile = HeaderLines(self.rfile)  # the caller puts back what it was
        try:
            check_request_line(self.raw_requestline)
            if not super().parse_request():
                return False
            check_headers(self.request_version, self.headers)
        except (HeaderLineTooLong, HeadersTooLarge):
            self.send_error(431)
        except RequestRejected as error:
            self._refuse(problem_of(error))
        else:
            return True
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Python's server has found something: what that was is not repeated to who sent it."""
        self._refuse(problem(code, "This is not HTTP/1.1." if code < 431 else "The header is too large."))

    def _refuse(self, reply: Response) -> None:
        self.close_connection, self.is_still_sending = 1, True
        head = f"HTTP/1.1 {reply.status}\r\nContent-Type: {reply.content_type}\r\nCache-Control: no-store\r\n"
        head += f"Connection: close\r\nContent-Length: {reply.content_length}\r\n\r\n"
        self.wfile.write(head.encode() + reply.get_data())

    def get_environ(self) -> dict[str, Any]:
        """The header is whole: its deadline is over."""
        self._deadline.cancel()
        self.server.connections.serve(self.connection)
        environ: dict[str, Any] = super().get_environ()
        environ["bancheng.connection"] = self
        return environ

    def start_reply(self) -> None:
        """From now on the client has WRITE_SECONDS to take the reply."""
        if not self.is_stream:
            self._deadline = get_hub().schedule_call_global(WRITE_SECONDS, self._drop)

    def _drop(self) -> None:
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP_WHAT_IS_UNSENT)
        hang_up(self.connection)

    def finish(self) -> None:
        """Close everything at once, also when the client is gone: its file is wanted back.

        A client that is still sending is read for a moment, so that it gets to see the reply instead of a reset.
        """
        try:
            if self.is_still_sending:
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_WR)
                self.server.connections.wait_for(self.connection)
                drain(self.rfile)
            super().finish()
        finally:
            self.rfile.close()
            self.connection.close()
