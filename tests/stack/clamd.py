"""A server that speaks clamd's INSTREAM on a socket of its own, and can do what a scanner in trouble does."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner finds and nobody is hurt by; in two pieces, so that no scanner finds this file."""


class Clamd:
    """Finds EICAR, and nothing else; at a port of this machine, or at a socket in the file system.

    ``seen`` are the sizes of the files that it was given. With ``answer`` it says that instead, and with ``reads`` it
    answers and closes after so many bytes of a file, as clamd does with one that is too large for it.
    """

    def __init__(self, place: Path | None = None) -> None:
        if place is None:
            self._listening = socket.create_server(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        else:
            self._listening = socket.create_server(str(place), family=socket.AF_UNIX)
            self.address = str(place)
        self.seen: list[int] = []
        self.answer: bytes | None = None
        self.reads: int | None = None
        self._may_answer = threading.Event()
        self._may_answer.set()
        threading.Thread(target=self._serve, name="clamd", daemon=True).start()

    def close(self) -> None:
        """Listen no longer."""
        self._may_answer.set()
        self._listening.close()

    @contextmanager
    def in_trouble(self, answer: bytes | None = None, *, reads: int | None = None) -> Iterator[None]:
        """Another answer than the right one, and perhaps too early."""
        self.answer, self.reads = answer, reads
        try:
            yield
        finally:
            self.answer = self.reads = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """No answer for as long as this lasts; the file is taken."""
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            with suppress(OSError), closing(client), client.makefile("rb") as asked:  # whoever asked may have gone
                assert asked.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">I", asked.read(4))[0]:
                    content += asked.read(size)
                    if self.reads is not None and len(content) >= self.reads:
                        break
                self.seen.append(len(content))
                found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
                self._may_answer.wait(30)
                client.sendall(self.answer if self.answer is not None else found)
