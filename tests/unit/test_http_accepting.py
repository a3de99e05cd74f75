"""What a connection is given before anybody speaks on it."""

import socket
from contextlib import closing

from services.plumbing.http.accepting import accept
from services.plumbing.http.body import READ_SECONDS


def test_a_reply_of_several_packets_does_not_wait_for_acknowledgements() -> None:
    """A client that delays its acknowledgement, as the kernel does by default, would get the rest 40 ms later."""
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listening,
        closing(socket.create_connection(listening.getsockname())) as client,
    ):
        accepted, address = accept(listening)
        with closing(accepted):
            assert address == client.getsockname()
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
            assert accepted.gettimeout() == READ_SECONDS
