"""Files are looked at by ClamAV where there is one, and none passes while it is away."""

import os
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.plumbing.runtime.clamav import ScannerAway, finds_virus
from tests.integration.intake_desk import CLERK, Desk, opened_desk
from tests.integration.intake_uploads import send
from tests.stack.eventually import eventually
from tests.stack.files import pdf, photo

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner finds and nobody is hurt by; in two pieces, so that no scanner finds this file."""


class Clamd:
    """A server that speaks clamd's INSTREAM, and finds EICAR."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.seen: list[int] = []
        self.answer: bytes | None = None
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Listen no longer."""
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            with closing(client), client.makefile("rb") as asked:
                assert asked.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">I", asked.read(4))[0]:
                    content += asked.read(size)
                self.seen.append(len(content))
                found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
                client.sendall(self.answer if self.answer is not None else found)


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    server = Clamd()
    yield server
    server.close()


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str, clamd: Clamd) -> Iterator[Desk]:
    settings = {"BANCHENG_CLAMAV": clamd.address, "BANCHENG_TRUSTED_PROXIES": "127.0.0.0/8"}
    with opened_desk(amqp_uri, database_url, **settings) as opened:
        yield opened


def test_what_the_scanner_has_looked_at_says_so(desk: Desk, clamd: Clamd) -> None:
    receipt, content = desk.registers(), photo()
    reply = send(desk, f"/tickets/{receipt['id']}/attachments", content)
    assert reply.json()["scanned"] is True
    assert clamd.seen[-1] == len(content), "the file as it was sent"


def test_what_holds_a_virus_is_refused(desk: Desk) -> None:
    receipt = desk.registers()
    reply = send(desk, f"/tickets/{receipt['id']}/attachments", pdf(b"(" + EICAR + b")"), "application/pdf", CLERK)
    assert reply.status_code == 422
    assert reply.json()["errors"] == {"file": ["A virus was found in the file."]}
    assert desk.house.rows("SELECT FROM attachments WHERE ticket_id = %(id)s", id=receipt["id"]) == []


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: something ERROR\0"])
def test_no_file_passes_while_the_scanner_cannot_look_at_it(desk: Desk, clamd: Clamd, answer: bytes) -> None:
    receipt, clamd.answer = desk.registers(), answer
    try:
        reply = send(desk, f"/tickets/{receipt['id']}/attachments", photo())
    finally:
        clamd.answer = None
    assert reply.status_code == 503
    assert "viruses" in reply.json()["detail"]


def test_a_scanner_that_is_gone_is_away() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    for gone in (address, "/tmp/no-such-socket-of-clamd", "nowhere"):
        with pytest.raises(ScannerAway):
            finds_virus(gone, b"x")


@pytest.mark.skipif(shutil.which("clamd") is None, reason="Debian's clamav-daemon is not installed")
def test_the_real_clamav_finds_the_same(tmp_path: Path) -> None:
    """With a signature of our own for EICAR: the database of ClamAV is not part of the package."""
    signatures = tmp_path / "signatures"
    signatures.mkdir()
    (signatures / "own.ndb").write_text(f"Own.Test.Eicar:0:*:{EICAR.hex()}\n", encoding="ascii")
    place = tmp_path / "clamd.sock"
    settings = f"LocalSocket {place}\nDatabaseDirectory {signatures}\nForeground yes\nStreamMaxLength 50M\n"
    settings += f"TemporaryDirectory {tmp_path}\n" + ("User root\n" if os.getuid() == 0 else "")
    (tmp_path / "clamd.conf").write_text(settings, encoding="ascii")
    command = ["clamd", "-c", str(tmp_path / "clamd.conf")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        try:
            assert eventually(place.exists, seconds=30), running.stdout and running.stdout.read1()  # type: ignore[attr-defined]
            assert finds_virus(str(place), EICAR)
            assert finds_virus(str(place), pdf(b"(" + EICAR + b")"))
            assert not finds_virus(str(place), photo())
        finally:
            running.terminate()
