"""LibreOffice, where it is installed: makes a PDF of a Word document, in a folder that is gone afterwards."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import eventlet
from eventlet.semaphore import Semaphore

from services.plumbing.runtime.background import TooManyAtOnce

SECONDS = 300.0
"""It takes four seconds, and on a machine that is busy for as long as it is busy."""
_INSTEAD = {
    "Noto Serif CJK SC": ("仿宋", "仿宋_GB2312", "FangSong", "宋体", "SimSun", "楷体", "KaiTi", "方正小标宋简体"),
    "Noto Sans CJK SC": ("黑体", "SimHei", "微软雅黑", "Microsoft YaHei", "等线"),
    "Liberation Serif": ("Times New Roman",),
}
"""What is taken for the usual fonts where they are missing, as they mostly are on a server."""
_FONTS = '<?xml version="1.0"?><fontconfig>{}</fontconfig>'.format(
    "".join(
        f"<alias binding='same'><family>{font}</family><accept><family>{instead}</family></accept></alias>"
        for instead, fonts in _INSTEAD.items()
        for font in fonts
    )
)
MOST_WAITING = 10
"""So many wait for their turn; whoever comes then is sent away."""
_POLL_SECONDS = 0.1
_free = Semaphore(1)
"""It takes half a gigabyte for some seconds."""


def office() -> str | None:
    """The program; None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(document: bytes) -> bytes | None:
    """The document (docx) as PDF; None where it cannot be made. Others go on meanwhile. Raises TooManyAtOnce."""
    program = office()
    if program is None:
        return None
    if _free.balance <= -MOST_WAITING:
        raise TooManyAtOnce
    with _free, tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "document.docx", Path(folder) / "document.pdf"
        source.write_bytes(document)
        settled = Path(folder) / ".config" / "fontconfig" / "fonts.conf"
        settled.parent.mkdir(parents=True)
        settled.write_text(_FONTS, encoding="utf-8")
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
