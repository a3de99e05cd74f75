"""How liaisons work on an assignment at the desk: progress is reported, the B-role takes over."""

import re
from collections.abc import Iterator

import pytest

from tests.stack.desk_house import SCRIPT, DeskHouse, Visitor, desk_house


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def page(house: DeskHouse) -> str:
    """A ticket that the police has signed for."""
    ticket = house.actors.register("户口迁移被退回", "户口迁移被派出所退回三次，说材料不全。")
    house.actors.accept(ticket, "GAJ")
    return f"/tickets/{ticket.id}"


def _act(person: Visitor, page: str, act: str) -> str:
    path: str
    (path,) = set(re.findall(rf'action="({page}/assignments/[0-9a-f-]{{36}}/{act})"', person.get(page).text))
    return path


def test_progress_is_reported_and_read_by_everybody(house: DeskHouse, page: str) -> None:
    liaison = house.person("tian-hao")
    assert (
        liaison.send(page, _act(liaison, page, "progress"), {"progress": f"已约周三核对 {SCRIPT}"}).status_code == 303
    )
    house.sandbox.settle()
    for staff in ("tian-hao", "he-jing", "gu-yan", "ren-zhigang"):
        shown = house.person(staff).get(page).text
        assert "已约周三核对" in shown
        assert "最近进展" in shown
        assert "<script>alert" not in shown
    assert "已约周三核对" in liaison.get("/inbox").text
    assert "已约周三核对" in house.person("ren-zhigang").get("/overview").text


def test_the_b_role_takes_over_and_finds_it_among_the_own(house: DeskHouse, page: str) -> None:
    liaison, deputy = house.person("tian-hao"), house.person("jiang-wen")
    assert "户口迁移被退回" in liaison.get("/inbox?mine=true").text
    assert "户口迁移被退回" not in deputy.get("/inbox?mine=true").text
    path = _act(liaison, page, "hand-over")
    assert liaison.send(page, path, {"to": "luo-min", "handover_why": "周四起休假"}).status_code == 422
    assert liaison.send(page, path, {"to": "jiang-wen", "handover_why": "周四起休假"}).status_code == 303
    house.sandbox.settle()
    assert "户口迁移被退回" in deputy.get("/inbox?mine=true").text
    assert "户口迁移被退回" not in liaison.get("/inbox?mine=true").text
    assert "→ 姜文" in liaison.get(page).text
    assert (
        house.person("he-jing").send("/account", path, {"to": "tian-hao", "handover_why": "周四起休假"}).status_code
        == 404
    )
    assert (
        house.person("luo-min").send("/account", path, {"to": "tian-hao", "handover_why": "周四起休假"}).status_code
        == 404
    )
