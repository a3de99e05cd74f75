"""Writes a workbook (xlsx) row by row, in little memory, with nothing in it that starts anything when it is opened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from services.files.cells import plain_text

_SAFE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm",
}
_NO_SHEET_NAME = str.maketrans(dict.fromkeys(r"[]:*?/\'", "_"))
MOST_ROWS = 1_000_000
"""A sheet holds 1,048,576."""

Cell = str | int | float | datetime | None
"""Datetimes carry the offset of the clocks that people read them by."""


def write_workbook(
    path: Path, title: str, watermark: str, head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Cell]]
) -> None:
    """A workbook of one sheet: its ``title``, the ``watermark`` (who took it out and when), the head, the rows.

    The watermark stands at the foot of each printed page too. A text is a text, whatever it begins with.
    """
    with xlsxwriter.Workbook(str(path), _SAFE) as book:
        book.set_properties({"title": plain_text(title), "comments": plain_text(watermark)})
        bold, wrapped, quiet = (
            book.add_format(each)
            for each in (
                {"bold": True, "text_wrap": True, "bg_color": "#E8F0F9", "border": 1, "valign": "vcenter"},
                {"text_wrap": True, "valign": "top"},
                {"font_color": "#51606F"},
            )
        )
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
        sheet = book.add_worksheet(plain_text(title).translate(_NO_SHEET_NAME)[:31] or None)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(3, 1)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.set_footer("&L" + plain_text(watermark).replace("&", "&&")[:200] + "&R&P / &N")
        sheet.write_string(0, 0, plain_text(title), book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, plain_text(watermark), quiet)
        for column, name in enumerate(head):
            sheet.write_string(2, column, plain_text(name), bold)
        for number, row in enumerate(rows, 3):
            for column, value in enumerate(row):
                _write(sheet, number, column, value, wrapped, moment)


def _write(sheet: Any, row: int, column: int, value: Cell, wrapped: Any, moment: Any) -> None:
    match value:
        case None | "":
            return
        case datetime():
            sheet.write_datetime(row, column, value.replace(tzinfo=None), moment)
        case str():
            sheet.write_string(row, column, plain_text(value), wrapped)
        case _:
            sheet.write_number(row, column, value, wrapped)
