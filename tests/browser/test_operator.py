"""The operator at work in Chromium."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.furniture import furnish
from tests.browser.operator_pages import visit_operator
from tests.browser.screenshots import LOOKS
from tests.stack.desk_house import DeskHouse, desk_house

AXE = Axe()
ONLY_COLOURS = {"runOnly": ["color-contrast"]}


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        furnish(standing)
        yield standing


@pytest.mark.parametrize("look", [look for look in LOOKS if look not in ("english-phone", "large-phone")])
def test_every_page_of_the_operator_is_one_that_everybody_can_use(
    house: DeskHouse, chromium: Browser, look: str
) -> None:
    """axe finds nothing, no page is wider than the screen, and no rule of the browser is broken."""
    found: dict[str, str] = {}

    def examine(name: str, page: Page) -> None:
        result = AXE.run(page, options=ONLY_COLOURS if look.startswith("dark") else None)
        if result.violations_count:
            found[name] = result.generate_report()
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{name} is {too_wide} px too wide"

    assert visit_operator(house, chromium, look, examine) == []
    assert found == {}
