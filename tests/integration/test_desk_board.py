"""The wall board: its figures are those of the services, net of what was void, and name nobody."""

import re
from collections.abc import Iterator

import pytest

from schemas.enums import Role
from tests.stack.desk_house import DeskHouse, desk_house


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


def figures(page: str) -> list[int]:
    """Broken, yellow, green, broken today, due today."""
    return [int(number) for number in re.findall(r'<div class="lamp[^"]*"><strong>(\d+)</strong>', page)]


def test_the_board_shows_what_breaks_today_and_why_tickets_came(house: DeskHouse) -> None:
    actors, board = house.actors, house.sandbox.client("deadline_watch", house.sandbox.token("wei-tao", Role.OPS))
    leader = house.person("gu-yan")
    actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。", cause="system_fault")
    late = actors.register("契税减免没有答复", "契税减免申请交上去一个月，没有答复。", cause="system_fault")
    actors.register("楼道里的旧沙发没人搬", "楼道里堆了旧沙发半年，都说找别人。")
    assert figures(leader.get("/board").text) == [0, 0, 3, 0, 0]
    actors.now("2026-04-30 10:00")
    assert figures(leader.get("/board").text) == [0, 3, 0, 0, 3]
    actors.now("2026-04-30 17:30")
    page = leader.get("/board").text
    assert figures(page) == [3, 0, 0, 3, 0]
    assert (board.get("/board")["broken_today"], board.get("/board")["oldest_due_at"][:16]) == (3, "2026-04-30T17:00")
    assert "超期最久" in page
    assert re.search(r"系统问题</th><td>2 ", page)
    assert "下一个工作日：5月6日 周三" in page
    assert "调休上班：5月9日 周六" in page
    for personal in ("周小满", "139000", late.number, "没有答复"):
        assert personal not in page
    actors.now("2026-05-06 10:00")
    page = leader.get("/board").text
    assert figures(page) == [3, 0, 0, 0, 0]
    assert "今日超期" in page
    market = house.sandbox.client("routing", house.sandbox.token("cai-yun", Role.LIAISON, department="SJJ"))
    assert market.get("/board")["rows"] == [], "another department's causes are not counted"


def test_what_was_answered_in_time_is_not_counted_as_broken(house: DeskHouse) -> None:
    actors, leader = house.actors, house.person("gu-yan")
    before = figures(leader.get("/board").text)
    ticket = actors.register("公积金提取申请被退回", "公积金提取申请三次被退回，说系统里查不到我的缴存。")
    actors.accept(ticket, "GJJ")
    actors.liaison("GJJ").post(f"/tickets/{ticket.id}/answer", {"answer": "缴存记录已补录，请到窗口提取。"})
    actors.now("2026-05-08 17:30")
    assert figures(leader.get("/board").text)[3] == 0
    assert figures(leader.get("/board").text)[0] == before[0]
