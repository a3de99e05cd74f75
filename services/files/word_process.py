"""Fills in a Word template, or judges one, in a process of its own: a template may be made to hurt whoever opens it.

Run as a script, isolated, with ``fill`` or ``check``: it reads JSON from its input, {"template": base64,
"values": {...}}, and writes the document, or for ``check`` the JSON list of fields that nobody fills in. What cannot be
used ends it with REFUSED and a word for what is wrong (`services.desk.actions.documents` has a sentence for each).
"""

import base64
import io
import json
import re
import resource
import sys
import zipfile
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError, Undefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

MEMORY = 1 << 30
CPU_SECONDS = 15
MOST_BYTES = 4 << 20
MOST_PARTS = 400
UNPACKED = 32 << 20
REFUSED = 3
UNREADABLE, TOO_LARGE, EXTERNAL, PROGRAM, CODE = "unreadable", "too_large", "external", "program", "code"

_NEEDED = {"[Content_Types].xml", "word/document.xml"}
_PROGRAM_PARTS = re.compile(r"vbaProject|vbaData|/activeX/|/embeddings/|\.bin$|\.exe$|\.ole$", re.IGNORECASE)
_PROGRAM_TYPES = re.compile(rb"macroEnabled|vnd\.ms-office\.vba|oleObject|activeX", re.IGNORECASE)
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']\s*External", re.IGNORECASE)
_FOREIGN_PART = re.compile(rb"/(?:attachedTemplate|aFChunk|subDocument|frame|oleObject|control)[\"']", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FIELD_CODES = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr\s*=\s*[\"']([^\"']*)[\"']")
_FIELD_PROGRAM = re.compile(rb"DDE|INCLUDE|LINK|MACRO|IMPORT|DATABASE|AUTOTEXT|RD\b|HYPERLINK", re.IGNORECASE)


class TemplateRefused(Exception):
    """With the word for what is wrong."""


class TemplateSandbox(SandboxedEnvironment):
    """Nothing is called, and there are no names but those that are filled in."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing may be called."""
        return False

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Fields of a row, and of nothing else, are got by a dot."""
        return isinstance(obj, dict) and super().is_safe_attribute(obj, attr, value)


def environment(unknown: list[str] | None = None) -> TemplateSandbox:
    """The templates' environment; what is not filled in is empty, and is noted in ``unknown``."""

    class Noted(Undefined):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            name = self._undefined_name
            if unknown is not None and name is not None and name not in unknown:
                unknown.append(str(name))

    made = TemplateSandbox(undefined=Noted, autoescape=True)
    made.globals.clear()
    return made


def look_into(template: bytes) -> None:
    """Raises TemplateRefused for what is no plain Word document."""
    if len(template) > MOST_BYTES:
        raise TemplateRefused(TOO_LARGE)
    try:
        archive = zipfile.ZipFile(io.BytesIO(template))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise TemplateRefused(UNREADABLE) from None
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) != len(names):
        raise TemplateRefused(TOO_LARGE if len(parts) > MOST_PARTS else UNREADABLE)
    if not set(names) >= _NEEDED or any(".." in name or name.startswith(("/", "\\")) for name in names):
        raise TemplateRefused(UNREADABLE)
    left = UNPACKED
    for part in parts:
        if _PROGRAM_PARTS.search(part.filename):
            raise TemplateRefused(PROGRAM)
        content = _content(archive, part, left)
        left -= len(content)
        if part.filename.endswith((".xml", ".rels")):
            _look_at(part.filename, content)


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> bytes:
    """What a part says that it unpacks to is not believed."""
    try:
        with archive.open(part) as file:
            content = file.read(left + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, zipfile.LargeZipFile):
        raise TemplateRefused(UNREADABLE) from None
    if len(content) > left:
        raise TemplateRefused(TOO_LARGE)
    return content


def _look_at(name: str, content: bytes) -> None:
    text = content.replace(b"\x00", b"")  # UTF-16, as Word never writes it
    if _DOCTYPE.search(text):
        raise TemplateRefused(UNREADABLE)
    if _PROGRAM_TYPES.search(text) and name == "[Content_Types].xml":
        raise TemplateRefused(PROGRAM)
    if name.endswith(".rels") and (_EXTERNAL.search(text) or _FOREIGN_PART.search(text)):
        raise TemplateRefused(EXTERNAL)
    codes = b"".join(one or other for one, other in _FIELD_CODES.findall(text))
    if _FIELD_PROGRAM.search(codes):
        raise TemplateRefused(PROGRAM)


def filled(template: bytes, values: dict[str, Any], unknown: list[str] | None = None) -> bytes:
    """The document. Raises TemplateRefused where the template tries what a template may not."""
    look_into(template)
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(values, environment(unknown), autoescape=True)
        made = io.BytesIO()
        document.save(made)
    except (SecurityError, TemplateError, TypeError, ZeroDivisionError, OverflowError):
        raise TemplateRefused(CODE) from None
    except MemoryError:
        raise TemplateRefused(TOO_LARGE) from None
    except Exception:
        raise TemplateRefused(UNREADABLE) from None
    return made.getvalue()


def main(what: str) -> int:
    """Fill in or judge what comes over the input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    asked = json.loads(sys.stdin.buffer.read())
    unknown = list[str]()
    try:
        made = filled(base64.b64decode(asked["template"]), asked["values"], unknown)
    except TemplateRefused as refused:
        sys.stdout.buffer.write(str(refused).encode())
        return REFUSED
    sys.stdout.buffer.write(made if what == "fill" else json.dumps(unknown).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
