"""Whoever was told that a promise is broken sees it at once, knows of it with a click, and everybody sees that."""

from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.windows import listen, log_in
from tests.stack.desk_house import DeskHouse

LIVE_MS = 5000


def window(house: DeskHouse, chromium: Browser, staff: str, **look: Any) -> tuple[Page, list[str]]:
    """A window in which somebody is logged in, and what its console complains of."""
    page, complaints = chromium.new_context(locale="zh-CN", **look).new_page(), list[str]()
    page.set_default_timeout(10_000)
    listen(page, complaints)
    log_in(page, house, staff)
    return page, complaints


def test_a_breach_is_seen_at_once_and_acknowledged(house: DeskHouse, chromium: Browser) -> None:
    ticket = house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    head, complaints = window(house, chromium, "xie-weidong")
    expect(head.locator("#overview article.row")).to_have_count(0)
    house.actors.now("2026-05-06 09:30")
    row = head.locator("#overview article.row", has_text=ticket.number)
    expect(row.first).to_be_visible(timeout=LIVE_MS)
    clerk, _ = window(house, chromium, "he-jing")
    clerk.goto(f"{house.url}/tickets/{ticket.id}")
    while head.locator("#overview article.row button").count():
        with head.expect_navigation():
            head.locator("#overview article.row button").first.click()
    expect(clerk.locator("#ticket-facts")).to_contain_text("✓ 已知悉", timeout=LIVE_MS)
    assert complaints == []


def test_what_changes_while_a_part_is_fetched_is_fetched_too(house: DeskHouse, chromium: Browser) -> None:
    head, complaints = window(house, chromium, "xie-weidong")
    asked: list[str] = []
    changed = "document.body.dispatchEvent(new Event('person'))"

    def answered_late(route: Route) -> None:
        head.evaluate(changed)
        head.wait_for_timeout(200)
        route.continue_()

    head.route("**/overview*", answered_late, times=1)
    head.on("request", lambda request: asked.append(request.url) if "/overview" in request.url else None)
    head.evaluate(changed)
    head.wait_for_timeout(3000)
    assert len(asked) >= 2
    assert complaints == []
