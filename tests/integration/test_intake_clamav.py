"""Files are looked at by ClamAV where there is one, and none passes while it is away."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.intake.actions.files import prepare
from services.plumbing.http.replies import RequestRejected
from services.plumbing.http.uploads import Upload
from services.plumbing.runtime import clamav
from services.plumbing.runtime.clamav import ScannerAway, finds_virus
from tests.integration.intake_desk import CLERK, Desk, opened_desk
from tests.integration.intake_uploads import send
from tests.stack.clamd import EICAR, Clamd
from tests.stack.eventually import eventually
from tests.stack.files import pdf, photo


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


def refused(desk: Desk, content: bytes, said: str = "image/jpeg") -> None:
    """No such file passes, and whoever sent it is told that it is for now."""
    receipt = desk.registers()
    reply = send(desk, f"/tickets/{receipt['id']}/attachments", content, said)
    assert reply.status_code == 503
    assert "viruses" in reply.json()["detail"]
    assert desk.house.rows("SELECT FROM attachments WHERE ticket_id = %(id)s", id=receipt["id"]) == []


@pytest.mark.parametrize("answer", [b"", b"stream: something ERROR\0", b"nonsense\0", b"stream: OK"])
def test_no_file_passes_while_the_scanner_cannot_look_at_it(desk: Desk, clamd: Clamd, answer: bytes) -> None:
    with clamd.in_trouble(answer):
        refused(desk, photo())
    assert send(desk, f"/tickets/{desk.registers()['id']}/attachments", photo()).json()["scanned"] is True


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_no_file_passes_that_the_scanner_takes_in_part(desk: Desk, clamd: Clamd, answer: bytes) -> None:
    with clamd.in_trouble(answer, reads=1 << 16):
        refused(desk, pdf(b"(" + bytes(3_000_000) + b")"), "application/pdf")


def test_no_file_passes_while_the_scanner_hangs(monkeypatch: pytest.MonkeyPatch, clamd: Clamd) -> None:
    """In this process: the time that a service gives it is long."""
    monkeypatch.setenv("BANCHENG_CLAMAV", clamd.address)
    monkeypatch.setattr(clamav, "ANSWER_SECONDS", 0.5)
    began, upload = time.monotonic(), Upload(photo(), "image/jpeg")
    with clamd.hanging(), pytest.raises(RequestRejected) as refused:
        prepare(upload, "")
    assert refused.value.status == 503
    assert 0.5 <= time.monotonic() - began < 10
    assert prepare(upload, "").scanned is True, "once it answers again"


def test_a_scanner_may_listen_in_the_file_system(tmp_path: Path) -> None:
    with closing(Clamd(tmp_path / "clamd.sock")) as server:
        assert finds_virus(server.address, EICAR)
        assert not finds_virus(server.address, photo())


def test_a_scanner_that_is_gone_is_away() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    for gone in (address, "/tmp/no-such-socket-of-clamd", "nowhere"):
        with pytest.raises(ScannerAway):
            finds_virus(gone, b"x")


def listens(place: Path) -> bool:
    """Whether somebody takes connections there: the socket's name is in its folder a little earlier."""
    with closing(socket.socket(socket.AF_UNIX)) as probe:
        return probe.connect_ex(str(place)) == 0


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
            assert eventually(lambda: listens(place), seconds=30), running.poll()
            assert finds_virus(str(place), EICAR)
            assert finds_virus(str(place), pdf(b"(" + EICAR + b")"))
            assert not finds_virus(str(place), photo())
        finally:
            running.terminate()
