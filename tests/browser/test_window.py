"""The window in a browser: what is alike is shown while typing, files are sent, and axe finds nothing on the way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.screenshots import LOOKS
from tests.browser.standing import faults_of
from tests.browser.windows import listen, log_in
from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse
from tests.stack.files import photo

AXE = Axe()
PHOTO: FilePayload = {"name": "身份证.jpg", "mimeType": "image/jpeg", "buffer": photo()}
NO_PHOTO: FilePayload = {**PHOTO, "buffer": b"<script>alert(1)</script>"}


@pytest.fixture(scope="module")
def solved(house: DeskHouse) -> Ticket:
    ticket = house.actors.register("发票领用簿遗失无法补办", "找了三次税务窗口，都说系统里没有。")
    house.actors.accept(ticket, "SWJ")
    house.actors.liaison("SWJ").post(f"/tickets/{ticket.id}/answer", {"answer": "凭身份证到三号窗口当场补办。"})
    house.sandbox.settle()
    house.actors.window.post(f"/tickets/{ticket.id}/close", {"outcome": "resolved"})
    house.sandbox.settle()
    return ticket


def _window(house: DeskHouse, chromium: Browser, complaints: list[str], staff: str | None, look: str) -> Page:
    page = chromium.new_context(locale="zh-CN", **LOOKS[look][0]).new_page()
    page.set_default_timeout(20_000)
    listen(page, complaints)
    if staff:
        log_in(page, house, staff)
    return page


def test_a_ticket_is_registered_while_what_is_alike_is_shown(
    house: DeskHouse, chromium: Browser, solved: Ticket
) -> None:
    complaints: list[str] = []
    page = _window(house, chromium, complaints, "liu-yang", "light")
    page.goto(f"{house.url}/desk/new")
    page.locator("#title").press_sequentially("发票领用簿遗失")
    alike = page.locator("#similar details", has_text=solved.number)
    expect(alike).to_have_count(1)
    alike.locator("summary").click()
    expect(alike).to_contain_text("凭身份证到三号窗口当场补办")
    assert page.evaluate("document.activeElement.tagName") != "BODY"
    page.fill("#text", "补办不了")
    page.fill("#where-1", "税务局")
    page.fill("#times-1", "3")
    page.fill("#where-2", "街道办")
    page.fill("#missing_materials", "租赁合同")
    page.reload()
    assert (page.input_value("#where-1"), page.input_value("#where-2")) == ("税务局", "街道办"), "each in its place"
    page.fill("[id='applicant.name']", "周小满")
    page.fill("[id='applicant.phone']", "13900001234")
    assert faults_of("new ticket", page) == {}
    page.click("main button.primary")
    page.wait_for_selector("#query-code")
    page.click("text=查看事项")
    expect(page.locator("main")).to_contain_text("税务局 · 3 次")
    for summary in page.locator(".acts > details > summary").all():
        summary.click()
    assert faults_of("all acts unfolded", page) == {}
    page.set_input_files("#file", files=[PHOTO])
    page.click("form[enctype] button.primary")
    expect(page.locator(".files")).to_contain_text("窗口上传")
    assert complaints == []
    page.context.close()


def test_a_citizen_sends_a_photo_from_a_phone(house: DeskHouse, chromium: Browser) -> None:
    complaints: list[str] = []
    ticket = house.actors.register("发票从手机上传", "跑了三次税务窗口，都让等通知。")
    page = _window(house, chromium, complaints, None, "phone")
    page.goto(f"{house.url}/status#{ticket.number}/{ticket.code}")
    page.click("main button.primary")
    page.set_input_files("#file", files=[NO_PHOTO])
    page.click("#files button.primary")
    expect(page.locator("#file-fault")).to_contain_text("只收 JPEG、PNG、WebP 图片或 PDF")
    assert AXE.run(page).violations_count == 0, AXE.run(page).generate_report()
    page.set_input_files("#file", files=[PHOTO])
    page.click("#files button.primary")
    expect(page.locator(".files")).to_contain_text("您上传")
    assert AXE.run(page).violations_count == 0, AXE.run(page).generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("text=收回")
    expect(page.locator(".files")).to_have_count(0)
    assert complaints == []
    page.context.close()


def test_the_own_cards_change_while_they_are_looked_at(house: DeskHouse, chromium: Browser) -> None:
    complaints: list[str] = []
    ticket = house.actors.register("发票专用章刻制没人批", "跑了三次税务窗口，都让等通知。")
    house.actors.accept(ticket, "SWJ")
    house.sandbox.settle()
    page = _window(house, chromium, complaints, "liu-yang", "light")
    card = page.locator("#followed-tickets li", has_text=ticket.number)
    expect(card).to_have_count(1)
    progress = {"progress": "已约申请人明日来办。"}
    house.actors.liaison("SWJ").post(f"/assignments/{house.actors.assignment(ticket, 'SWJ')['id']}/progress", progress)
    expect(card).to_contain_text("已约申请人明日来办", timeout=4000)
    assert complaints == []
    page.context.close()
