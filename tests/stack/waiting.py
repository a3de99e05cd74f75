"""Whether a server lets clients in yet."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

import amqp


@contextmanager
def amqp_connection(uri: str, *, timeout: float = 5.0) -> Iterator[amqp.Connection]:
    """A plain, blocking, open connection, all of whose socket operations end within `timeout` seconds.

    At the end the broker may have gone: that is no error here.
    """
    parts = urlsplit(uri)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port or 5672}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        connect_timeout=timeout,
        read_timeout=timeout,
        write_timeout=timeout,
    )
    try:
        connection.connect()
        yield connection
    finally:
        with suppress(OSError, amqp.AMQPError):
            connection.close()
        connection.collect()


def accepts_clients(uri: str) -> bool:
    """Whether the broker completes the handshake: its port opens earlier than that."""
    with suppress(OSError, amqp.AMQPError), amqp_connection(uri):
        return True
    return False


def wait_for_port(port: int, *, seconds: float = 10.0) -> None:
    """Return when something listens on 127.0.0.1; TimeoutError when nothing does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"Nothing listens on port {port}.")
