"""Photos and PDFs to send: good ones, and such as are made to deceive or to hurt."""

import struct
import zlib
from io import BytesIO

from PIL import Image

PLACE = b"N 26.0745 E 119.2965"
"""What a camera would say of where a photo was taken."""


def photo(kind: str = "jpeg", size: tuple[int, int] = (640, 480), *, turned: bool = False) -> bytes:
    """A photo with a place, a camera and a comment in it; a red left half, a blue right one."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[0x010F] = "Camera of " + PLACE.decode()
    exif[0x0112] = 6 if turned else 1
    exif.get_ifd(0x8825)[1] = PLACE.decode()
    made = BytesIO()
    more = {"comment": PLACE} if kind == "jpeg" else {}
    image.save(made, format=kind, exif=exif, xmp=b"<x>" + PLACE + b"</x>", **more)
    assert PLACE in made.getvalue()
    return made.getvalue()


def bomb() -> bytes:
    """A PNG of some kilobytes that would be 40,000 by 40,000 pixels."""
    side = 40_000
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * (side // 8 + 1)) for _ in range(2000)) + rows.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def pdf(*objects: bytes, padding: int = 0) -> bytes:
    """A PDF with these objects besides an empty page."""
    page = b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    page += b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    more = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, start=3))
    if padding:
        filler = bytes(n * 7919 % 251 for n in range(997)) * (padding // 997)
        more += b"99 0 obj\n" + stream(b"", filler, packed=False) + b"\nendobj\n"
    return b"%PDF-1.7\n" + page + more + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"


def stream(dictionary: bytes, content: bytes, *, packed: bool = True) -> bytes:
    """An object's stream."""
    body = zlib.compress(content) if packed else content
    filtered = b" /Filter /FlateDecode" if packed else b""
    return b"<< %s%s /Length %d >>\nstream\n%s\nendstream" % (dictionary, filtered, len(body), body)
