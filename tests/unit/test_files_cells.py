"""What others wrote is harmless in a cell and in a file's name."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.files.cells import LONGEST_CELL, file_name, harmless
from services.files.csv_table import csv_table

FORMULAS = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1+1", "＠SUM", '\u3000=HYPERLINK("x")', "|calc", "\r=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_begins_as_a_formula(text: str) -> None:
    assert harmless(text).startswith("'")


@pytest.mark.parametrize("text", ["", "发票", "2026-05-01", "a=b", "\u200b发票"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text())
def test_a_cell_holds_what_a_document_may_hold(text: str) -> None:
    cell = harmless(text)
    assert len(cell) <= LONGEST_CELL
    assert not {*map(chr, range(9)), "\x0b", "\x0c", "\x7f", "\ufffe"} & set(cell)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("台账 5月", "台账 5月.xlsx"),
        ("../../etc/passwd", "_.._etc_passwd.xlsx"),
        ("C:\\x", "C__x.xlsx"),
        ("a\r\nSet-Cookie: b", "a__Set-Cookie_ b.xlsx"),
        ("\u202exslx.exe", "_xslx.exe.xlsx"),
        ("...", "bancheng.xlsx"),
    ],
)
def test_the_name_of_a_file_names_no_other_place(name: str, expected: str) -> None:
    assert file_name(name, "xlsx") == expected


def test_a_table_comes_out_as_it_went_in() -> None:
    written = csv_table(["部门", "=x"], [["税务局,二", 3], ["=1+1", None], ["一\n二", 0.5]])
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert rows == [["部门", "'=x"], ["税务局,二", "3"], ["'=1+1", ""], ["一\n二", "0.5"]]
