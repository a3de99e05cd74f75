"""Reading a request's body off the wire: within a limit, within a deadline, and not as anything that it may not be.

eventlet is more generous about framing than the proxies before it, and where two readers differ on where a request
ends, the rest becomes another request.
"""

import re
from email import errors
from email.message import Message
from typing import Any

import eventlet
from werkzeug.wrappers import Request

from services.plumbing.http.problems import RequestRejected

BODY_LIMIT = 1 << 20
OPEN_BODY_LIMIT = 1 << 16
"""Where nobody has to say who they are, so that nobody has much parsed for nothing."""
READ_SECONDS = 8.0
"""For the whole header, for the whole body, and for an idle connection: closed well within 10 seconds."""
FLUSH_LIMIT = 16 << 20

_TORN = (
    errors.MissingHeaderBodySeparatorDefect,
    errors.MisplacedEnvelopeHeaderDefect,
)
"""What Python's header parser finds and goes on from, dropping the headers that follow."""

_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(;[^\r\n]*)?\r\n")
_LINE_LIMIT = 1024
_CHUNK_COST = 64
"""The bytes that a chunk counts for at least: a body in a million pieces holds up everybody else for a second."""
_TRAILERS = 20
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


class TooSlow(Exception):
    """The client did not send its request in time."""


def check_framing(environ: dict[str, Any]) -> None:
    """Raises RequestRejected unless it is beyond doubt whom and what the request is for (`check_lengths`: how long)."""
    connection = environ["bancheng.connection"]
    values: dict[str, list[str]] = {}
    for name, value in environ["headers_raw"]:
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value):
            raise RequestRejected(400, "A header is not one.")
        values.setdefault(name.lower(), []).append(value)
    hosts = values.get("host", [])
    is_torn = any(isinstance(defect, _TORN) for defect in connection.headers.defects)
    is_loud = environ["REQUEST_METHOD"] == environ["REQUEST_METHOD"].upper()  # Werkzeug would take "get" for GET
    if is_torn or not is_loud or environ["SERVER_PROTOCOL"] not in ("HTTP/1.0", "HTTP/1.1"):
        raise RequestRejected(400, "This is not HTTP/1.1.")
    address = connection.requestline.split()[1]  # Python's server has shortened // in the path
    if address.startswith("//") or "%2f" in environ["RAW_PATH_INFO"].lower():
        raise RequestRejected(400, "Two readers could take the address differently.")
    if len(hosts) > 1 or (environ["SERVER_PROTOCOL"] == "HTTP/1.1" and not hosts):
        raise RequestRejected(400, "One Host header is needed.")
    if hosts and not _HOST.fullmatch(hosts[0]):
        raise RequestRejected(400, "The Host header names no host.")


def check_lengths(headers: Message) -> None:
    """Raises RequestRejected unless the header says in one way where the body ends."""
    lengths, codings = headers.get_all("Content-Length", []), headers.get_all("Transfer-Encoding", [])
    if len(lengths) > 1 or not all(length.isascii() and length.isdigit() for length in lengths):
        raise RequestRejected(400, "The Content-Length is not one number.")
    if codings and (len(codings) > 1 or codings[0].lower() != "chunked" or lengths):
        raise RequestRejected(400, "The Transfer-Encoding must be chunked, without a Content-Length.")


def read_body(request: Request, limit: int = BODY_LIMIT) -> bytes:
    """The whole body, at most ``limit`` bytes, within READ_SECONDS. Raises RequestRejected."""
    connection = request.environ["bancheng.connection"]
    connection.server.connections.wait_for(connection.connection)
    try:
        return _read(request, connection, limit)
    finally:
        connection.server.connections.serve(connection.connection)


def _read(request: Request, connection: Any, limit: int) -> bytes:
    stream = request.environ["wsgi.input"]
    try:
        with eventlet.Timeout(READ_SECONDS, TooSlow()):
            if (request.content_length or 0) > limit:
                raise RequestRejected(413, f"The body is larger than {limit} bytes.")
            body: bytes = _read_chunks(stream, limit) if stream.chunked_input else stream.read(limit)
    except TooSlow:
        connection.close_connection = 1
        raise RequestRejected(408, "The body did not arrive in time.") from None
    except OSError:
        connection.close_connection = 1
        raise RequestRejected(400, "The body could not be read.") from None
    except RequestRejected:
        _swallow(stream)
        connection.close_connection = 1
        raise
    if len(body) < (request.content_length or 0):
        connection.close_connection = 1
        raise RequestRejected(400, "The body is shorter than its Content-Length.")
    return body


def is_left_over(stream: Any) -> bool:
    """Whether there is more of the body than was read."""
    if stream.chunked_input:
        return bool(stream.chunk_length != 0)
    return bool(stream.position < (stream.content_length or 0))


def _read_chunks(stream: Any, limit: int) -> bytes:
    if stream.should_send_hundred_continue:
        stream.send_hundred_continue_response()
        stream.is_hundred_continue_response_sent = True
    body = bytearray()
    cost = 0
    while size := _chunk_size(stream.rfile):
        cost += max(size, _CHUNK_COST)
        if cost > limit:
            raise RequestRejected(413, f"The body is larger than {limit} bytes, or in too many pieces.")
        body += stream.rfile.read(size)
        if stream.rfile.read(2) != b"\r\n":
            raise OSError("a chunk does not end where it said")
    for _ in range(_TRAILERS):
        if stream.rfile.readline(_LINE_LIMIT) == b"\r\n":
            stream.chunk_length = 0  # so that nobody looks for more
            return bytes(body)
    raise OSError("the trailers do not end")


def _chunk_size(rfile: Any) -> int:
    size = _CHUNK_SIZE.fullmatch(rfile.readline(_LINE_LIMIT))
    if size is None:
        raise OSError("a chunk has no size")
    return int(size[1], 16)


def _swallow(stream: Any) -> None:
    """Read on for a moment, so that a client that is still sending gets to see the reply instead of a reset."""
    with eventlet.Timeout(1, False):
        left = FLUSH_LIMIT if stream.chunked_input else min(FLUSH_LIMIT, stream.content_length - stream.position)
        while left > 0 and (part := stream.rfile.read(min(left, 65536))):
            left -= len(part)
