"""The proxy that fault tests put between a client and its server: what it passes on, holds back, resets and cuts."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from services.sandbox.embedded_postgres import EmbeddedPostgres
from tests.stack.proxy import Proxy


@pytest.fixture
def echo() -> Iterator[Proxy]:
    """A proxy before a server that says back whatever it hears."""
    speaker = subprocess.Popen(
        [sys.executable, "-c", _ECHO], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert speaker.stdout
        with Proxy(("127.0.0.1", int(speaker.stdout.readline()))) as proxy:
            yield proxy
    finally:
        speaker.kill()
        speaker.communicate()


_ECHO = """
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while heard := self.request.recv(65536):
            self.request.sendall(heard)
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
with Server(("127.0.0.1", 0), Echo) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""


def test_a_proxy_passes_bytes_and_the_end_of_them(echo: Proxy) -> None:
    with _client(echo) as client:
        client.sendall(b"x" * 1_000_000)
        client.shutdown(socket.SHUT_WR)
        assert _read_all(client) == b"x" * 1_000_000


def test_a_black_hole_accepts_and_is_silent_until_it_heals(echo: Proxy) -> None:
    with _client(echo) as old:
        echo.black_hole()
        with _client(echo) as new:
            for client in (old, new):
                client.sendall(b"heard?")
                client.settimeout(0.5)
                with pytest.raises(TimeoutError):
                    client.recv(10)
            echo.heal()
            for client in (old, new):
                client.settimeout(10)
                assert client.recv(10) == b"heard?"


def test_a_reset_reaches_every_client(echo: Proxy) -> None:
    with _client(echo) as first, _client(echo) as second:
        for client in (first, second):
            client.sendall(b"hello")
            assert client.recv(10) == b"hello"
        echo.reset_all()
        for client in (first, second):
            with pytest.raises(ConnectionResetError):
                client.recv(10)
    assert echo.connections == 0
    with _client(echo) as again:
        again.sendall(b"hello")
        assert again.recv(10) == b"hello"


def test_a_commit_whose_reply_is_lost_was_committed() -> None:
    with EmbeddedPostgres() as server, Proxy(server.socket) as proxy:
        unsure = psycopg2.connect(host="127.0.0.1", port=proxy.port, user="postgres", dbname="postgres")
        unsure.cursor().execute("CREATE TABLE kept (word text)")
        proxy.cut_after(b"COMMIT")
        with pytest.raises(psycopg2.OperationalError):
            unsure.commit()
        assert proxy.cuts == 1
        with closing(psycopg2.connect(server.url)) as direct, direct.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kept")


def _client(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), timeout=10)


def _read_all(client: socket.socket) -> bytes:
    chunks = []
    while chunk := client.recv(65536):
        chunks.append(chunk)
    return b"".join(chunks)
