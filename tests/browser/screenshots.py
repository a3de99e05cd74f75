"""Shows every page in each of its looks: `make screenshots` writes them to build/screenshots."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from schemas.enums import Role
from tests.e2e.actors import Ticket
from tests.stack.chromium import browser
from tests.stack.desk_house import DeskHouse, desk_house

FOLDER = Path("build/screenshots")
LOOKS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "light": ({"viewport": {"width": 1280, "height": 800}}, {}),
    "dark": ({"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}, {}),
    "phone": ({"viewport": {"width": 390, "height": 844}, "is_mobile": True, "device_scale_factor": 2}, {}),
    "large": ({"viewport": {"width": 1280, "height": 800}}, {"text": "large"}),
    "english": ({"viewport": {"width": 1280, "height": 800}}, {"language": "en"}),
    "english-phone": ({"viewport": {"width": 390, "height": 844}, "is_mobile": True}, {"language": "en"}),
}


def furnish(house: DeskHouse) -> dict[str, Ticket]:
    """Tickets of every sort: new, signed for, returned, in arbitration, answered, waiting for papers, broken."""
    actors = house.actors
    tickets = {
        "old": actors.register("退税材料交了三个月没有结果", "去年的退税材料交到税务窗口三个月，每次问都说在审核。"),
        "arbitration": actors.register("楼道里的旧沙发没人搬", "楼道里堆了旧沙发半年，打了几个电话都说找别人。"),
        "answered": actors.register("公积金提取申请被退回", "公积金提取申请三次被退回，说系统里查不到我的缴存。"),
        "waiting": actors.register("营业执照变更被退回", "营业执照变更法人，每次都说缺材料。"),
        "complex": actors.register(
            "培训机构消防手续互相推", "培训机构办证要消防意见，消防说先办证。", cause="department_gap"
        ),
    }
    actors.accept(tickets["answered"], "GJJ")
    actors.liaison("GJJ").post(
        f"/tickets/{tickets['answered'].id}/answer", {"answer": "缴存记录已补录，请到窗口提取。"}
    )
    actors.clerk.post(
        f"/tickets/{tickets['waiting'].id}/materials", {"items": ["法定代表人身份证复印件", "股东会决议"]}
    )
    actors.accept(tickets["complex"], "WTJ")
    peng = house.sandbox.client("routing", house.sandbox.token("peng-zhiyuan", Role.DUTY_LEADER))
    sitting = peng.post("/sittings/open")["id"]
    actors.now("2026-04-28 12:00")
    peng.post(f"/sittings/{sitting}/close")
    extension = {"working_days": 2, "reason": "须等消防部门出具现场意见", "legal_basis": "行政许可法第四十二条"}
    actors.now("2026-05-07 11:00")
    tickets["new"] = actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。电话13900001234。")
    actors.accept(tickets["new"], "SWJ")
    tickets["fresh"] = actors.register("契税减免一直没有答复", "契税减免申请交上去一个月，没有答复。")
    actors.liaison("SWJ").post(f"/tickets/{tickets['new'].id}/extension", extension)
    _bring_together(house, tickets)
    house.sandbox.settle()
    return tickets


def _bring_together(house: DeskHouse, tickets: dict[str, Ticket]) -> None:
    """Two complex tickets more: of one the departments meet, of the other the report is filed and not signed by all."""
    actors = house.actors
    for name, title in (("meeting", "培训学校消防验收没人管"), ("reported", "托管班办证消防手续卡住")):
        ticket = tickets[name] = actors.register(
            title, "培训机构办证要消防意见，消防说先办证。", cause="department_gap"
        )
        departments = [each["department"] for each in actors.ticket(ticket)["assignments"]]
        actors.accept(ticket, *departments)
        called = {"meets_at": "2026-05-08T14:30:00+08:00", "place": "三楼会议室", "departments": departments}
        meeting = actors.leader.post(f"/tickets/{ticket.id}/meetings", called)
        progress = {"progress": "已约消防部门周五现场核对。"}
        actors.liaison("WTJ").post(f"/assignments/{actors.assignment(ticket, 'WTJ')['id']}/progress", progress)
    actors.leader.post(f"/meetings/{meeting['id']}/hold", {"outcome": "先出消防意见书，再办许可。"})
    report = {"report": "专题报告：文旅与教育、住建现场会商，先办消防意见书，再办许可，五日内办结。"}
    actors.liaison("WTJ").post(f"/tickets/{tickets['reported'].id}/report", report)
    actors.liaison("JYJ").post(f"/tickets/{tickets['reported'].id}/report/sign")


def pages(tickets: dict[str, Ticket]) -> dict[str, tuple[str | None, str]]:
    """Every page by its name: who looks at it, and its address."""
    return {
        "login": (None, "/login"),
        "status-form": (None, "/status"),
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
        "audit": ("shen-pei", "/audit"),
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


def listen(page: Page, complaints: list[str]) -> None:
    """Note what the browser's console complains of, such as what a page may not load."""

    def note(kind: str, text: str) -> None:
        # A page that says what cannot be done has the status of that, which Chromium notes as an error.
        if kind in ("error", "warning") and "status of 4" not in text:
            complaints.append(text)

    page.on("console", lambda message: note(message.type, message.text))
    page.on("pageerror", lambda error: note("error", str(error)))


def log_in(page: Page, house: DeskHouse, staff: str) -> None:
    """Log somebody in, by the form."""
    page.goto(f"{house.url}/login")
    page.fill("#staff", staff)
    page.fill("#password", house.password(staff))
    page.click("main button.primary")
    page.wait_for_url(lambda url: "/login" not in url)


def visit(
    house: DeskHouse, tickets: dict[str, Ticket], chromium: Browser, look: str, see: Callable[[str, Page], None]
) -> list[str]:
    """Open every page in a look, those included that only a form leads to; what the browser complained of."""
    looker = Looker(house, chromium, look)
    for name, (staff, path) in pages(tickets).items():
        page = looker.page(staff)
        page.goto(house.url + path)
        see(name, page)
    page = looker.page("peng-zhiyuan")
    page.goto(f"{house.url}/docket")
    page.click("#before")
    page.wait_for_selector("#minutes")
    see("sitting", page)
    page.goto(f"{house.url}/roster")
    page.click("#make-feed")
    page.wait_for_selector("#feed-address")
    see("roster-feed", page)
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
        for look in sys.argv[1:] or LOOKS:
            visit(house, tickets, chromium, look, lambda name, page: shoot(look, name, page))  # noqa: B023


def shoot(look: str, name: str, page: Page) -> None:
    """Write a picture of a page."""
    page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=True)


if __name__ == "__main__":
    main()
