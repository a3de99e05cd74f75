"""The citizen's page on a cheap phone with large text: nothing is cut off, axe finds nothing, keyboard is enough."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.furniture import furnish
from tests.browser.windows import listen
from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse

AXE = Axe()


@pytest.fixture(scope="module")
def tickets(house: DeskHouse) -> dict[str, Ticket]:
    return furnish(house)


def _phone(house: DeskHouse, chromium: Browser, width: int, complaints: list[str], **look: str) -> Page:
    context = chromium.new_context(locale="zh-CN", viewport={"width": width, "height": 700}, is_mobile=True)
    context.add_cookies([{"name": name, "value": value, "url": house.url} for name, value in look.items()])
    page = context.new_page()
    page.set_default_timeout(10_000)
    listen(page, complaints)
    return page


def _look_up(house: DeskHouse, page: Page, ticket: Ticket) -> None:
    page.goto("about:blank")
    page.goto(f"{house.url}/status#{ticket.number}/{ticket.code}")
    page.click("main button.primary")
    page.wait_for_selector(".citizen h1")


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_large_text_fits_on_a_small_phone(
    house: DeskHouse, tickets: dict[str, Ticket], chromium: Browser, width: int, language: str
) -> None:
    complaints: list[str] = []
    page = _phone(house, chromium, width, complaints, text="large", language=language)
    for name in ("new", "waiting", "answered", "old", "arbitration"):
        _look_up(house, page, tickets[name])
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert AXE.run(page).violations_count == 0, AXE.run(page).generate_report()
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main summary, main .ratings label')]"
            ".filter(each => each.offsetParent && each.getBoundingClientRect().height < 60).length"
        )
        assert small == 0, "everything that is pressed is 60 px high in large text"
    assert complaints == []
    page.context.close()


def test_a_citizen_rates_by_keyboard_alone(house: DeskHouse, tickets: dict[str, Ticket], chromium: Browser) -> None:
    complaints: list[str] = []
    page = _phone(house, chromium, 390, complaints)
    _look_up(house, page, tickets["answered"])
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "rating":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[aria-current=step] >> text=评价")
    assert complaints == []
