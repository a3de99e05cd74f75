"""A director and the operator at work with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.keyboard import at_the_keyboard
from tests.stack.desk_house import DeskHouse


@pytest.fixture
def complaints(chromium: Browser) -> Iterator[list[str]]:
    """What the consoles complain of, which is nothing."""
    heard = list[str]()
    yield heard
    for context in chromium.contexts:
        context.close()
    assert heard == []


def test_an_operator_checks_a_center_file_and_sees_what_would_change(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    operator = at_the_keyboard(house, chromium, complaints, "wei-tao")
    operator.follow("中心配置")
    operator.follow("用表单修改")
    operator.follow("时限", role="button")
    operator.write("多长", "0", within="答复")
    operator.send("检查并预览变化")
    expect(operator.page.locator("main [role=alert]")).to_be_visible()
    operator.write("多长", "3", within="答复")
    operator.send("检查并预览变化")
    expect(operator.page.locator("main h1")).to_have_text("将会改变的内容")
    operator.follow("继续修改 YAML", role="button")
    operator.reach("textbox", "完整文件（YAML）")
    operator.page.keyboard.press("Control+End")
    operator.page.keyboard.type("\n: [")
    operator.send("检查并预览变化")
    expect(operator.page.locator(".wrong-line").first).to_be_visible()


def test_a_director_knows_of_what_was_escalated(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    ticket = house.actors.register("契税键盘知悉", "契税减免申请交上去一个月，没有答复。")
    house.actors.now("2026-05-08 17:30")
    director = at_the_keyboard(house, chromium, complaints, "shen-guoqiang")
    director.follow("总览")
    row = director.page.locator("#overview article.row", has_text=ticket.number)
    expect(row).to_have_count(1)
    director.send("知悉", within=ticket.number)
    expect(row).to_have_count(0)
