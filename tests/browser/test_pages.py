"""Every page is one that everybody can use: in each look, in Chinese and in English."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.furniture import furnish
from tests.browser.screenshots import visit
from tests.browser.solved import solve_some
from tests.browser.standing import faults_in_english, faults_of
from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse


@pytest.fixture(scope="module")
def tickets(house: DeskHouse) -> dict[str, Ticket]:
    furnished = furnish(house)
    solve_some(house)
    return furnished


def test_every_page_is_one_that_everybody_can_use(
    house: DeskHouse, tickets: dict[str, Ticket], chromium: Browser
) -> None:
    """axe finds nothing, no page is wider than the screen, and no rule of the browser is broken."""
    found: dict[tuple[str, str], str] = {}

    def examine(name: str, page: Page) -> None:
        if name != "receipt-printed":
            found.update(faults_of(name, page))

    assert visit(house, tickets, chromium, "light", examine) == []
    assert found == {}


def test_every_page_fits_in_english_too(house: DeskHouse, tickets: dict[str, Ticket], chromium: Browser) -> None:
    found: dict[tuple[str, str], str] = {}
    assert visit(house, tickets, chromium, "english", lambda *seen: found.update(faults_in_english(*seen))) == []
    assert found == {}
