"""What a request's bytes must be like: for whom it is, and where it ends, said in one way (RFC 9112).

eventlet is more generous about that than the proxies in front of it, and where two readers differ on where a request
ends, the rest becomes another request. A body has a Content-Length: one in chunks is for the front server to collect.
"""

import re
from email import errors
from email.message import Message
from typing import Any

import eventlet

from services.plumbing.http.replies import RequestRejected

BODY_LIMIT = 1 << 20
OPEN_BODY_LIMIT = 1 << 16
"""Where nobody has to say who they are, so that nobody has much parsed for nothing."""
READ_SECONDS = 8.0
"""For the whole header, for the whole body, and for an idle connection: closed well within 10 seconds."""
_DRAIN_SECONDS, _DRAIN_BYTES = 1.0, 16 << 20

_DROPPED = (errors.MissingHeaderBodySeparatorDefect, errors.MisplacedEnvelopeHeaderDefect)
"""What Python's header parser finds and goes on from, dropping the headers that follow."""

# A method in small letters is none, but werkzeug would take "get" for GET.
_REQUEST_LINE = re.compile(rb"[!-`{-~]+ (?P<address>[!-~]+) (?P<version>HTTP/1\.[01])\r\n")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


class HeaderLines:
    """The lines of a header, ended by CR LF, without another CR in them, and not folded (RFC 9112, 2.2 and 5.2).

    Python's parser takes any white space and any end of a line for one.
    """

    def __init__(self, file: Any) -> None:
        self._file = file

    def readline(self, size: int = -1) -> bytes:
        """The next line. Raises RequestRejected, also where the header ends before its empty line."""
        line: bytes = self._file.readline(size)
        if not line.endswith(b"\r\n") or b"\r" in line[:-2] or line.startswith((b" ", b"\t")):
            raise RequestRejected(400, "This is not HTTP/1.1.")
        return line


def check_request_line(line: bytes) -> None:
    """Raises RequestRejected unless everybody reads the same method, address and version in it."""
    found = _REQUEST_LINE.fullmatch(line)
    if found is None:
        raise RequestRejected(400, "This is not HTTP/1.1.")
    path, _, query = found["address"].partition(b"?")
    if path.startswith(b"//") or b"%2f" in path.lower():
        raise RequestRejected(400, "Two readers could take the address differently.")
    if b"%00" in path or b"%00" in query:
        raise RequestRejected(400, "The address holds the character U+0000.")


def check_headers(version: str, headers: Message) -> None:
    """Raises RequestRejected unless it is beyond doubt whom the request is for, and how long it is."""
    if any(isinstance(defect, _DROPPED) for defect in headers.defects):
        raise RequestRejected(400, "This is not HTTP/1.1.")
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value):
            raise RequestRejected(400, "A header is not one.")
    hosts = headers.get_all("Host", [])
    if len(hosts) > 1 or (version == "HTTP/1.1" and not hosts):
        raise RequestRejected(400, "One Host header is needed.")
    if hosts and not _HOST.fullmatch(hosts[0].strip(" \t")):
        raise RequestRejected(400, "The Host header names no host.")
    lengths = headers.get_all("Content-Length", [])
    if len(lengths) > 1 or not all(length.isascii() and length.isdigit() for length in lengths):
        raise RequestRejected(400, "The Content-Length is not one number.")
    if "Transfer-Encoding" in headers:
        raise RequestRejected(411, "The body must have a Content-Length and no Transfer-Encoding.")


def read_body(environ: dict[str, Any], limit: int, *, seconds: float = READ_SECONDS) -> bytes:
    """The whole body, at most ``limit`` bytes, within ``seconds``. Raises RequestRejected."""
    connection, stream = environ["bancheng.connection"], environ["wsgi.input"]
    if stream.content_length > limit:
        raise RequestRejected(413, f"The body is larger than {limit} bytes.")
    connection.server.connections.wait_for(connection.connection)
    try:
        with eventlet.Timeout(seconds) as deadline:
            body: bytes = stream.read(limit)
    except eventlet.Timeout as late:
        if late is not deadline:
            raise
        raise RequestRejected(408, "The body did not arrive in time.") from None
    except OSError:
        raise RequestRejected(400, "The body could not be read.") from None
    finally:
        connection.server.connections.serve(connection.connection)
    if len(body) < stream.content_length:
        raise RequestRejected(400, "The body is shorter than its Content-Length.")
    return body


def drain(file: Any) -> None:
    """Read what comes for a moment more, and forget it."""
    left = _DRAIN_BYTES
    with eventlet.Timeout(_DRAIN_SECONDS, False):
        while left > 0 and (part := file.read1(65536)):
            left -= len(part)
