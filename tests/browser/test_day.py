"""A day at the desk in a real browser: each does their part, and sees at once what the others did."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screenshots import LOOKS
from tests.browser.windows import Desk
from tests.stack.desk_house import DeskHouse
from tests.stack.eventually import eventually
from tests.stack.told_house import FarSides, told_house

LIVE_MS = 2000
"""Within this a page shows what somebody else did, without a reload."""
PHONE = LOOKS["phone"][0]


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[DeskHouse, FarSides]]:
    with told_house() as standing:
        yield standing


@pytest.fixture(scope="module")
def house(told: tuple[DeskHouse, FarSides]) -> DeskHouse:
    return told[0]


@pytest.fixture(scope="module")
def far(told: tuple[DeskHouse, FarSides]) -> FarSides:
    return told[1]


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


def test_a_ticket_goes_through_everybodys_hands(desk: Desk, far: FarSides) -> None:
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

    assert eventually(lambda: far.mails("luo-min@example.gov.cn")), "who leads hears of it by mail"
    (mail, *_) = far.mails("luo-min@example.gov.cn")
    assert f"{number} 已交办贵单位" in mail
    tax.goto(mail.partition("打开：")[2].split()[0])
    expect(tax.locator("#ticket-head")).to_contain_text(number)
    for path in ("/wecom", "/dingtalk"):
        assert eventually(lambda path=path: number in far.said(path)), path  # type: ignore[misc]
    sent = [post.said for post in far.web.at("/sms") if post.said["to"] == "13900001234"]
    assert {"applicant.received", "applicant.routed", "applicant.answered"} <= {each["template"] for each in sent}
    assert not re.search("周小满|发票|13900001234", far.said("/wecom") + far.said("/dingtalk") + mail)


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


def test_who_must_know_of_what_is_late_is_told_by_each_channel(house: DeskHouse, far: FarSides) -> None:
    """After the others: days go by meanwhile."""
    late = house.actors.register(
        "退税材料交了三个月没有结果", "去年的退税材料交到税务窗口三个月，每次问都说在审核。"
    ).number
    house.actors.register("公积金提取申请被退回", "公积金提取申请三次被退回，说系统里查不到我的缴存。")
    house.actors.now("2026-05-07 11:02")  # past the minute in which robots are left alone
    for path in ("/feishu", "/webhook"):
        assert eventually(lambda path=path: late in far.said(path), seconds=30), path  # type: ignore[misc]
    assert eventually(lambda: "13900002222" in far.said("/phone"), seconds=30), "one call, of whichever was first"
    assert '"light": "red"' in far.said("/phone")
    assert eventually(lambda: "13900003333" in far.said("/sms"))
    assert "周小满" not in far.said("/feishu") + far.said("/webhook") + far.said("/phone") + far.said("/sms")
