"""LibreOffice, where it is installed: makes a PDF of a Word document, in a folder that is gone afterwards."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import eventlet
from eventlet.semaphore import Semaphore

SECONDS = 60.0
_POLL_SECONDS = 0.1
_free = Semaphore(1)
"""It takes half a gigabyte for some seconds."""


def office() -> str | None:
    """The program; None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(document: bytes) -> bytes | None:
    """The document (docx) as PDF; None where it cannot be made. Others go on meanwhile."""
    program = office()
    if program is None:
        return None
    with _free, tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "document.docx", Path(folder) / "document.pdf"
        source.write_bytes(document)
        command = [program, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(source)]
        quiet = subprocess.DEVNULL
        settings = {"HOME": folder, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        child = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, env=settings)
        ends = time.monotonic() + SECONDS
        try:
            while child.poll() is None and time.monotonic() < ends:
                eventlet.sleep(_POLL_SECONDS)
        finally:
            if child.returncode is None:
                child.kill()
                child.wait()
        return made.read_bytes() if made.exists() else None
