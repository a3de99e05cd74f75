"""The ledger and the documents in Chromium: taken out with the keyboard, by pages in which axe finds nothing."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.windows import Desk
from tests.unit.test_files_word import template

AXE = Axe()


def test_a_ledger_is_written_while_one_looks_and_then_taken_out(desk: Desk) -> None:
    desk.house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    page = desk.window("he-jing")
    page.goto(f"{desk.house.url}/desk")
    page.click("main .head a.button:not(.primary)")
    page.focus("form.card button.primary")
    page.keyboard.press("Enter")
    link = page.locator("#exports li a")
    expect(link).to_be_visible(timeout=30_000)
    result = AXE.run(page)
    assert result.violations_count == 0, result.generate_report()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_operator_puts_a_template_in_place(desk: Desk) -> None:
    page = desk.window("wei-tao")
    page.goto(f"{desk.house.url}/documents")
    for text, seen in (("{{ titel }}", "#fault"), ("{{ number }}", "#document-decline .tag")):
        file = {"name": "own.docx", "mimeType": "application/octet-stream", "buffer": template(text)}
        page.set_input_files("#file-decline", file)  # type: ignore[arg-type]
        page.click("#document-decline button.primary")
        expect(page.locator(seen)).to_be_visible()
    with page.expect_download() as download:
        page.click("#document-decline p a")
    assert download.value.suggested_filename == "不予受理告知书.docx"
