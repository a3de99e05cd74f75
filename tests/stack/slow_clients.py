"""Clients that hold connections and hardly say anything, as many as one likes, served by one thread."""

import selectors
import ssl
import time
from collections import Counter
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self

from tests.stack.raw_http import connect

PAUSE = 0.5
"""Seconds between the bytes of those who dribble: shorter than any timeout that is started anew by each byte."""


class _Client:
    """One connection: it sends its beginning, then a byte or so now and then, and never an end."""

    def __init__(self, port: int, tls: ssl.SSLContext | None, name: str, beginning: bytes, dribble: bytes) -> None:
        self.name, self._dribble = name, dribble
        self.socket = connect(port, tls)
        self.socket.sendall(beginning)
        self.socket.setblocking(False)

    def dribble(self) -> None:
        """Say a little more."""
        if self._dribble:
            with suppress(OSError):  # that it is over is seen when it is read
                self.socket.send(self._dribble)

    def is_over(self) -> bool:
        """Whether the server has hung up; what it says before is read and forgotten."""
        try:
            return not self.socket.recv(65536)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True


class SlowClients:
    """So many slow clients from `__enter__` to `__exit__`, in turn of each of the kinds; who is hung up on comes back.

    :param kinds: by name, what they begin with and what they dribble.
    """

    def __init__(
        self, port: int, count: int, kinds: dict[str, tuple[bytes, bytes]], tls: ssl.SSLContext | None = None
    ) -> None:
        self._tls = tls
        self._port, self._count, self._kinds = port, count, list(kinds.items())
        self._selector = selectors.DefaultSelector()
        self._clients: set[_Client] = set()
        self._come_back, self._stopped = True, False
        self._thread = Thread(target=self._run, daemon=True)
        self.hung_up: Counter[str] = Counter()

    @property
    def hanging(self) -> int:
        """How many hold a connection now."""
        return len(self._clients)

    def stay_away(self) -> None:
        """From now on who is hung up on does not come back."""
        self._come_back = False

    def __enter__(self) -> Self:
        for number in range(self._count):
            self._connect(*self._kinds[number % len(self._kinds)])
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped = True
        self._thread.join(10)
        for client in self._clients:
            client.socket.close()
        self._selector.close()

    def _connect(self, name: str, how: tuple[bytes, bytes]) -> None:
        client = _Client(self._port, self._tls, name, *how)
        self._clients.add(client)
        self._selector.register(client.socket, selectors.EVENT_READ, client)

    def _run(self) -> None:
        dribbled = time.monotonic()
        while not self._stopped:
            for key, _events in self._selector.select(0.1):
                if key.data.is_over():
                    self._lose(key.data)
            if time.monotonic() > dribbled + PAUSE:
                dribbled = time.monotonic()
                for client in self._clients:
                    client.dribble()

    def _lose(self, client: _Client) -> None:
        self._selector.unregister(client.socket)
        client.socket.close()
        self._clients.discard(client)
        self.hung_up[client.name] += 1
        if self._come_back:
            self._connect(client.name, dict(self._kinds)[client.name])


def slow_kinds(post: bytes) -> dict[str, tuple[bytes, bytes]]:
    """Every way to be slow. ``post`` is the request line and the header of a POST that is let in, without its end."""
    return {
        "silent": (b"", b""),
        "slow header": (b"GET /openapi.json HTTP/1.1\r\nHost: here\r\nX-Slow: ", b"y"),
        "slow body": (post + b"Content-Length: 1000\r\n\r\n", b" "),
        "idle after a reply": (b"GET /openapi.json HTTP/1.1\r\nHost: here\r\n\r\n", b""),
    }
