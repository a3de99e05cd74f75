"""The docket in a real browser: by keyboard alone, and nothing is taken from under the hands of who types."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.windows import listen, log_in
from tests.stack.desk_house import DeskHouse

LIVE_MS = 4000


@pytest.fixture
def leader(house: DeskHouse, chromium: Browser) -> Iterator[Page]:
    """The docket, open on the leader's screen."""
    complaints: list[str] = []
    page = chromium.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(10_000)
    listen(page, complaints)
    log_in(page, house, "gu-yan")
    page.goto(f"{house.url}/docket")
    yield page
    page.context.close()
    assert complaints == []


def undecided(house: DeskHouse, title: str) -> str:
    """A ticket that no rule fits; its number."""
    return house.actors.register(title, "打了几个电话，都说找别人，没有人管。").number


def reach(page: Page, selector: str) -> None:
    """Press Tab until that has the focus."""
    wanted = page.locator(selector)
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {selector}")


def test_a_leader_decides_by_keyboard_alone(house: DeskHouse, leader: Page) -> None:
    number = undecided(house, "楼道里的旧沙发没人搬")
    article = leader.locator("#docket article", has_text=number)
    expect(article).to_be_visible(timeout=LIVE_MS)
    reach(leader, f"article:has-text('{number}') summary")
    leader.keyboard.press("Enter")
    expect(article.locator("[name=lead]")).to_be_visible()
    reach(leader, f"article:has-text('{number}') [name=lead]")
    leader.keyboard.press("ArrowDown")
    reach(leader, f"article:has-text('{number}') textarea")
    leader.keyboard.type("由该单位负责清运到底。")
    leader.keyboard.press("Tab")
    with leader.expect_navigation():
        leader.keyboard.press("Enter")
    expect(leader.locator("#docket article", has_text=number)).to_have_count(0)
    assert leader.url.endswith("#docket-arbitration"), "one goes on where one was"


def test_what_is_typed_stays_while_the_rest_goes_on(house: DeskHouse, leader: Page) -> None:
    number = undecided(house, "小区门口的石墩没人挪")
    article = leader.locator("#docket article", has_text=number)
    expect(article).to_be_visible(timeout=LIVE_MS)
    article.locator("summary").click()
    article.locator("textarea").fill("打到一半的理由")
    article.locator("textarea").focus()
    applicant = {"kind": "person", "name": "周小满", "phone": "13911113333"}
    said = ("契税减免没有答复", "契税减免申请交上去一个月，没有答复。")
    house.actors.register(*said, applicant=applicant)
    again = house.actors.register(*said, applicant=applicant).number
    other = undecided(house, "河边的栏杆坏了没人修")
    expect(leader.locator("#docket-repeats", has_text=again)).to_be_visible(timeout=LIVE_MS)
    assert article.locator("textarea").input_value() == "打到一半的理由"
    assert leader.evaluate("document.activeElement.tagName") == "TEXTAREA"
    expect(leader.locator("#docket-arbitration", has_text=other)).to_have_count(0)
    article.locator("summary").click()
    expect(leader.locator("#docket-arbitration", has_text=other)).to_be_visible(timeout=LIVE_MS)


def test_a_form_that_is_still_on_its_way_is_not_swapped_away(house: DeskHouse, leader: Page) -> None:
    number = undecided(house, "地下室的灯坏了没人修")
    article = leader.locator("#docket article", has_text=number)
    expect(article).to_be_visible(timeout=LIVE_MS)
    leader.wait_for_timeout(LIVE_MS)  # until the registration has been fetched in full

    def opened_meanwhile(route: Route) -> None:
        article.locator("details").evaluate("each => { each.open = true }")
        route.continue_()

    def late(route: Route) -> None:
        time.sleep(1)  # the browser goes on; to wait by its own means would outlive the page
        route.continue_()

    leader.route("**/docket?section=arbitration*", opened_meanwhile, times=1)
    leader.route("**/arbitrate*", late, times=1)
    leader.evaluate("document.body.dispatchEvent(new Event('docket'))")
    expect(article.locator("[name=lead]")).to_be_visible()


def test_what_is_typed_is_there_again_after_a_refusal(house: DeskHouse, leader: Page) -> None:
    number = undecided(house, "院子的石桌裂了没人换")
    article = leader.locator("#docket article", has_text=number)
    expect(article).to_be_visible(timeout=LIVE_MS)
    article.locator("summary").click()
    article.locator("[name=lead]").select_option("CGJ")
    article.locator("textarea").fill("          由城管负责")
    article.locator("[name=assisting][value=GAJ]").check()
    article.locator("textarea").evaluate("each => { each.value = '     '; each.form.noValidate = true }")
    with leader.expect_navigation():
        article.locator("button").click()
    expect(leader.locator("[data-failed]")).to_be_visible()
    leader.goto(f"{house.url}/docket")
    leader.locator("#docket article", has_text=number).locator("summary").click()
    expect(leader.locator("[name=assisting][value=GAJ]")).to_be_checked()
    assert leader.locator("[name=lead]").input_value() == "CGJ"
    leader.locator("textarea").fill("由城市管理局负责到底。")
    with leader.expect_navigation():
        leader.locator("article", has_text=number).locator("button").click()
    expect(leader.locator("#docket article", has_text=number)).to_have_count(0)
    assert leader.evaluate("Object.keys(sessionStorage).length") == 0, "what was sent is kept no longer"


def test_a_form_has_a_page_of_its_own_without_javascript(house: DeskHouse, chromium: Browser) -> None:
    number = undecided(house, "走廊的窗户漏风没人管")
    page = chromium.new_context(locale="zh-CN", java_script_enabled=False).new_page()
    log_in(page, house, "gu-yan")
    page.goto(f"{house.url}/docket")
    article = page.locator("#docket article", has_text=number)
    article.locator("summary").click()
    article.locator("details a").click()
    expect(page.locator("main")).to_contain_text(number)
    page.locator("[name=lead]").select_option("CGJ")
    page.locator("textarea").fill("由城市管理局负责到底。")
    page.click("main button.primary")
    expect(page).to_have_url(re.compile("/docket#docket-arbitration$"))
    expect(page.locator("#docket article", has_text=number)).to_have_count(0)
    page.context.close()
