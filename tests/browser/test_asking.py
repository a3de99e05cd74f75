"""The question base is asked, answers are copied, and a solved ticket is made known; with the keyboard alone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.keyboard import Keyboard, at_the_keyboard
from tests.browser.standing import faults_in_english, faults_of
from tests.browser.windows import Desk
from tests.stack.desk_house import DeskHouse
from tests.stack.question_base import publish


@pytest.fixture(scope="module")
def published(house: DeskHouse) -> str:
    publish(house, question="公积金提取后多久到账？", other_wordings=["公积金怎么提取到账"])
    return publish(house)


def test_what_was_solved_is_made_known_and_what_is_published_is_found(
    house: DeskHouse, chromium: Browser, complaints: list[str], published: str
) -> None:
    actors = house.actors
    ticket = actors.register("公积金提取被退回", "三次被退回，说系统里查不到缴存。")
    actors.accept(ticket, "GJJ")
    actors.liaison("GJJ").post(f"/tickets/{ticket.id}/answer", {"answer": "缴存记录已补录。"})
    house.sandbox.settle()
    actors.window.post(f"/tickets/{ticket.id}/close", {"outcome": "resolved"})
    house.sandbox.settle()
    leader = at_the_keyboard(house, chromium, complaints, "gu-yan", f"/tickets/{ticket.id}")
    leader.open("推广这件事的办法")
    leader.send("典型案例")
    expect(leader.page.locator("#case-head + p")).to_contain_text("等待以下部门同意")
    liaison = at_the_keyboard(house, chromium, complaints, "zhong-ling", "/cases?state=awaiting")
    liaison.send("住房公积金管理中心同意公开")
    liaison.follow("已公开")
    expect(liaison.page.locator("article h2")).to_have_text("公积金提取被退回")

    clerk = at_the_keyboard(house, chromium, complaints, "he-jing", "/answers")
    clerk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _ask(clerk)
    clerk.reach("button", "复制答复")
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.get_by_role("button", name="已复制")).to_be_visible()
    assert "住房公积金管理条例" in clerk.page.evaluate("navigator.clipboard.readText()")
    with clerk.page.expect_response(lambda reply: reply.url.endswith("/opened")) as opened:
        clerk.reach("disclosure", "公积金提取后多久到账？")
        clerk.page.keyboard.press("Enter")
    assert opened.value.status == 204
    _tell(clerk, "没有我要问的")
    citizen = at_the_keyboard(house, chromium, complaints, None, "/ask")
    _ask(citizen)
    _tell(citizen, "有帮助")


def _ask(person: Keyboard) -> None:
    person.write("用自己的话写下问题", "公积金怎么提取", role="searchbox")
    person.send("查答案")
    expect(person.page.locator("article h3").first).to_have_text("公积金怎么提取？")


def _tell(person: Keyboard, what: str) -> None:
    person.reach("button", what)
    person.page.keyboard.press("Enter")
    expect(person.page.locator("section[role=status] h2")).to_have_text("谢谢")


def test_the_question_base_is_one_that_everybody_can_ask(house: DeskHouse, desk: Desk, published: str) -> None:
    faults: dict[tuple[str, str], str] = {}
    for staff, paths in ((None, ("/ask",)), ("he-jing", ("/answers", "/cases"))):
        page = desk.window(staff)
        for path in paths:
            page.goto(house.url + path)
            if path != "/cases":
                page.fill("#words", "公积金怎么提取")
                page.click("#ask-form button.primary")
                page.wait_for_selector("#answers-head")
            faults |= faults_of(path, page)
        page.context.add_cookies([{"name": "language", "value": "en", "url": house.url}])
        page.goto(house.url + paths[-1])
        faults |= faults_in_english(paths[-1], page)
    assert faults == {}
    assert desk.complaints == []
