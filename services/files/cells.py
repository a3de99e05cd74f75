"""What others wrote, made harmless before it goes into a cell or a file's name. Pure."""

import re
import unicodedata

_STARTS_A_FORMULA = frozenset("=+-@|%\t\r\n")
"""What a spreadsheet may take for the beginning of a formula, or of a command, in a text that it reads (CSV)."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""What no document may hold."""
_NO_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069]')
LONGEST_CELL = 32_767
LONGEST_NAME = 80


def plain_text(text: str) -> str:
    """Without what no document may hold, and no longer than a cell."""
    return _NO_TEXT.sub("", text)[:LONGEST_CELL]


def harmless(text: str) -> str:
    """The text of a cell with an apostrophe before it where a spreadsheet could take it for a formula.

    Full-width signs are looked at as what they stand for: some programs take ``＝`` for ``=``.
    """
    cleaned = plain_text(text)
    first = unicodedata.normalize("NFKC", cleaned.lstrip(" \u3000\u00a0\ufeff\u200b")[:1])[:1]
    if first in _STARTS_A_FORMULA or cleaned[:1] in _STARTS_A_FORMULA:
        return f"'{cleaned}"[:LONGEST_CELL]
    return cleaned


def file_name(name: str, ending: str) -> str:
    """A file's name of one line that names no other place: ``台账 2026-05.xlsx``; ``ending`` is ours."""
    cleaned = _NO_NAME.sub("_", name).strip(" .")[:LONGEST_NAME].strip(" .")
    return f"{cleaned or 'bancheng'}.{ending}"
