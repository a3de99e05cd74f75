"""Reads a table that somebody sent, in a process of its own: it may be made to hurt whoever opens it.

Run as a script, isolated: it reads the file (xlsx or csv) from its input and writes {"head": [...], "rows": [...]},
in which all cells are texts. What cannot be read ends it with REFUSED and a word for what is wrong.
"""

import csv
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

import openpyxl

MEMORY = 1 << 30
CPU_SECONDS = 20
REFUSED = 3
UNREADABLE, TOO_LARGE, TOO_MANY, EMPTY = "unreadable", "too_large", "too_many", "empty"
MOST_ROWS = 5_000
MOST_COLUMNS = 60
LONGEST_CELL = 20_000
MOST_CHARACTERS = 6_000_000
UNPACKED = 128 << 20
MOST_PARTS = 400
_LINES_BEFORE_HEAD = 10
"""A title, who took it out and when: the head is the first row with several cells."""


class TableRefused(Exception):
    """With the word for what is wrong."""


def read_table(content: bytes) -> dict[str, Any]:
    """The head and the rows of the first sheet. Raises TableRefused."""
    rows = _of_workbook(content) if content.startswith(b"PK") else _of_csv(content)
    head: list[str] = []
    found: list[list[str]] = []
    characters = 0
    for place, row in enumerate(rows):
        cells = [_text(cell) for cell in row[:MOST_COLUMNS]]
        while cells and not cells[-1]:
            cells.pop()
        if not head:
            if sum(map(bool, cells)) >= 2:
                head = cells
            elif place >= _LINES_BEFORE_HEAD:
                break
        elif any(cells):
            characters += sum(map(len, cells))
            if len(found) == MOST_ROWS or characters > MOST_CHARACTERS:
                raise TableRefused(TOO_MANY)
            found.append(cells)
    if not head or not found:
        raise TableRefused(EMPTY)
    return {"head": head, "rows": found}


def _of_workbook(content: bytes) -> Iterator[tuple[Any, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise TableRefused(TOO_LARGE)
            left = UNPACKED
            for part in parts:
                with archive.open(part) as file:
                    while piece := file.read(1 << 20):
                        left -= len(piece)
                        if left < 0:
                            raise TableRefused(TOO_LARGE)
                        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                            raise TableRefused(UNREADABLE)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        yield from sheet.iter_rows(values_only=True)
    except TableRefused:
        raise
    except MemoryError:
        raise TableRefused(TOO_LARGE) from None
    except Exception:
        raise TableRefused(UNREADABLE) from None


def _of_csv(content: bytes) -> Iterable[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableRefused(UNREADABLE)
    if "\x00" in text:
        raise TableRefused(UNREADABLE)
    first = text[:5000]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(1 << 20)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        raise TableRefused(UNREADABLE) from None


def _text(cell: Any) -> str:
    """What a cell shows. An apostrophe that was put before a formula is taken away again."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case date() | time():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    text = str(cell).strip()[:LONGEST_CELL]
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@|%" else text


def main() -> int:
    """Read what comes over the input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        table = read_table(sys.stdin.buffer.read())
    except TableRefused as refused:
        sys.stdout.buffer.write(str(refused).encode())
        return REFUSED
    sys.stdout.buffer.write(json.dumps(table, ensure_ascii=False).encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
