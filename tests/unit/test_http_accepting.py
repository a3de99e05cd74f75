"""What a connection is given before anybody speaks on it."""

import socket
from contextlib import closing
from typing import Any

from services.plumbing.http.connections import accept_all


def test_a_reply_of_several_packets_does_not_wait_for_acknowledgements() -> None:
    """A client that delays its acknowledgement, as the kernel does by default, would get the rest 40 ms later."""
    accepted: list[tuple[Any, Any]] = []
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listening,
        closing(socket.create_connection(listening.getsockname())) as client,
    ):
        accept_all(listening, lambda: not accepted, lambda *each: accepted.append(each))
        ((connection, address),) = accepted
        with closing(connection):
            assert address == client.getsockname()
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
