"""A day at the desk in a real browser: each does their part, and sees at once what the others did."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.furniture import furnish
from tests.browser.screenshots import LOOKS, visit
from tests.browser.standing import faults_in_english, faults_of
from tests.browser.windows import Desk
from tests.e2e.actors import Ticket
from tests.stack.desk_house import DeskHouse

LIVE_MS = 2000
"""Within this a page shows what somebody else did, without a reload."""
PHONE = LOOKS["phone"][0]


def _fill(page: Page, title: str, text: str, phone: str = "13900001234") -> None:
    typed = {"title": title, "text": text, "applicant.name": "周小满", "applicant.phone": phone}
    for field, value in typed.items():
        page.fill(f"[id='{field}']", value)


def _register(page: Page, title: str, text: str) -> tuple[str, str]:
    """At the window; number and code of the receipt."""
    page.goto(page.url.partition("/desk")[0] + "/desk/new")
    _fill(page, title, text)
    page.click("main button.primary")
    return page.inner_text("#number"), page.inner_text("#query-code")


def _do(page: Page, act: str, **form: str) -> None:
    """Open one of the acts of a ticket's page, fill it in and send it."""
    card = page.locator("#ticket-acts > *", has_text=act).first
    if card.evaluate("each => each.tagName") == "DETAILS":
        card.locator("summary").click()
    for name, value in form.items():
        field = card.locator(f"[name='{name}']")
        field.select_option(value) if field.evaluate("each => each.tagName") == "SELECT" else field.fill(value)
    with page.expect_navigation():
        card.locator("button").click()


def test_a_ticket_goes_through_everybodys_hands(desk: Desk) -> None:
    house, title = desk.house, "楼道里的旧沙发没人搬"
    tax, market, leader = desk.window("luo-min"), desk.window("cai-yun"), desk.window("gu-yan")
    clerk = desk.window("liu-yang")

    clerk.goto(f"{house.url}/desk/new")
    _fill(clerk, "发票开不出来", "跑了三次税务窗口，都让等通知。", phone="139")
    clerk.click("main button.primary")
    fault = clerk.locator("[id='applicant.phone-fault']")
    expect(fault).to_contain_text("须为 11 位手机号")
    assert clerk.locator("[id='applicant.phone']").get_attribute("aria-describedby") == "applicant.phone-fault"
    assert clerk.input_value("#title") == "发票开不出来", "what was typed is still there"
    clerk.fill("[id='applicant.phone']", "13900001234")
    clerk.click("main button.primary")
    number, code = clerk.inner_text("#number"), clerk.inner_text("#query-code")

    row = tax.locator("#rows tr", has_text=number)
    expect(row).to_be_visible(timeout=LIVE_MS)
    row.locator("input[type=checkbox]").check()
    tax.click("text=签收所选事项")
    expect(row).to_contain_text("办理中")
    row.locator("a").click()
    _do(tax, "退回", reason="not_our_duty", explanation="这是营业执照的事，应由市场监管部门办理。", suggest="SJJ")
    expect(tax.locator("#ticket-facts")).to_contain_text("已退回")

    row = market.locator("#rows tr", has_text=number)
    expect(row).to_be_visible(timeout=LIVE_MS)
    row.locator("a").click()
    _do(market, "退回", reason="not_our_duty", explanation="发票由税务部门管，不属于我局职责。")

    docket = leader.locator("#docket article", has_text=number)
    expect(docket).to_be_visible(timeout=2 * LIVE_MS)
    docket.locator("summary").click()
    docket.locator("[name=lead]").select_option("SJJ")
    docket.locator("[name=why]").fill("由市场监督管理局负责到底，税务配合。")
    docket.locator("text=裁决（终局）").click()
    expect(leader.locator("#docket article", has_text=number)).to_have_count(0)

    market.goto(f"{house.url}/inbox")
    row = market.locator("#rows tr", has_text=number)
    expect(row).to_be_visible(timeout=LIVE_MS)
    row.locator("a").click()
    _do(market, "签收")
    _do(market, "答复群众", answer="开票权限已恢复，可到窗口领票。")
    expect(market.locator("#ticket-facts")).to_contain_text("开票权限已恢复")

    citizen = desk.window(**PHONE)
    citizen.goto(f"{house.url}/status#{number}/{code}")
    citizen.click("main button.primary")
    expect(citizen.locator("main")).to_contain_text("开票权限已恢复")
    assert citizen.evaluate("document.documentElement.scrollWidth") <= 390
    citizen.check("[value=very_dissatisfied]")
    citizen.fill("[name=comment]", "还是领不到")
    citizen.click("text=提交评价")
    expect(citizen.locator(".steps [aria-current=step]")).not_to_contain_text("答复")

    leader.goto(f"{house.url}/search?words={number[-9:]}")
    leader.locator("#rows a").first.click()
    expect(leader.locator("#ticket-head")).to_contain_text("第 2 轮")
    assert title not in leader.content()
    assert not re.search(r"keyword:|>lead<|not_our_duty(?!\")|no_rule", leader.inner_text("main"))


def test_a_double_click_on_register_makes_one_ticket(desk: Desk) -> None:
    clerk = desk.window("liu-yang")
    clerk.goto(f"{desk.house.url}/desk/new")
    _fill(clerk, "契税双击登记一次", "契税减免申请交上去一个月，没有答复。")
    clerk.dblclick("main button.primary")
    clerk.wait_for_selector("#query-code")
    clerk.goto(f"{desk.house.url}/desk")
    expect(clerk.locator("#rows tr", has_text="契税双击登记一次")).to_have_count(1)


def test_an_assignment_is_signed_for_by_keyboard_alone(desk: Desk) -> None:
    clerk = desk.window("liu-yang")
    number, _ = _register(clerk, "发票键盘签收", "跑了三次税务窗口，都让等通知。")
    tax = desk.window("luo-min")
    row = tax.locator("#rows tr", has_text=number)
    expect(row).to_be_visible()
    box = row.locator("input[type=checkbox]")
    for _ in range(60):
        tax.keyboard.press("Tab")
        if box.evaluate("each => each === document.activeElement"):
            break
    assert box.evaluate("each => getComputedStyle(each).outlineStyle") != "none", "who types sees where they are"
    tax.keyboard.press("Space")
    tax.keyboard.press("Enter")
    expect(row).to_contain_text("办理中")


def test_what_is_typed_on_a_tickets_page_stays_when_it_changes(desk: Desk) -> None:
    clerk = desk.window("liu-yang")
    number, _ = _register(clerk, "发票输入一半", "跑了三次税务窗口，都让等通知。")
    tax = desk.window("luo-min")
    tax.locator("#rows tr", has_text=number).locator("a").click()
    tax.locator("summary", has_text="退回").click()
    tax.fill("#explanation", "打到一半的说明")
    tax.focus("#explanation")
    other = desk.window("luo-min")
    other.locator("#rows tr", has_text=number).locator("input").check()
    other.click("text=签收所选事项")
    expect(tax.locator("#ticket-facts")).to_contain_text("办理中", timeout=LIVE_MS)
    assert tax.input_value("#explanation") == "打到一半的说明"
    assert tax.evaluate("document.activeElement.id") == "explanation"


@pytest.fixture(scope="module")
def tickets(house: DeskHouse) -> dict[str, Ticket]:
    """After the others: days go by meanwhile."""
    return furnish(house)


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
