"""What a leader decides on the spot about promises, with the keyboard alone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.keyboard import at_the_keyboard
from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse

LEADER = "gu-yan"


@pytest.fixture
def tickets(house: DeskHouse) -> list[Ticket]:
    """Three that break before Thursday's sitting; it is Tuesday afternoon. For the last more time was asked for."""
    found = [house.actors.register(f"发票键盘{what}", "跑了三次税务窗口，都让等通知。") for what in "甲乙丙"]
    for each in found:
        house.actors.accept(each, "SWJ")
    wanted = {"working_days": 2, "reason": "须等上级系统恢复后才能办理", "legal_basis": "行政许可法第四十二条"}
    house.actors.liaison("SWJ").post(f"/tickets/{found[-1].id}/extension", wanted)
    house.actors.now("2026-04-28 14:00")
    return found


def test_a_leader_gives_more_time_refuses_it_and_makes_complex(
    house: DeskHouse, chromium: Browser, complaints: list[str], tickets: list[Ticket]
) -> None:
    given, hard, refused = tickets
    leader = at_the_keyboard(house, chromium, complaints, LEADER)
    leader.follow("待裁事项")
    leader.open("不批准", within=refused.number)
    leader.write("不批准的理由", "系统昨天已经恢复。", within=refused.number)
    leader.send("不批准", within=refused.number)
    leader.open("批准延期", within=given.number)
    leader.write("工作日数", "2", role="spinbutton", within=given.number)
    leader.write("理由", "须等上级系统恢复后才能办理", within=given.number)
    leader.write("法律依据", "行政许可法第四十二条", within=given.number)
    leader.send("批准延期", within=given.number)
    leader.open("转为复杂事项", within=hard.number)
    leader.write("理由", "三家单位都要出力，须一起研究。", within=hard.number)
    leader.send("转为复杂", within=hard.number)
    house.sandbox.settle()
    (extension,) = house.actors.ticket(refused)["extensions"]
    assert (extension["state"], extension["why"]) == ("refused", "系统昨天已经恢复。")
    (extension,) = house.actors.ticket(given)["extensions"]
    assert (extension["state"], extension["decided_by"]) == ("granted", LEADER)
    assert house.actors.ticket(hard)["complexity"] == "complex"
    tax = at_the_keyboard(house, chromium, complaints, "luo-min")
    tax.follow("发票键盘丙")
    expect(tax.page.locator("#ticket-head")).to_contain_text("系统昨天已经恢复")
