"""A leader calls departments together from the docket; their inboxes show it without a reload."""

from playwright.sync_api import Browser, expect

from tests.browser.screenshots import LOOKS
from tests.browser.test_overview import LIVE_MS, window
from tests.stack.desk_house import DeskHouse


def test_a_meeting_called_from_the_docket_is_in_the_inbox_at_once(house: DeskHouse, chromium: Browser) -> None:
    ticket = house.actors.register(
        "培训机构消防手续互相推", "培训机构办证要消防意见，消防说先办证。", cause="department_gap"
    )
    leader, complaints = window(house, chromium, "gu-yan")
    liaison, _ = window(house, chromium, "tan-kai", **LOOKS["phone"][0])
    expect(liaison.locator("#together section")).to_have_count(0)
    leader.goto(f"{house.url}/docket")
    card = leader.locator("#docket-together article", has_text=ticket.number)
    card.locator("summary").click()
    card.locator("[name=meets_at]").fill("2026-04-29T14:30")
    card.locator("[name=place]").fill("三楼会议室")
    with leader.expect_navigation():
        card.locator("button").click()
    expect(leader.locator("#docket-together")).to_contain_text("4月29日 周三 14:30")
    expect(card).to_have_count(0)
    expect(liaison.locator("#together")).to_contain_text("三楼会议室", timeout=LIVE_MS)
    assert liaison.evaluate("document.documentElement.scrollWidth") <= 390
    assert complaints == []
