"""What was typed into a form that is refused stands there again on the way back, and the form is open."""

from playwright.sync_api import expect

from tests.browser.windows import Desk


def test_an_answer_that_is_refused_is_not_typed_twice(desk: Desk) -> None:
    ticket = desk.house.actors.register("发票领用簿遗失无法补办", "找了三次税务窗口，都说系统里没有。")
    desk.house.actors.accept(ticket, "SWJ")
    desk.house.sandbox.settle()
    page = desk.window("luo-min")
    page.goto(f"{desk.house.url}/tickets/{ticket.id}")
    page.get_by_text("答复群众", exact=True).click()
    page.fill("#answer", "好")
    page.locator("#answer").locator("xpath=ancestor::form").get_by_role("button").click()
    expect(page.locator("[data-failed]")).to_be_visible()
    page.click("#back")
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#answer")).to_have_value("好")
    page.fill("#answer", "凭身份证到三号窗口当场补办。")
    page.locator("#answer").locator("xpath=ancestor::form").get_by_role("button").click()
    expect(page.locator("#ticket-facts")).to_contain_text("凭身份证到三号窗口当场补办。")
    page.reload()
    assert page.evaluate("Object.keys(sessionStorage)") == [], "what was taken is kept no longer"
