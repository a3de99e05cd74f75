"""Shows every page in each of its looks: `make screenshots` writes them to build/screenshots."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.entry_pages import entry_pages
from tests.browser.filled_in import see_an_import, see_channels
from tests.browser.furniture import furnish
from tests.browser.solved import solve_some
from tests.browser.windows import listen, log_in
from tests.e2e.actors import Ticket
from tests.stack.chromium import browser
from tests.stack.desk_house import DeskHouse, desk_house

FOLDER = Path("build/screenshots")
LOOKS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "light": ({"viewport": {"width": 1280, "height": 800}}, {}),
    "dark": ({"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}, {}),
    "phone": ({"viewport": {"width": 390, "height": 844}, "is_mobile": True, "device_scale_factor": 2}, {}),
    "large": ({"viewport": {"width": 1280, "height": 800}}, {"text": "large"}),
    "dark-large": ({"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}, {"text": "large"}),
    "large-phone": ({"viewport": {"width": 390, "height": 844}, "is_mobile": True}, {"text": "large"}),
    "english": ({"viewport": {"width": 1280, "height": 800}}, {"language": "en"}),
    "english-phone": ({"viewport": {"width": 390, "height": 844}, "is_mobile": True}, {"language": "en"}),
}


def pages(tickets: dict[str, Ticket]) -> dict[str, tuple[str | None, str]]:
    """Every page by its name: who looks at it, and its address."""
    return {
        "login": (None, "/login"),
        "status-form": (None, "/status"),
        "ask": (None, "/ask"),
        "answers": ("he-jing", "/answers"),
        "cases": ("zhong-ling", "/cases?state=awaiting"),
        "clerk": ("he-jing", "/desk"),
        "clerk-new": ("he-jing", "/desk/new"),
        "clerk-ticket": ("he-jing", f"/desk/{tickets['waiting'].id}"),
        "clerk-answered": ("he-jing", f"/tickets/{tickets['answered'].id}"),
        "inbox": ("luo-min", "/inbox"),
        "inbox-empty": ("jin-hui", "/inbox"),
        "inbox-together": ("dai-xin", "/inbox"),
        "inbox-shared": ("tian-hao", "/inbox"),
        "ticket-meeting": ("gu-yan", f"/tickets/{tickets['meeting'].id}"),
        "ticket-reported": ("dai-xin", f"/tickets/{tickets['reported'].id}"),
        "ticket-lead": ("kang-ting", f"/tickets/{tickets['meeting'].id}"),
        "ticket": ("luo-min", f"/tickets/{tickets['fresh'].id}"),
        "ticket-accepted": ("luo-min", f"/tickets/{tickets['new'].id}"),
        "ticket-broken": ("gu-yan", f"/tickets/{tickets['old'].id}"),
        "docket": ("gu-yan", "/docket"),
        "docket-act": ("gu-yan", f"/docket/{tickets['arbitration'].id}/arbitrate"),
        "roster": ("gu-yan", "/roster"),
        "sittings": ("gu-yan", "/sittings"),
        "search": ("gu-yan", "/search?words=税务"),
        "board": ("gu-yan", "/board"),
        "overview-head": ("xie-weidong", "/overview"),
        "overview-director": ("shen-guoqiang", "/overview"),
        "overview-supervisor": ("tan-lihua", "/overview"),
        "figures": ("shen-guoqiang", "/figures?since=2026-04-20&until=2026-05-10"),
        "figures-head": ("xie-weidong", "/figures?since=2026-04-20&until=2026-05-10&by=channel"),
        "figures-tickets": ("shen-guoqiang", "/figures/tickets?figure=due&since=2026-04-20&until=2026-05-10"),
        "suggestions": ("gu-yan", "/suggestions?since=2026-04-20&until=2026-05-10"),
        "overruled": ("wei-tao", "/suggestions/rules/tax?since=2026-04-20&until=2026-05-10"),
        "helps": ("he-jing", "/helps"),
        "ledger": ("gu-yan", "/ledger"),
        "ledger-clerk": ("he-jing", "/ledger"),
        "imports": ("gu-yan", "/ledger/imports"),
        "audit": ("shen-pei", "/audit"),
        "audit-forgettings": ("shen-pei", "/audit?part=forgettings"),
        "audit-reveals": ("shen-pei", "/audit?part=reveals"),
        "notices": ("xie-weidong", "/notices"),
        "notices-leader": ("gu-yan", "/notices?state=unread"),
        "channels-none": ("gu-yan", "/account/channels"),
        "deliveries": ("gu-yan", "/deliveries"),
        "reachability": ("gu-yan", "/reachability"),
        "notice-texts": ("wei-tao", "/notices/texts"),
        "notice-text": ("wei-tao", "/notices/texts/deadline.breached"),
        "account": ("gu-yan", "/account"),
        "password": ("gu-yan", "/login/password"),
        "second-factor": ("gu-yan", "/account/second-factor"),
        "nothing-there": ("gu-yan", "/tickets/00000000-0000-7000-8000-000000000000"),
    }


class Looker:
    """Opens pages in one of the looks, as whoever they are for."""

    def __init__(self, house: DeskHouse, chromium: Browser, look: str) -> None:
        self._house, self._chromium, self.look = house, chromium, look
        self._pages: dict[str | None, Page] = {}
        self.complaints: list[str] = []

    def page(self, staff: str | None) -> Page:
        """The window in which somebody is logged in; nobody for None."""
        if staff not in self._pages:
            settings, cookies = LOOKS[self.look]
            context = self._chromium.new_context(locale="zh-CN", **settings)
            context.add_cookies(
                [{"name": name, "value": value, "url": self._house.url} for name, value in cookies.items()]
            )
            self._pages[staff] = context.new_page()
            listen(self._pages[staff], self.complaints)
            if staff:
                log_in(self._pages[staff], self._house, staff)
        return self._pages[staff]

    def close(self) -> None:
        """Close all windows."""
        for page in self._pages.values():
            page.context.close()


def visit(
    house: DeskHouse, tickets: dict[str, Ticket], chromium: Browser, look: str, see: Callable[[str, Page], None]
) -> list[str]:
    """Open every page in a look, those included that only a form leads to; what the browser complained of."""
    looker = Looker(house, chromium, look)
    for name, (staff, path) in (pages(tickets) | entry_pages(house)).items():
        page = looker.page(staff)
        page.goto(house.url + path)
        if name == "roster":
            page.locator("#reachability summary").wait_for()
        see(name, page)
    see_an_import(house, looker.page("gu-yan"), see)
    page = looker.page("peng-zhiyuan")
    page.goto(f"{house.url}/docket")
    page.click("#before")
    page.wait_for_selector("#minutes")
    see("sitting", page)
    page.goto(f"{house.url}/roster")
    page.click("#make-feed")
    page.wait_for_selector("#feed-address")
    see("roster-feed", page)
    see_channels(house, looker.page("xie-weidong"), see)
    page = looker.page(None)
    for name in ("answered", "waiting", "old"):
        page.goto("about:blank")  # from a status page only what follows # would change
        page.goto(f"{house.url}/status#{tickets[name].number}/{tickets[name].code}")
        page.click("main button.primary")
        page.wait_for_selector(".steps")
        see(f"status-{name}", page)
    page = looker.page("he-jing")
    page.goto(f"{house.url}/desk/new")
    for field, value in (
        ("title", "发票"),
        ("text", "开不出来"),
        ("applicant.name", "周小满"),
        ("applicant.phone", "139"),
    ):
        page.fill(f"[id='{field}']", value)
    page.click("main button.primary")
    page.wait_for_selector(".wrong")
    see("clerk-new-wrong", page)
    page.fill("[id='applicant.phone']", "13900001234")
    page.click("main button.primary")
    page.wait_for_selector("#query-code")
    see("receipt", page)
    page.emulate_media(media="print")
    see("receipt-printed", page)
    looker.close()
    return looker.complaints


def main() -> None:
    """Write a picture of each page in each look, or in those that are named."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with desk_house() as house, browser() as chromium:
        tickets = furnish(house)
        solve_some(house)
        for look in sys.argv[1:] or LOOKS:
            visit(house, tickets, chromium, look, lambda name, page: shoot(look, name, page))  # noqa: B023


def shoot(look: str, name: str, page: Page) -> None:
    """Write a picture of a page."""
    page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)


if __name__ == "__main__":
    main()
