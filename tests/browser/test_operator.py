"""The operator at work in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.furniture import furnish
from tests.browser.operator_pages import visit_operator
from tests.browser.standing import faults_in_english, faults_of
from tests.stack.desk_house import DeskHouse, desk_house


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        furnish(standing)
        yield standing


def test_every_page_of_the_operator_is_one_that_everybody_can_use(house: DeskHouse, chromium: Browser) -> None:
    """axe finds nothing, no page is wider than the screen, and no rule of the browser is broken."""
    found: dict[tuple[str, str], str] = {}
    assert visit_operator(house, chromium, "light", lambda *seen: found.update(faults_of(*seen))) == []
    assert found == {}


def test_every_page_of_the_operator_fits_in_english_too(house: DeskHouse, chromium: Browser) -> None:
    found: dict[tuple[str, str], str] = {}
    assert visit_operator(house, chromium, "english", lambda *seen: found.update(faults_in_english(*seen))) == []
    assert found == {}
