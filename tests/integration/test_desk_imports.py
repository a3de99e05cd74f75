"""An old ledger: its columns are named, its bad rows given back, the good ones kept masked, and all of it undone."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import requests

from schemas.enums import Role
from tests.e2e.actors import refusal
from tests.stack.desk_house import SCRIPT, DeskHouse, Visitor, desk_house
from tests.unit.test_files_table import HEAD, workbook

LEADER, CLERK = "gu-yan", "he-jing"
GOOD = ["BC-1", "2024-03-05", "张建国", "13812348000", f"张建国的发票{SCRIPT}"]
LEDGER = workbook(
    [*HEAD, "诉求"], [*GOOD, "电话13812348000，打了三次。"], ["BC-2", "昨天", "李四", "", "社保"], ["BC-3"]
)
_ROWS = re.compile(r'action="(/ledger/imports/files/[0-9a-f-]{36}/take-over)"')
_UNDO = re.compile(r'action="(/ledger/imports/[0-9a-f-]{36}/undo)"')


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def send(person: Visitor, content: bytes, name: str = "2024年台账.xlsx") -> requests.Response:
    page = person.get("/ledger/imports").text
    key = re.search(r'name="key" value="([^"]+)"', page)
    hidden = {"csrf_token": person.csrf_token, "key": key[1] if key else "0" * 32}
    return person.post("/ledger/imports/file", hidden, files={"file": (name, content)})


def path_of(reply: requests.Response) -> str:
    assert reply.status_code == 303, reply.text
    return urlsplit(reply.headers["Location"]).path


def test_a_ledger_is_looked_at_taken_over_and_undone(house: DeskHouse) -> None:
    person = house.person(LEADER)
    review = path_of(send(person, LEDGER))
    page = person.get(review).text
    assert "2024年台账" in page
    assert "可导入的行：1" in page
    assert "有问题的：2" in page
    assert "<script>alert" not in page
    report = list(csv.reader(io.StringIO(person.get(f"{review}/bad-rows.csv").content.decode("utf-8-sig"))))
    assert [row[0] for row in report] == ["编号", "BC-2", "BC-3"]
    assert "受理日期: 不是有效日期。" in report[1][-1]
    (take_over,) = _ROWS.findall(page)
    rows = path_of(person.send(review, take_over, {}))
    kept = person.get(rows).text
    assert "张**" in kept
    assert "138****8000" in kept
    assert "13812348000" not in kept
    assert "张建国" not in kept
    assert "<script>alert" not in kept
    assert path_of(person.send(review, take_over, {})) == rows, "sent again it is there once"
    imports = house.sandbox.client("intake", house.sandbox.token(LEADER, Role.DUTY_LEADER)).get("/imports")["items"]
    assert [(each["name"], each["rows"]) for each in imports] == [("2024年台账", 1)]
    assert house.person(CLERK).get(rows).status_code == 200
    (undo,) = _UNDO.findall(person.get("/ledger/imports").text)
    assert path_of(person.send("/ledger/imports", undo, {})) == "/ledger/imports"
    assert "由 顾燕 于" in person.get("/ledger/imports").text
    assert "张**" not in person.get(rows).text
    assert person.send("/ledger/imports", undo, {}).status_code == 409


def test_columns_are_named_by_hand(house: DeskHouse) -> None:
    person = house.person(LEADER)
    content = "甲;乙\n发票;2024年3月5日\n社保;2024.3.6\n".encode("gb18030")
    review = path_of(send(person, content, "旧.csv"))
    assert "可导入的行：0" in person.get(review).text
    form = {"title": "0", "registered_on": "1", "csrf_token": person.csrf_token}
    assert path_of(person.post(review, form)) == review
    assert "可导入的行：2" in person.get(review).text
    assert person.post(review, form | {"title": "9"}).status_code == 400
    kept = person.get(path_of(person.send(review, f"{review}/take-over", {}))).text
    assert "2024-03-05" in kept, "nobody need be named, nor have a phone"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "没有找到列名行"), (b"PK", "无法读取"), (b"\xff\xff", "无法读取"), (b"one column", "没有找到列名行")],
)
def test_what_is_no_table_is_said(house: DeskHouse, content: bytes, said: str) -> None:
    reply = send(house.person(LEADER), content)
    assert (reply.status_code, said in reply.text) == (422, True), reply.text


def test_a_table_is_for_whoever_sent_it(house: DeskHouse) -> None:
    review = path_of(send(house.person(LEADER), LEDGER))
    other = house.person("peng-zhiyuan")
    assert {other.get(review).status_code, other.get(f"{review}/bad-rows.csv").status_code} == {404}


@pytest.mark.parametrize("staff", [CLERK, "luo-min", "tan-lihua", "wei-tao"])
def test_only_leaders_read_in(house: DeskHouse, staff: str) -> None:
    assert send(house.person(staff), LEDGER).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/imports", {"name": "台账"}),
        (f"/imports/{UUID(int=0)}/rows", {"first": 0, "rows": [{"title": "x", "registered_on": "2024-01-01"}]}),
        (f"/imports/{UUID(int=0)}/undo", {}),
    ],
)
def test_intake_takes_it_from_leaders_alone(house: DeskHouse, path: str, body: dict[str, Any]) -> None:
    assert refusal(house.actors.clerk.post, path, body).status == 403
    if path != "/imports":
        leader = house.sandbox.client("intake", house.sandbox.token(LEADER, Role.DUTY_LEADER))
        assert refusal(leader.post, path, body).status == 404
