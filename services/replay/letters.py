"""Letters from a file: JSON lines, CSV or an Excel sheet with the same column names.

``letter`` (its own number), ``title``, ``text``, ``received_at``; optional ``answered_at``, ``reply``, ``category``.
Times are ISO 8601 with an offset; other columns are ignored.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import marshmallow
import openpyxl
from marshmallow.validate import Length

from schemas.record.record import Record

_R = TypeVar("_R", bound=Record)


class Letter(Record, unknown=marshmallow.EXCLUDE):
    """One letter, with the real time of its receipt and, where it had one, of its answer."""

    letter: Annotated[str, Length(min=1, max=100)]
    title: str
    text: Annotated[str, Length(min=1)]
    received_at: datetime
    answered_at: datetime | None = None
    reply: str | None = None
    category: str | None = None


class BadFile(Exception):
    """The file cannot be read as letters; the message names the line and the fields."""


def read_letters(file: Path) -> list[Letter]:
    """All letters of ``file``, in the order of their receipt. Raises BadFile."""
    letters = []
    for number, row in rows_of(file):
        letter = record_of(Letter, file, number, row)
        if letter.answered_at is not None and letter.answered_at < letter.received_at:
            raise BadFile(f"{file.name}, line {number}: answered_at lies before received_at")
        letters.append(letter)
    return sorted(letters, key=lambda letter: letter.received_at)


def rows_of(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every row, by its line in the file, without what is empty in it. Raises BadFile, also when there is none."""
    rows = _ROWS.get(file.suffix.lower())
    if rows is None:
        raise BadFile(f"{file.name}: a .jsonl, .csv or .xlsx file is expected")
    is_empty = True
    try:
        for number, row in rows(file):
            if not isinstance(row, dict):
                raise BadFile(f"{file.name}, line {number}: an object with the fields of a letter is expected")
            is_empty = False
            yield number, {key: value for key, value in row.items() if value not in (None, "")}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{file.name}: {error}") from None
    if is_empty:
        raise BadFile(f"{file.name}: there is no letter in it")


def record_of(record: type[_R], file: Path, number: int, row: dict[str, Any]) -> _R:
    """A row as a record. Raises BadFile, which names the line and the fields."""
    try:
        return record.load(row)
    except marshmallow.ValidationError as error:
        raise BadFile(f"{file.name}, line {number}: {error.normalized_messages()}") from None


def _json_lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                try:
                    yield number, json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise BadFile(f"{file.name}, line {number}: not JSON: {error}") from None


def _csv_rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        yield from enumerate(csv.DictReader(lines), start=2)


def _xlsx_rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    rows: Iterable[Any] = openpyxl.load_workbook(file, read_only=True, data_only=True).worksheets[0].values
    names: list[str] = []
    for number, values in enumerate(rows, start=1):
        if not names:
            names = [str(value) for value in values]
        else:
            yield number, {name: _plain(value) for name, value in zip(names, values, strict=False)}


def _plain(value: Any) -> Any:
    """A cell as text: Excel keeps numbers and dates as such."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None else str(value)


_ROWS = {".jsonl": _json_lines, ".csv": _csv_rows, ".xlsx": _xlsx_rows}
