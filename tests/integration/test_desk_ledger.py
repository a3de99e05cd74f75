"""The ledger: written in the background, masked unless a leader says why; nothing in it starts when it is opened."""

import io
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from schemas.enums import Role
from services.desk.rules.ledger_lines import WIDTHS
from tests.e2e.actors import Ticket, refusal
from tests.stack.desk_house import SCRIPT, DeskHouse, Visitor, desk_house
from tests.stack.eventually import eventually

CLERK, LEADER, AUDITOR = "he-jing", "gu-yan", "shen-pei"
FORMULA = '=HYPERLINK("http://x","领补贴")'
_FILE = re.compile(r'href="(/ledger/[0-9a-f-]{36})"')
_DELETE = re.compile(r'action="(/ledger/[0-9a-f-]{36}/delete)"')
COLUMN = {name: place for place, name in enumerate(WIDTHS)}


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def tickets(house: DeskHouse) -> list[Ticket]:
    actors = house.actors
    answered = actors.register(FORMULA, f"跑了三次税务窗口。电话13900001234。{SCRIPT}", cause="system_fault")
    actors.accept(answered, "SWJ")
    actors.liaison("SWJ").post(f"/tickets/{answered.id}/answer", {"answer": "=1+1 开票权限已恢复。"})
    returned = actors.register("发票抬头改不了", "+8613900009999 打过电话，税务窗口说不归他们管。")
    actors.send_back(returned, "SWJ")
    return [answered, returned]


def taken_out(person: Visitor, **form: str) -> Any:
    """The workbook that somebody has written, opened."""
    before = set(_FILE.findall(person.get("/ledger").text))
    reply = person.send("/ledger", "/ledger", form)
    assert reply.status_code == 303, reply.text
    assert eventually(lambda: set(_FILE.findall(person.get("/ledger").text)) - before, seconds=60)
    (path,) = set(_FILE.findall(person.get("/ledger").text)) - before
    file = person.get(path)
    assert file.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    return openpyxl.load_workbook(io.BytesIO(file.content)).active


def lines_of(sheet: Any) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row for row in sheet.iter_rows(min_row=4, values_only=True)}


def test_a_clerk_takes_out_a_masked_ledger(house: DeskHouse, tickets: list[Ticket]) -> None:
    person = house.person(CLERK)
    sheet = taken_out(person)
    assert "何静（he-jing）于 2026-04-28 09:00 导出；已隐去个人信息" in sheet["A2"].value
    assert [sheet.cell(3, place + 1).value for place in range(4)] == ["编号", "受理时间", "渠道", "反映人"]
    lines = lines_of(sheet)
    first = lines[tickets[0].number]
    assert first[COLUMN["applicant"]] == "周**"
    assert "****" in first[COLUMN["phone"]]
    assert "13900001234" not in str(lines)
    assert first[COLUMN["lead"]] == "税务局"
    assert first[COLUMN["result"]] == "=1+1 开票权限已恢复。"
    assert "这件事不属于我局职责" in lines[tickets[1].number][COLUMN["returns"]]


def test_no_cell_is_a_formula_or_a_link(house: DeskHouse, tickets: list[Ticket]) -> None:
    sheet = taken_out(house.person(CLERK))
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert [cell for cell in cells if cell.hyperlink] == []
    assert FORMULA in {cell.value for cell in cells}


def test_filters_leave_out_the_rest(house: DeskHouse, tickets: list[Ticket]) -> None:
    person = house.person(CLERK)
    assert set(lines_of(taken_out(person, state="answered"))) == {tickets[0].number}
    assert set(lines_of(taken_out(person, cause="legacy"))) == set()
    assert set(lines_of(taken_out(person, since="2026-04-28", until="2026-04-28"))) == {each.number for each in tickets}
    assert set(lines_of(taken_out(person, since="2026-04-29"))) == set()


def test_a_leader_says_why_and_each_ticket_stands_in_the_audit(house: DeskHouse, tickets: list[Ticket]) -> None:
    person = house.person(LEADER)
    reply = person.send("/ledger", "/ledger", {"unmasked": "yes", "reason": "x"})
    assert reply.status_code == 422
    sheet = taken_out(person, unmasked="yes", reason="向审计组提供四月台账")
    assert "用途：向审计组提供四月台账" in sheet["A2"].value
    first = lines_of(sheet)[tickets[0].number]
    assert first[COLUMN["applicant"]] == "周小满"
    assert "13900001234" in first[COLUMN["text"]]
    audit = house.person(AUDITOR).get("/audit?part=reveals").text
    assert audit.count("向审计组提供四月台账") == len(tickets)


def test_a_clerk_cannot_have_it_unmasked(house: DeskHouse, tickets: list[Ticket]) -> None:
    person = house.person(CLERK)
    assert "unmasked" not in person.get("/ledger").text
    reply = person.send("/ledger", "/ledger", {"unmasked": "yes", "reason": "向审计组提供四月台账"})
    assert reply.status_code == 403
    body = {"tickets": [tickets[0].id], "reason": "向审计组提供四月台账"}
    assert refusal(house.actors.clerk.post, "/ledger/applicants/reveal", body).status == 403


def test_sent_twice_it_is_written_once(house: DeskHouse) -> None:
    person = house.person("liu-yang")
    hidden = {"csrf_token": person.csrf_token, "key": "0123456789abcdef0123456789abcdef"}
    assert [person.post("/ledger", hidden).status_code for _ in range(2)] == [303, 303]
    assert len(set(_DELETE.findall(person.get("/ledger").text))) == 1
    assert person.post("/ledger", hidden | {"key": "x"}).status_code == 400


def test_what_somebody_took_out_is_theirs_alone(house: DeskHouse, tickets: list[Ticket]) -> None:
    person = house.person("peng-zhiyuan")
    taken_out(person)
    page = person.get("/ledger").text
    ((path,), (delete,)) = (set(each.findall(page)) for each in (_FILE, _DELETE))
    other = house.person(CLERK)
    assert other.get(path).status_code == 404
    assert other.send("/ledger", delete, {}).status_code == 303
    assert person.get(path).status_code == 200, "another's is not deleted"
    assert person.send("/ledger", delete, {}).status_code == 303
    assert person.get(path).status_code == 404


@pytest.mark.parametrize("staff", ["luo-min", "xie-weidong", "tan-lihua", "wei-tao", AUDITOR])
def test_the_ledger_is_the_center_s_own_people_s(house: DeskHouse, staff: str) -> None:
    assert house.person(staff).get("/ledger").status_code == 404


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OPS, Role.AUDITOR])
def test_the_services_give_it_to_nobody_else(house: DeskHouse, tickets: list[Ticket], role: Role) -> None:
    staff = {Role.SUPERVISOR: "tan-lihua", Role.OPS: "wei-tao", Role.AUDITOR: AUDITOR}[role]
    token = house.sandbox.token(staff, role)
    assert refusal(house.sandbox.client("routing", token).get, "/ledger").status == 403
    refused = refusal(house.sandbox.client("intake", token).post, "/ledger/applicants", {"tickets": [tickets[0].id]})
    assert refused.status == 403


def test_pages_of_the_ledger_hold_each_ticket_once(house: DeskHouse, tickets: list[Ticket]) -> None:
    found, after = [], None
    while True:
        page = house.actors.window.get("/ledger", limit=1, **({"after": after} if after else {}))
        found += [each["number"] for each in page["items"]]
        assert (page["total"] is None) == (after is not None)
        if (after := page["next"]) is None:
            break
    assert found == sorted(set(found))
    assert {each.number for each in tickets} <= set(found)
