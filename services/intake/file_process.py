"""Looks into a file that somebody sent, in a process of its own: it may be made to hurt whoever opens it.

Run as a script, isolated, with a kind as its argument: it reads the file from its input and writes what is kept to its
output. A picture is written anew, upright, without anything but its pixels: no place, no camera, no comment. A PDF
stays as it is, if it is not encrypted and starts nothing. Else it ends with REFUSED, and writes what is wrong in a word
(`services.intake.actions.files` has a sentence for each).
"""

import re
import resource
import sys
import zlib
from io import BytesIO

from PIL import Image, ImageOps

MEMORY = 1 << 30
CPU_SECONDS = 15
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 3000
"""Enough to read an A4 page with small print."""
REFUSED = 3
UNREADABLE, TOO_LARGE, ENCRYPTED, PROGRAM = "unreadable", "too_large", "encrypted", "program"

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_DICTIONARY = 4096
"""How far before a stream its dictionary is looked for."""
_UNPACKED = 64 << 20
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|XFA)(?![A-Za-z0-9])")
_LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_PRINTABLE = bytes({*range(32, 127), 9, 10, 13})


class FileRefused(Exception):
    """With the word for what is wrong."""


def picture(kind: str, content: bytes) -> bytes:
    """The picture, written anew. Raises FileRefused."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        opened = Image.open(BytesIO(content), formats=[kind])
        if opened.width * opened.height > MOST_PIXELS:
            raise FileRefused(TOO_LARGE)
        if kind == "jpeg":
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(opened)
        has_alpha = kind != "jpeg" and (upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info)
        plain = upright.convert("RGBA" if has_alpha else "RGB")
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain.info = {}
        made = BytesIO()
        plain.save(made, format=kind, **({"optimize": True} if kind == "png" else {"quality": 85}))
        return made.getvalue()
    except (Image.DecompressionBombError, MemoryError):
        raise FileRefused(TOO_LARGE) from None
    except FileRefused:
        raise
    except Exception:
        raise FileRefused(UNREADABLE) from None


def pdf(content: bytes) -> bytes:
    """The PDF as it is. Raises FileRefused where it is encrypted, or would start something when it is opened.

    What is compressed of its structure is unpacked. In the data of pictures and fonts, by chance, anything may stand.
    """
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise FileRefused(UNREADABLE)
    outside, at, left = [], 0, _UNPACKED
    for found in _STREAM.finditer(content):
        outside.append(content[at : found.start()])
        at, body = found.end(), found[1]
        dictionary = _plain(content[max(0, found.start() - _DICTIONARY) : found.start()].rpartition(b"obj")[2])
        if b"/ObjStm" in dictionary:
            unpacked = _unpacked(dictionary, body, left)
            left -= len(unpacked)
            outside.append(unpacked)
        elif len(body.translate(None, _PRINTABLE)) * 20 < len(body):  # a text that is only said to be a stream
            outside.append(body)
    structure = _plain(b"\n".join([*outside, content[at:]]))
    if _LOCKED.search(structure):
        raise FileRefused(ENCRYPTED)
    if _ACTIVE.search(structure):
        raise FileRefused(PROGRAM)
    return content


def _plain(names: bytes) -> bytes:
    """Names as they are meant: /J#53 is /JS."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), names)


def _unpacked(dictionary: bytes, body: bytes, left: int) -> bytes:
    if b"/Filter" not in dictionary:
        return body
    if b"/FlateDecode" not in dictionary or dictionary.count(b"Decode") > 1:
        raise FileRefused(UNREADABLE)
    try:
        unpacking = zlib.decompressobj()
        unpacked = unpacking.decompress(body, left)
    except zlib.error:
        raise FileRefused(UNREADABLE) from None
    if unpacking.unconsumed_tail:
        raise FileRefused(TOO_LARGE)
    return unpacked


def main(kind: str) -> int:
    """Look into the file at the input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    content = sys.stdin.buffer.read()
    try:
        kept = pdf(content) if kind == "pdf" else picture(kind, content)
    except FileRefused as refused:
        fault = str(refused)
    except MemoryError:
        fault = TOO_LARGE
    else:
        sys.stdout.buffer.write(kept)
        return 0
    sys.stdout.buffer.write(fault.encode())
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
