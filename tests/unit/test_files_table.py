"""Tables that people send are read as texts, and what would hurt is refused; rows are judged one by one."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from services.desk.rules.import_mapping import guessed, judged, row_of
from services.files.csv_table import csv_table
from services.files.table_process import MOST_ROWS, TableRefused, read_table


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


TEN = datetime.fromisoformat("2025-01-24 10:00")
HEAD = ["编号", "受理时间", "反映人", "联系电话", "事项名称"]


def test_a_workbook_is_read_with_what_stands_above_its_head() -> None:
    content = workbook(["某区台账"], [], HEAD, [1, TEN, "张三", 13900001111, "发票"], [], [2.5, date(2025, 1, 2)])
    assert read_table(content) == {
        "head": HEAD,
        "rows": [["1", "2025-01-24 10:00", "张三", "13900001111", "发票"], ["2.5", "2025-01-02 00:00"]],
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_that_people_have(encoding: str, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (HEAD, ["7", "2025/1/2", "李四", "", "社保"]))
    assert read_table(text.encode(encoding))["rows"] == [["7", "2025/1/2", "李四", "", "社保"]]


def test_a_table_of_ours_comes_back_as_it_went_out() -> None:
    content = csv_table(HEAD, [["=1+1", "2025-01-02", "张三", "139", "-5 元"]])
    assert read_table(content)["rows"] == [["=1+1", "2025-01-02", "张三", "139", "-5 元"]]


def _bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(200 << 20))
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "empty"),
        (b"PK no archive", "unreadable"),
        (b"\xff\xff\xff", "unreadable"),
        (workbook(["title"], ["one"]), "empty"),
        (workbook(HEAD), "empty"),
        (("a,b\n" + "1,2\n" * (MOST_ROWS + 1)).encode(), "too_many"),
        (_bomb(), "too_large"),
    ],
    ids=["nothing", "no archive", "no text", "no head", "no rows", "too many", "bomb"],
)
def test_what_is_no_table_is_refused(content: bytes, fault: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_table(content)
    assert str(refused.value) == fault


def test_columns_are_guessed_by_what_people_call_them() -> None:
    assert guessed(["事项", " 登记日期 ", "手机", "别的"]) == {"title": 0, "registered_on": 1, "phone": 2}


@pytest.mark.parametrize(
    "day", ["2025-01-02", "2025/1/2", "2025.1.2", "2025年1月2日", "2025-01-02 10:30", "2025-1-2T9:00"]
)
def test_days_are_read_as_they_are_written(day: str) -> None:
    assert row_of([day], {"registered_on": 0}) == {"registered_on": "2025-01-02"}


def test_a_bad_row_is_named_and_the_others_are_taken() -> None:
    rows = [["发票", "2025-01-02"], ["", "2025-01-02"], ["社保", "昨天"], ["医保"], ["房产", "2025/13/1"]]
    good, bad = judged(rows, {"title": 0, "registered_on": 1})
    assert good == [{"title": "发票", "registered_on": "2025-01-02"}]
    assert [(each.place, each.field) for each in bad] == [
        (2, "title"),
        (3, "registered_on"),
        (4, "registered_on"),
        (5, "registered_on"),
    ]
