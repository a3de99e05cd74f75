"""A TCP proxy that stands between a client and its server and misbehaves when told to.

    with Proxy(("127.0.0.1", rabbit.port)) as proxy:
        client = connect("127.0.0.1", proxy.port)
        proxy.black_hole()      # nothing gets through, and nobody is told
        proxy.heal()

It works in bytes and knows no protocol. Two threads a connection, so it is for faults, not for load.
"""

import threading
from contextlib import suppress
from pathlib import Path
from socket import create_server
from types import TracebackType
from typing import Self

from tests.stack.link import TICK_S, Link, Switch


class Proxy:
    """Listens on 127.0.0.1 from its making on, until `close`.

    :param upstream: ``(host, port)``, or the path of a Unix socket.
    """

    def __init__(self, upstream: tuple[str, int] | Path) -> None:
        self._upstream = upstream
        self._listener = create_server(("127.0.0.1", 0), backlog=512)
        self._listener.settimeout(TICK_S)
        self.port: int = self._listener.getsockname()[1]
        self._switch = Switch()
        self._links: set[Link] = set()
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._acceptor = threading.Thread(target=self._accept, name="proxy", daemon=True)
        self._acceptor.start()

    @property
    def connections(self) -> int:
        """How many connections stand now, those in a black hole included."""
        with self._lock:
            return len(self._links)

    @property
    def cuts(self) -> int:
        """How often `cut_after` has cut so far."""
        return self._switch.cuts

    def black_hole(self) -> None:
        """Forward nothing more in either direction; connections stay open and new ones are accepted in silence."""
        self._switch.flows.clear()

    def heal(self) -> None:
        """Work again. What was held back in a black hole is forwarded; a marker that has not come is forgotten."""
        self._switch.set_marker(None)
        self._switch.flows.set()

    def reset_all(self) -> None:
        """Send RST to every client and hang up on the server; returns when done. New connections are accepted."""
        with self._lock:
            links = set(self._links)
        for link in links:
            link.doomed.set()
        for link in links:
            link.ended.wait()

    def lead_to(self, upstream: tuple[str, int] | Path) -> None:
        """Take another server, as a load balancer does: what stands is reset, new connections go there."""
        self._upstream = upstream
        self.reset_all()

    def cut_after(self, marker: bytes) -> None:
        """Lose the reply to the next chunk from a client that holds `marker`, such as ``b"COMMIT"``.

        The server gets the chunk and does its work; its reply is dropped, and the client is reset after the server
        has hung up. The marker must come within one read, which a short query or a small frame does.
        """
        self._switch.set_marker(marker)

    def close(self) -> None:
        """Reset what is open and stop listening. Harmless when repeated."""
        self._closed.set()
        self._acceptor.join()
        self._listener.close()
        self.reset_all()

    def _accept(self) -> None:
        while not self._closed.is_set():
            with suppress(TimeoutError):
                client, _ = self._listener.accept()
                link = Link(client, self._upstream, self._switch)
                with self._lock:
                    self._links.add(link)
                threading.Thread(target=self._serve, args=(link,), name="proxy-link", daemon=True).start()

    def _serve(self, link: Link) -> None:
        try:
            link.run()
        finally:
            with self._lock:
                self._links.discard(link)
            link.ended.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
