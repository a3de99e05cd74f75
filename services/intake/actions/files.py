"""What is done to a file before it is stored: what it is, whether it harms, and what is kept of it."""

from pathlib import Path
from typing import NamedTuple

import structlog

from schemas.enums import AttachmentKind
from schemas.errors import Invalid
from services.intake.rules.files import FIELD, kind_of
from services.plumbing.http.replies import RequestRejected
from services.plumbing.http.uploads import Upload
from services.plumbing.runtime.child import run_child
from services.plumbing.runtime.clamav import ScannerAway, finds_virus, scanner_address

_SCRIPT = Path(__file__).parents[1] / "file_process.py"
_FAULTS = {
    b"too_large": "The file is too large once it is unpacked.",
    b"encrypted": "The PDF is encrypted; save it without a password.",
    b"program": "The PDF would start a program when it is opened; print it into a new PDF.",
}
"""What the process says, in a sentence; of whatever else goes wrong there, the file is the cause as well."""


_log = structlog.get_logger()


class ReceivedFile(NamedTuple):
    """A file that may be stored, and the code of the citizen who sent it, "" where a clerk did."""

    kind: AttachmentKind
    content: bytes
    scanned: bool
    code: str


def prepare(upload: Upload, code: str) -> ReceivedFile:
    """The file as it is kept: a picture without anything but its pixels, a PDF that starts nothing. Raises Invalid, or
    RequestRejected where the virus scanner is away.
    """
    kind = kind_of(upload.content, upload.media_type)
    scanned = _is_scanned(upload.content)
    finished = run_child(_SCRIPT, kind, content=upload.content)
    if finished.code or not finished.output:
        raise Invalid(FIELD, _FAULTS.get(finished.output, "The file cannot be read; it may be damaged."))
    return ReceivedFile(kind, finished.output, scanned, code)


def _is_scanned(content: bytes) -> bool:
    """Whether the virus scanner has looked at the file; False where there is none. Raises Invalid where it finds one,
    RequestRejected where it is away: no file passes it by.
    """
    address = scanner_address()
    if address is None:
        return False
    try:
        found = finds_virus(address, content)
    except ScannerAway as away:
        _log.warning("the virus scanner is away", why=str(away))
        raise RequestRejected(503, "Files cannot be looked at for viruses at present; try again later.") from None
    if found:
        raise Invalid(FIELD, "A virus was found in the file.")
    return True
