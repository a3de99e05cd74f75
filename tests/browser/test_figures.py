"""The page of figures in Chromium: whoever looks at it finds their way by keyboard, and axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.furniture import furnish
from tests.browser.screenshots import LOOKS
from tests.browser.windows import Desk

AXE = Axe()
DAYS = "since=2026-04-20&until=2026-05-10"
_FURNISHED: list[str] = []


@pytest.fixture
def furnished(desk: Desk) -> Desk:
    if desk.house.url not in _FURNISHED:
        furnish(desk.house)
        _FURNISHED.append(desk.house.url)
    return desk


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
@pytest.mark.parametrize("path", [f"/figures?{DAYS}", f"/figures/tickets?figure=due&{DAYS}"])
def test_the_pages_are_ones_that_everybody_can_use(furnished: Desk, look: str, path: str) -> None:
    page = furnished.window("shen-guoqiang", **LOOKS[look][0])
    page.goto(furnished.house.url + path)
    result = AXE.run(page, options={"runOnly": ["color-contrast"]} if look == "dark" else None)
    assert result.violations_count == 0, result.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


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
