"""Departments that work on a ticket together, and the leader who brings them together, with the keyboard alone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.keyboard import Keyboard, at_the_keyboard
from tests.e2e.actors import Ticket, at
from tests.stack.desk_house import DeskHouse

LEAD, ASSISTING = "kang-ting", "tan-kai"


@pytest.fixture
def hard(house: DeskHouse) -> Ticket:
    """A complex ticket that four departments have signed for."""
    ticket = house.actors.register("培训机构键盘会签", "培训机构办证要消防意见，消防说先办证。", cause="department_gap")
    house.actors.accept(ticket, *(each["department"] for each in house.actors.ticket(ticket)["assignments"]))
    house.sandbox.settle()
    return ticket


def at_the_ticket(worker: Keyboard, house: DeskHouse, ticket: Ticket) -> None:
    """Somebody finds it by its number."""
    worker.follow("查找")
    worker.write("至少两个字，或事项编号", ticket.number, role="searchbox")
    worker.page.keyboard.press("Enter")
    expect(worker.page.locator("#rows tbody tr")).to_have_count(1)
    worker.follow(house.actors.ticket(ticket)["title"])


def test_a_liaison_signs_and_hands_over_to_the_colleague(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    ticket = house.actors.register("落户键盘转交", "落户材料交了两次，说系统里没有。")
    house.sandbox.settle()
    police = at_the_keyboard(house, chromium, complaints, "tian-hao")
    police.follow("落户键盘转交")
    police.send("签收")
    expect(police.page.locator("#ticket-facts")).to_contain_text("办理中")
    police.open("转交B角")
    police.choose("转交给本部门", "姜文")
    police.write("理由", "本周外出培训，由B角接办。")
    police.send("转交B角")
    expect(police.page.locator("#ticket-facts")).to_contain_text("姜文")
    house.sandbox.settle()
    assert house.actors.assignment(ticket, "GAJ")["handled_by"] == "jiang-wen"


def test_departments_complete_report_and_sign(
    house: DeskHouse, chromium: Browser, complaints: list[str], hard: Ticket
) -> None:
    lead = at_the_keyboard(house, chromium, complaints, LEAD)
    at_the_ticket(lead, house, hard)
    lead.open("提交专题报告")
    lead.write("报告", "专题报告：先办消防意见书，再办许可，五日内办结。")
    lead.send("提交")
    expect(lead.page.locator("#ticket-facts")).to_contain_text("先办消防意见书")
    house.sandbox.settle()
    other = at_the_keyboard(house, chromium, complaints, ASSISTING)
    other.follow(house.actors.ticket(hard)["title"], within="提交，")
    other.open("本部门已办完")
    other.write("办理情况", "已出具办学条件意见。")
    other.send("完成")
    expect(other.page.locator("#ticket-facts")).to_contain_text("已出具办学条件意见")
    other.send("会签专题报告")
    expect(other.page.locator("#ticket-facts")).to_contain_text("教育局")
    house.sandbox.settle()
    (signature,) = house.actors.ticket(hard)["signatures"]
    assert (signature["department"], signature["signed_by"]) == ("JYJ", ASSISTING)


def test_a_leader_moves_a_meeting_notes_it_and_cancels_another(
    house: DeskHouse, chromium: Browser, complaints: list[str], hard: Ticket
) -> None:
    leader = at_the_keyboard(house, chromium, complaints, "gu-yan")
    at_the_ticket(leader, house, hard)
    leader.open("召集联合会商")
    leader.write_moment("时间", at("2026-04-29 14:30"))
    leader.write("位置", "三楼会议室")
    leader.tick("住房和城乡建设局")
    leader.send("召集会商")
    leader.open("会商改期")
    leader.write_moment("时间", at("2026-04-30 10:00"))
    leader.write("位置", "二楼会议室")
    leader.write("理由", "消防部门当天有演练。")
    leader.send("改期")
    expect(leader.page.locator("#ticket-facts")).to_contain_text("二楼会议室")
    leader.open("记录会商结果")
    leader.write("会商结果", "先出消防意见书，再办许可。")
    leader.send("已召开，记录结果")
    leader.open("召集联合会商")
    leader.write_moment("时间", at("2026-05-06 14:30"))
    leader.write("位置", "三楼会议室")
    leader.send("召集会商")
    leader.open("取消会商")
    leader.write("理由", "各部门已经商定，无须再会。")
    leader.send("取消")
    expect(leader.page.locator("#ticket-facts")).to_contain_text("已取消")
    house.sandbox.settle()
    held, cancelled = house.actors.ticket(hard)["meetings"]
    assert (held["state"], held["meets_at"]) == ("held", "2026-04-30T10:00:00+08:00")
    assert "ZJJ" not in held["departments"]
    assert cancelled["state"] == "cancelled"
