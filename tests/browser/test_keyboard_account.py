"""Somebody's account with the keyboard alone: password, second factor, language, size of text, leaving."""

import time

import pyotp
from playwright.sync_api import Browser, expect

from tests.browser.keyboard import Keyboard, at_the_keyboard
from tests.stack.desk_house import DeskHouse

STAFF, TITLE = "shi-lan", "石兰"
PASSWORD = "horses eat carrots in autumn"


def log_out(keyboard: Keyboard) -> None:
    """Go to one's account and leave."""
    keyboard.follow(TITLE)
    keyboard.send("退出登录")


def test_somebody_sets_a_password_and_a_second_factor(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    somebody = at_the_keyboard(house, chromium, complaints, STAFF)
    somebody.follow(TITLE)
    somebody.follow("修改密码")
    somebody.write("当前密码", house.password(STAFF))
    somebody.write("新密码", PASSWORD)
    somebody.write("再输一次", PASSWORD)
    somebody.send("设置密码")
    somebody.follow(TITLE)
    somebody.follow("设置二次验证")
    secret = somebody.page.inner_text("main code")
    somebody.write("六位动态码", pyotp.TOTP(secret).now())
    somebody.send("启用二次验证")
    log_out(somebody)
    somebody.write("工号", STAFF)
    somebody.write("密码", PASSWORD)
    somebody.send("登录")
    somebody.write("六位动态码", pyotp.TOTP(secret).at(time.time() + 30))
    somebody.send("登录")
    expect(somebody.page.locator("nav")).to_contain_text(TITLE)


def test_somebody_reads_in_another_language_and_larger(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    somebody = at_the_keyboard(house, chromium, complaints, "qiu-yu")
    somebody.send("English")
    expect(somebody.page.locator("nav")).to_contain_text("Inbox")
    somebody.send("Large text")
    expect(somebody.page.locator("html")).to_have_class("large")
    somebody.send("中文")
    somebody.send("标准版")
    expect(somebody.page.locator("html")).not_to_have_class("large")
    somebody.reach("link", "跳到正文")
    somebody.page.keyboard.press("Enter")
    assert somebody.page.evaluate("document.activeElement.id") == "main"
