"""A house with its desk and a browser, for each module that asks."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.windows import Desk
from tests.stack.chromium import browser
from tests.stack.desk_house import DeskHouse, desk_house


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    with desk_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture
def desk(house: DeskHouse, chromium: Browser) -> Iterator[Desk]:
    opened = Desk(house, chromium)
    yield opened
    for context in chromium.contexts:
        context.close()
    assert opened.complaints == []


@pytest.fixture
def complaints(chromium: Browser) -> Iterator[list[str]]:
    """What the consoles complain of, which is nothing."""
    heard = list[str]()
    yield heard
    for context in chromium.contexts:
        context.close()
    assert heard == []
