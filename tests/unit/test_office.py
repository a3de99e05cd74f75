"""A PDF is made where LibreOffice is, and not where it is missing, hangs or makes nothing."""

from pathlib import Path

import pytest

from services.plumbing.runtime import office

GOOD = """#!/bin/sh
while [ $# -gt 1 ]; do [ "$1" = --outdir ] && folder="$2"; shift; done
{ printf '%%PDF-'; cat "$1"; } > "$folder/document.pdf"
"""


def program(folder: Path, script: str) -> str:
    path = folder / "soffice"
    path.write_text(script)
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("script", "made"),
    [(GOOD, b"%PDF-words"), ("#!/bin/sh\nexit 1\n", None), ("#!/bin/sh\nexec sleep 60\n", None), (None, None)],
    ids=["good", "fails", "hangs", "missing"],
)
def test_a_pdf_is_made_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, made: bytes | None
) -> None:
    found = program(tmp_path, script) if script else None
    monkeypatch.setattr(office, "office", lambda: found)
    monkeypatch.setattr(office, "SECONDS", 1.0)
    assert office.to_pdf(b"words") == made
