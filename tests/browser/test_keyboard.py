"""The window, a department and a citizen at work with the keyboard alone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.keyboard import Keyboard, at_the_keyboard
from tests.e2e.actors import at
from tests.stack.desk_house import DeskHouse

LIVE_MS = 4000


def has_focus(keyboard: Keyboard) -> bool:
    """Whether anything has it."""
    return keyboard.stop() is not None


def test_a_clerk_registers_and_asks_for_papers(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    clerk = at_the_keyboard(house, chromium, complaints, "liu-yang")
    clerk.follow("登记事项")
    clerk.write("标题", "发票键盘登记")
    clerk.write("事情经过", "跑了三次税务窗口，都让等通知。")
    clerk.write("部门或地点", "税务局", role="combobox")
    clerk.write("次数", "3", role="spinbutton")
    clerk.write("联系人姓名", "周小满")
    clerk.write("联系电话", "13900001234")
    clerk.send("登记并打印回执")
    expect(clerk.page.locator("#query-code")).to_be_visible()
    clerk.follow("查看事项")
    clerk.open("要求补正材料")
    clerk.write("一次性列全所缺材料，每行一项", "租赁合同")
    clerk.write_moment("补正截止日期（可不填）", at("2026-04-30 00:00"))
    clerk.send("发出补正清单，期限暂停")
    expect(clerk.page.locator("main")).to_contain_text("租赁合同")
    clerk.send("恢复计时")
    clerk.open("群众撤回")
    clerk.send("撤回")
    expect(clerk.page.locator("main")).to_contain_text("已撤回")


def test_a_liaison_signs_reports_answers_and_returns(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    ticket = house.actors.register("发票键盘答复", "跑了三次税务窗口，都让等通知。")
    other = house.actors.register("发票键盘退回", "跑了三次税务窗口，都让等通知。")
    tax = at_the_keyboard(house, chromium, complaints, "luo-min")
    tax.reach("checkbox", f"选择 {ticket.number}")
    tax.page.keyboard.press("Space")
    tax.reach("button", "签收所选事项", back=True)
    tax.page.keyboard.press("Enter")
    expect(tax.page.locator("#rows tr", has_text=ticket.number)).to_contain_text("办理中")
    assert has_focus(tax), "who signs goes on where they were"
    tax.follow("发票键盘答复")
    tax.open("报告进展")
    tax.write("办理进展", "已约申请人明日来办。")
    tax.send("提交进展")
    expect(tax.page.locator("#ticket-facts")).to_contain_text("已约申请人明日来办")
    tax.open("申请延期")
    tax.write("工作日数", "2", role="spinbutton")
    tax.write("理由", "须等上级系统恢复后才能办理")
    tax.write("法律依据", "行政许可法第四十二条")
    tax.send("提请领导批准")
    tax.open("答复群众")
    tax.write("答复（群众看到的内容）", "开票权限已恢复，可到窗口领票。")
    tax.send("答复")
    expect(tax.page.locator("#ticket-facts")).to_contain_text("开票权限已恢复")
    tax.follow("收件箱")
    tax.follow("发票键盘退回")
    tax.open("退回")
    tax.choose("应由哪个部门负责（知道时填）", "市场监督管理局")
    tax.write("说明（给下一位看的人）", "这是营业执照的事，应由市场监管部门办理。")
    tax.send("退回")
    expect(tax.page.locator("#ticket-facts")).to_contain_text("已退回")
    assert other.number in tax.page.inner_text("#ticket-head")


@pytest.mark.parametrize("staff", ["luo-min", "liu-yang", "gu-yan"])
def test_the_focus_stays_while_a_list_is_fetched_anew(
    house: DeskHouse, chromium: Browser, complaints: list[str], staff: str
) -> None:
    place, title = {
        "luo-min": ("/inbox", "发票换行之前"),
        "liu-yang": ("/desk", "发票换行之前"),
        "gu-yan": ("/docket", "楼道里的旧沙发没人搬"),
    }[staff]
    house.actors.register(title, "打了几个电话，都说找别人，没有人管。")
    worker = at_the_keyboard(house, chromium, complaints, staff)
    worker.page.goto(house.url + place)
    worker.reach("link", title)
    before = worker.stop()
    number = house.actors.register(title + "一次", "打了几个电话，都说找别人，没有人管。").number
    expect(worker.page.locator("main")).to_contain_text(number, timeout=LIVE_MS)
    worker.page.wait_for_timeout(500)  # what else was announced is fetched too
    stop = worker.stop()
    assert stop is not None
    assert before is not None
    assert (stop.role, stop.name) == (before.role, before.name)


def test_a_citizen_asks_and_rates(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    ticket = house.actors.register("公积金键盘评价", "公积金提取申请三次被退回，说系统里查不到我的缴存。")
    house.actors.accept(ticket, "GJJ")
    house.actors.liaison("GJJ").post(f"/tickets/{ticket.id}/answer", {"answer": "缴存记录已补录。"})
    house.sandbox.settle()
    citizen = at_the_keyboard(house, chromium, complaints, path="/status")
    citizen.write("事项编号", ticket.number)
    citizen.write("查询码", ticket.code)
    citizen.send("查询")
    citizen.reach("radio", "非常满意")
    citizen.page.keyboard.press("ArrowDown")
    citizen.write("哪里需要改进？（可不填）", "电话早点通知就更好。")
    citizen.send("提交评价")
    expect(citizen.page.locator("[aria-current=step]")).to_contain_text("评价")
