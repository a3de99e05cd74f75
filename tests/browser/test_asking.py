"""The question base is asked, answers are copied, and a solved ticket is made known; by everybody."""

import pytest
from playwright.sync_api import expect

from tests.browser.standing import faults_in_english, faults_of
from tests.browser.windows import Desk
from tests.stack.desk_house import DeskHouse
from tests.stack.question_base import publish


@pytest.fixture(scope="module")
def published(house: DeskHouse) -> str:
    publish(house, question="公积金提取后多久到账？", other_wordings=["公积金怎么提取到账"])
    return publish(house)


def test_what_was_solved_is_made_known_and_what_is_published_is_found(
    house: DeskHouse, desk: Desk, published: str
) -> None:
    actors = house.actors
    ticket = actors.register("公积金提取被退回", "三次被退回，说系统里查不到缴存。")
    actors.accept(ticket, "GJJ")
    actors.liaison("GJJ").post(f"/tickets/{ticket.id}/answer", {"answer": "缴存记录已补录。"})
    house.sandbox.settle()
    actors.window.post(f"/tickets/{ticket.id}/close", {"outcome": "resolved"})
    house.sandbox.settle()
    leader = desk.window("gu-yan")
    leader.goto(f"{house.url}/tickets/{ticket.id}")
    leader.get_by_text("推广这件事的办法").click()
    leader.get_by_role("button", name="典型案例").click()
    expect(leader.locator("#case-head + p")).to_contain_text("等待以下部门同意")
    liaison = desk.window("zhong-ling")
    liaison.goto(f"{house.url}/cases?state=awaiting")
    liaison.get_by_role("button", name="住房公积金管理中心同意公开").click()
    liaison.get_by_role("link", name="已公开").click()
    expect(liaison.locator("article h2")).to_have_text("公积金提取被退回")

    clerk = desk.window("he-jing")
    clerk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    clerk.goto(f"{house.url}/answers")
    clerk.fill("#words", "公积金怎么提取")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("article h3").first).to_have_text("公积金怎么提取？")
    clerk.get_by_role("button", name="复制答复").first.click()
    expect(clerk.get_by_role("button", name="已复制")).to_be_visible()
    assert "住房公积金管理条例" in clerk.evaluate("navigator.clipboard.readText()")
    with clerk.expect_response(lambda reply: reply.url.endswith("/opened")) as opened:
        clerk.locator("article details summary").first.click()
    assert opened.value.status == 204
    clerk.get_by_role("button", name="没有我要问的").click()
    expect(clerk.locator("section[role=status] h2")).to_have_text("谢谢")


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
