"""One connection: how long a client may take to ask and to read, and what becomes of it when it takes longer."""

import errno
import re
import socket
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import eventlet
from eventlet.wsgi import HeaderLineTooLong, HeadersTooLarge
from nameko.web.server import HttpOnlyProtocol
from werkzeug.wrappers import Response

from services.plumbing.http.body import READ_SECONDS, TooSlow, check_lengths
from services.plumbing.http.connections import hang_up
from services.plumbing.http.problems import RequestRejected, problem, problem_of

WRITE_SECONDS = 8.0
"""For a reply to be taken: who reads a byte a second would hold it for hours."""

_AT_ONCE = struct.pack("ii", 1, 0)
_REQUEST_LINE = re.compile(rb"[!-~]+ [!-~]+ HTTP/[0-9]\.[0-9]\r\n")


class MalformedHeader(Exception):
    """A line of the header that a proxy in front could take for two, or for a part of another."""


class Protocol(HttpOnlyProtocol):  # type: ignore[misc]
    """One connection: from the wait for a request to the end of its header there is one deadline."""

    rfile: Any

    def setup(self) -> None:
        """Replies go out through a door that does not stay open for ever."""
        super().setup()
        self.wfile: Any = _DeadlineWriter(self.wfile, self.connection)

    def handle_one_request(self) -> None:
        """Serve a request, or close the connection of a client that does not get round to sending one.

        The others have their turn before it: neither reading what has arrived already nor writing what the system takes
        at once lets anybody else run, and a client may send thousands of requests without waiting for a reply.
        """
        eventlet.sleep(0)
        self.server.connections.wait_for(self.connection)
        self._deadline = eventlet.Timeout(READ_SECONDS, TooSlow())
        try:
            super().handle_one_request()
        except TooSlow:
            self.close_connection = 1
        finally:
            self._deadline.cancel()

    def parse_request(self) -> bool:
        """Read the header, strictly by lines: Python's parser takes any white space and any end of a line for one."""
        self.rfile = HeaderLines(self.rfile)  # the caller puts back what it was
        try:
            if not _REQUEST_LINE.fullmatch(self.raw_requestline):
                raise MalformedHeader
            if not super().parse_request():
                return False
            check_lengths(self.headers)
        except MalformedHeader:
            self.send_error(400)
        except (HeaderLineTooLong, HeadersTooLarge):
            self.send_error(431)
        except RequestRejected as error:
            self._refuse(problem_of(error))
        else:
            return True
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What could not be parsed is not repeated to who sent it."""
        self._refuse(problem(code, "This is not HTTP/1.1." if code < 431 else "The header is too large."))

    def _refuse(self, reply: Response) -> None:
        self.close_connection = 1
        head = f"HTTP/1.1 {reply.status}\r\nContent-Type: {reply.content_type}\r\nConnection: close\r\n"
        self.wfile.write(f"{head}Content-Length: {reply.content_length}\r\n\r\n".encode() + reply.get_data())

    def get_environ(self) -> dict[str, Any]:
        """The header is whole: its deadline is over."""
        self._deadline.cancel()
        self.server.connections.serve(self.connection)
        environ: dict[str, Any] = super().get_environ()
        environ["SERVER_PROTOCOL"] = self.request_version
        environ["bancheng.connection"] = self
        return environ

    def finish(self) -> None:
        """Close everything at once, also when the client is gone: its file is wanted back."""
        try:
            super().finish()
        finally:
            self.rfile.close()
            self.connection.close()


class HeaderLines:
    """The lines of a header, ended by CR LF, without another CR in them, and not folded (RFC 9112, 2.2 and 5.2)."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readline(self, size: int = -1) -> bytes:
        """The next line. Raises MalformedHeader, also where the header ends before its empty line."""
        line: bytes = self._file.readline(size)
        if not line.endswith(b"\r\n") or b"\r" in line[:-2] or line.startswith((b" ", b"\t")):
            raise MalformedHeader
        return line


class _DeadlineWriter:
    """What is written to the client. What it does not take in time ends the connection."""

    def __init__(self, file: Any, connection: Any) -> None:
        self._file, self._connection = file, connection

    @property
    def closed(self) -> bool:
        return bool(self._file.closed)

    def write(self, data: bytes) -> None:
        self._in_time(self._file.write, data)

    def writelines(self, lines: Iterable[bytes]) -> None:
        self._in_time(self._file.writelines, lines)

    def flush(self) -> None:
        self._in_time(self._file.flush)

    def close(self) -> None:
        self._in_time(self._file.close)

    def _in_time(self, act: Callable[..., Any], *arguments: Any) -> None:
        try:
            with eventlet.Timeout(WRITE_SECONDS, TooSlow()):
                act(*arguments)
        except (TooSlow, TimeoutError):
            with suppress(OSError):  # what the system still holds for it is dropped
                self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            hang_up(self._connection)  # so that nothing that is still to be flushed waits for it once more
            raise BrokenPipeError(errno.EPIPE, "the client does not read") from None
