"""What a file is, by its content, and whether it is taken. Pure.

What its name or its sender says is compared with what it is and never believed.
"""

from schemas.enums import AttachmentKind
from schemas.errors import Conflict, Invalid

FIELD = "file"
MOST_FILES = 20
"""How many files a ticket has at most, without those that were removed."""
MEDIA_TYPES = {
    AttachmentKind.JPEG: "image/jpeg",
    AttachmentKind.PNG: "image/png",
    AttachmentKind.WEBP: "image/webp",
    AttachmentKind.PDF: "application/pdf",
}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


def kind_of(content: bytes, said: str) -> AttachmentKind:
    """What the file is by its first bytes. Raises Invalid where it is none of what is taken, or not what its sender
    says; ``application/octet-stream`` says nothing.
    """
    if not content:
        raise Invalid(FIELD, "The file is empty.")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise Invalid(
            FIELD,
            "HEIC pictures cannot be read everywhere: choose the most compatible format, or send a JPEG.",
        )
    kind = _by_first_bytes(content)
    if kind is None:
        raise Invalid(FIELD, "Must be a JPEG, PNG or WebP picture, or a PDF.")
    if said not in (MEDIA_TYPES[kind], "application/octet-stream"):
        raise Invalid(FIELD, f"The file is said to be {said}, and its content is {MEDIA_TYPES[kind]}.")
    return kind


def _by_first_bytes(content: bytes) -> AttachmentKind | None:
    if content.startswith(b"\xff\xd8\xff"):
        return AttachmentKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return AttachmentKind.PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return AttachmentKind.WEBP
    return AttachmentKind.PDF if content.startswith(b"%PDF-") else None


def ensure_fewer_files(files: int) -> None:
    """Raises Conflict where a ticket has all the files that it may have."""
    if files >= MOST_FILES:
        raise Conflict(f"This ticket has {files} files already, which is all that is allowed.")
