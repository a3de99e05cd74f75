"""The operator publishes, goes back, and decides on what was parked, with the keyboard alone."""

from playwright.sync_api import Browser, expect

from tests.browser.keyboard import at_the_keyboard
from tests.stack.desk_house import DeskHouse
from tests.stack.parked import park, park_unreadable

OPERATOR = "wei-tao"


def test_an_operator_publishes_and_goes_back(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    operator = at_the_keyboard(house, chromium, complaints, OPERATOR)
    operator.follow("中心配置")
    operator.follow("用表单修改")
    operator.follow("时限", role="button")
    operator.write("多长", "3", within="答复")
    operator.send("检查并预览变化")
    operator.send("发布")
    expect(operator.page.locator("main")).to_contain_text("第 2 版已生效")
    operator.reach("radio", "新版", within="第 2 版")
    operator.send("比较所选两版")
    expect(operator.page.locator("main h1")).to_contain_text("第 1 版与第 2 版")
    operator.follow("中心配置")
    operator.follow("第 1 版")
    operator.send("恢复为这一版")
    operator.send("发布")
    expect(operator.page.locator("main")).to_contain_text("第 3 版已生效")
    operator.follow("第 3 版")
    expect(operator.page.locator("main")).to_contain_text("恢复为第 1 版的内容")


def test_an_operator_tries_again_and_discards(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    for _ in range(2):
        park(house, "routing")
    park_unreadable(house, "intake")
    operator = at_the_keyboard(house, chromium, complaints, OPERATOR)
    expect(operator.page.locator("#parked-count")).to_have_text("3")
    operator.follow("搁置的消息 3")
    rows = operator.page.locator("main tbody tr")
    expect(rows).to_have_count(3)
    operator.follow("无法读取")
    operator.write("理由（与您的姓名一并记录）", "不是消息，是一次误发。")
    operator.send("丢弃")
    expect(rows).to_have_count(2)
    operator.follow("重试 ticket.answered.v1", role="button")
    expect(operator.page.locator("main [role=status]")).to_contain_text("正在重新处理")
    operator.send("重试全部 1 条 ticket.answered.v1")
    expect(rows).to_have_count(0)
