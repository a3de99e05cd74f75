"""One connection through the proxy: a client, its server, and the bytes between them.

Every wait here ends after a tick, because closing a socket does not wake a thread that waits on it.
"""

import select
import socket
import struct
import threading
from contextlib import suppress
from pathlib import Path

TICK_S = 0.05
_CUT_LIMIT_S = 5.0  # how long a server may take over its work and to hang up, once its client was cut off
_CHUNK = 65536
_RESET = struct.pack("ii", 1, 0)  # linger for zero seconds: closing sends RST instead of FIN


class Switch:
    """What a proxy's connections ask before they pass bytes on."""

    def __init__(self) -> None:
        self.flows = threading.Event()
        self.flows.set()
        self.cuts = 0
        self._marker: bytes | None = None
        self._lock = threading.Lock()

    def set_marker(self, marker: bytes | None) -> None:
        """Cut at the next chunk that holds `marker`; never, if None."""
        with self._lock:
            self._marker = marker

    def cuts_at(self, chunk: bytes) -> bool:
        """Whether this chunk from a client is the marked one; true once."""
        with self._lock:
            if self._marker is None or self._marker not in chunk:
                return False
            self._marker = None
            self.cuts += 1
            return True


class Link:
    """Forwards both directions until both have ended, or until it is `doomed`: then the client gets an RST."""

    def __init__(self, client: socket.socket, upstream: tuple[str, int] | Path, switch: Switch) -> None:
        self.doomed = threading.Event()
        self.ended = threading.Event()
        self._client = client
        self._server: socket.socket | None = None
        self._upstream = upstream
        self._switch = switch
        self._is_cut = threading.Event()

    def run(self) -> None:
        """Serve the connection; returns when it is closed."""
        try:
            # In a black hole not even the connection to the server is made before it heals.
            self._wait_for_flow()
            if not self.doomed.is_set():
                self._forward(_connect(self._upstream))
        except OSError:
            self.doomed.set()
        finally:
            self._close()

    def _forward(self, server: socket.socket) -> None:
        self._server = server
        for each in (self._client, server):
            each.setblocking(False)
        back = threading.Thread(target=self._pump_back, args=(server,), name="proxy-back", daemon=True)
        back.start()
        self._pump_there(server)
        back.join(_CUT_LIMIT_S if self._is_cut.is_set() else None)
        if self._is_cut.is_set():
            self.doomed.set()
            back.join()

    def _pump_there(self, server: socket.socket) -> None:
        with suppress(OSError):
            while chunk := self._read(self._client):
                is_last = self._switch.cuts_at(chunk)
                if is_last:
                    # Before the server gets the chunk, or its reply could be quicker than we are.
                    self._is_cut.set()
                self._write(server, chunk)
                if is_last:
                    break
            # Not a reset, even for a cut: the server would throw away what it has not read yet.
            server.shutdown(socket.SHUT_WR)
            return
        self.doomed.set()

    def _pump_back(self, server: socket.socket) -> None:
        with suppress(OSError):
            while chunk := self._read(server):
                if not self._is_cut.is_set():
                    self._write(self._client, chunk)
            if not self._is_cut.is_set():
                self._client.shutdown(socket.SHUT_WR)
            return
        if not self._is_cut.is_set():
            self.doomed.set()

    def _read(self, source: socket.socket) -> bytes:
        """The next bytes; none at the end, or an OSError, when the other side has gone or the link is doomed."""
        while True:
            self._wait_for_flow()
            if self.doomed.is_set():
                raise ConnectionResetError
            if _is_ready(source, select.POLLIN):
                chunk = source.recv(_CHUNK)
                self._wait_for_flow()
                return chunk

    def _write(self, target: socket.socket, chunk: bytes) -> None:
        while chunk:
            if self.doomed.is_set():
                raise ConnectionResetError
            if _is_ready(target, select.POLLOUT):
                chunk = chunk[target.send(chunk) :]

    def _wait_for_flow(self) -> None:
        while not self._switch.flows.wait(TICK_S) and not self.doomed.is_set():
            pass

    def _close(self) -> None:
        for each in (self._client, self._server):
            if each is not None:
                with suppress(OSError):
                    if self.doomed.is_set():
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    each.close()


def _is_ready(each: socket.socket, event: int) -> bool:
    poll = select.poll()
    poll.register(each, event)
    return bool(poll.poll(TICK_S * 1000))


def _connect(upstream: tuple[str, int] | Path) -> socket.socket:
    if isinstance(upstream, Path):
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(upstream))
        return server
    return socket.create_connection(upstream, timeout=10)
