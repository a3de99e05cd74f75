"""HTTP by hand, for what no decent client would send."""

import socket
import ssl
import time
from contextlib import closing


def connect(port: int, tls: ssl.SSLContext | None = None, *, patience: float = 10.0) -> socket.socket:
    """A connection to a port of this machine, inside TLS where there is a context for it."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=patience)
    return tls.wrap_socket(plain, server_hostname="localhost") if tls else plain


def ask_raw(
    port: int, *parts: bytes, pause: float = 0.0, patience: float = 12.0, tls: ssl.SSLContext | None = None
) -> tuple[bytes, float]:
    """Send the parts, `pause` seconds apart, while nothing comes back; all that came until the server hung up or was
    silent for `patience` seconds, and how many seconds that took.
    """
    began = time.monotonic()
    heard = b""
    with closing(connect(port, tls, patience=patience)) as client:
        try:
            for part in parts:
                client.sendall(part)
                client.settimeout(pause or 0.001)
                try:
                    heard += client.recv(65536)
                    break
                except TimeoutError:
                    continue
            client.settimeout(patience)
            while chunk := client.recv(65536):
                heard += chunk
        except (TimeoutError, ConnectionError, ssl.SSLError):
            pass
    return heard, time.monotonic() - began


def request(
    method: str = "POST", path: str = "/notes", *, headers: dict[str, str], body: bytes = b"", close: bool = True
) -> bytes:
    """The bytes of a request, with these headers and no others."""
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if close:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def status_of(reply: bytes) -> int:
    """The status of the first response; 0 if the server hung up without one."""
    return int(reply.split(b" ", 2)[1]) if reply.startswith(b"HTTP/") else 0
