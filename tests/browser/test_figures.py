"""The page of figures in Chromium: whoever looks at it finds their way by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.furniture import furnish
from tests.browser.windows import Desk

DAYS = "since=2026-04-20&until=2026-05-10"
_FURNISHED: list[str] = []


@pytest.fixture
def furnished(desk: Desk) -> Desk:
    if desk.house.url not in _FURNISHED:
        furnish(desk.house)
        _FURNISHED.append(desk.house.url)
    return desk


def test_a_number_opens_its_tickets(furnished: Desk) -> None:
    page = furnished.window("shen-guoqiang")
    page.goto(f"{furnished.house.url}/figures?{DAYS}")
    number = page.locator("#plot-promises tbody a.number").first
    count = int(number.inner_text())
    assert (page.locator("#plot-promises rect").first.bounding_box() or {"width": 0})["width"] > 5
    number.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main tbody tr")).to_have_count(count)
    page.go_back()
    with page.expect_download() as download:
        page.click("#plot-promises .plot-head a")
    assert download.value.suggested_filename == "承诺兑现 2026-04-20 2026-05-10.csv"
