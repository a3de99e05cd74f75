"""The operator's pages in each of their looks; `make screenshots` shows them with all others."""

import sys
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from tests.browser.furniture import furnish
from tests.browser.screenshots import FOLDER, LOOKS, Looker, shoot
from tests.stack.chromium import browser
from tests.stack.desk_house import DeskHouse, desk_house
from tests.stack.parked import park, park_unreadable

OPERATOR = "wei-tao"
PATHS = {
    "documents": "/documents",
    "calendar": "/calendar",
    "calendar-later": "/calendar?year=2027",
    "center-file": "/center-file",
    "center-version": "/center-file/versions/1",
    "center-yaml": "/center-file/edit?part=yaml",
    **{
        f"center-form-{part}": f"/center-file/edit?part={part}"
        for part in ("departments", "staff", "limits", "roster", "ladder", "calendar")
    },
}


def visit_operator(house: DeskHouse, chromium: Browser, look: str, see: Callable[[str, Page], None]) -> list[str]:
    """Open every page of the operator in a look; what the browser complained of."""
    looker = Looker(house, chromium, look)
    page = looker.page(OPERATOR)
    for name, path in PATHS.items():
        page.goto(house.url + path)
        see(name, page)
    event = park(house, "routing", error="NotYet: its cause has not arrived")
    park_unreadable(house, "intake")
    for name, path in {"parked": "/parked", "parked-event": f"/parked/routing/{event}"}.items():
        page.goto(house.url + path)
        page.wait_for_selector("#parked-count .tag")
        see(name, page)
    page.goto(f"{house.url}/center-file/edit?part=yaml")
    text = page.input_value("#yaml")
    page.fill("#yaml", text.replace("xie-weidong", "nobody", 1).replace("lead: GJJ", "lead: GONE", 1))
    page.click("main button.primary")
    page.wait_for_selector(".wrong-line")
    see("center-yaml-wrong", page)
    changed = text.replace("answer: {working_days: 2}", "answer: {working_days: 3}").replace(
        "[居委会,", "[沙发, 居委会,"
    )
    page.fill("#yaml", changed.replace("title: 副主任", f"title: 副主任（{look}）"))
    page.click("main button.primary")
    page.wait_for_selector("main button[value='publish']")
    see("center-review", page)
    page.click("main button[value='publish']")
    page.wait_for_url("**/center-file?published=*")
    see("center-published", page)
    page.click("main form button")
    page.wait_for_url("**/compare*")
    see("center-compare", page)
    looker.close()
    return looker.complaints


def main() -> None:
    """Write a picture of each of these pages in each look, or in those that are named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with desk_house() as house, browser() as chromium:
        furnish(house)
        for look in sys.argv[1:] or LOOKS:
            visit_operator(house, chromium, look, lambda name, page: shoot(look, name, page))  # noqa: B023


if __name__ == "__main__":
    main()
