"""Documents made of templates, ours or the center's own, each looked into and filled in by a process of its own."""

import base64
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from schemas.errors import Invalid
from services.desk import store
from services.desk.rules.documents import parts_of, sample_of
from services.desk.wording import PageWording
from services.files.word_template import make_template
from services.plumbing.database.transaction import Transaction
from services.plumbing.runtime.child import run_child

FIELD = "file"
_SCRIPT = Path(__file__).parents[2] / "files" / "word_process.py"
_FAULTS = {
    b"too_large": "The file is too large once it is unpacked.",
    b"external": "The template refers to something outside of it; take links and attached templates out.",
    b"program": "The template holds a macro, an embedded object or a field that fetches something; take it out.",
    b"code": "The template tries what a template may not do; it may name fields, and go through lists.",
}
"""What the process says, in a sentence; of whatever else goes wrong there, the template is the cause as well."""


@lru_cache(maxsize=32)
def our_template(document: str, language: str) -> bytes:
    """The template that a center finds, in a language."""
    wording = PageWording(language)
    return make_template(wording.code(f"document_{document}"), "center", parts_of(document, wording.code))


def template_of(tx: Transaction, center: str, document: str, language: str) -> bytes:
    """The center's own template, else ours."""
    return store.templates.content(tx, center, document) or our_template(document, language)


def fill_in(template: bytes, values: Mapping[str, Any]) -> bytes:
    """The document (docx). Raises Invalid where the template cannot be used."""
    return _process("fill", template, values)


def check_template(document: str, template: bytes) -> None:
    """Make sure that a template can be used. Raises Invalid, which says what is wrong with it."""
    unknown = json.loads(_process("check", template, sample_of(document)))
    if unknown:
        raise Invalid(FIELD, f"Nobody fills in these fields: {', '.join(sorted(unknown))[:500]}.")


def _process(what: str, template: bytes, values: Mapping[str, Any]) -> bytes:
    asked = {"template": base64.b64encode(template).decode(), "values": dict(values)}
    finished = run_child(_SCRIPT, what, content=json.dumps(asked).encode())
    if finished.code or not finished.output:
        raise Invalid(FIELD, _FAULTS.get(finished.output, "The file cannot be read; it may be damaged."))
    return finished.output
