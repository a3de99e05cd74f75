"""The question base with the keyboard alone: an entry from its draft to the review of a week; 876 are read in."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect

from schemas.enums import Role
from services.files.csv_table import csv_table
from tests.browser.keyboard import at_the_keyboard
from tests.stack.desk_house import SCRIPT, DeskHouse
from tests.stack.eventually import eventually

ROWS = 876
QUESTION = f"企业跨区迁移怎么办税务迁移？{SCRIPT}"
LIST_MS, READ_IN_MS = 20_000, 60_000


def is_clean(page: Page) -> None:
    """Axe finds nothing."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def a_table() -> FilePayload:
    """Made-up entries of the tax office, and one that nobody could sign."""
    head = ["问题", "答案", "政策依据", "审核部门", "有效期至", "所需材料"]
    rows = [
        [
            f"第{nth}个办税问题怎么办？",
            f"第{nth}个问题的答复：到三号窗口。",
            "税收征收管理法",
            "税务局",
            "2027-04-01",
            "甲；乙",
        ]
        for nth in range(1, ROWS + 1)
    ]
    bad = ["谁来回答？", "打电话13812345678。", "税收征收管理法", "税务局", "2027-04-01", ""]
    return {"name": "问答.csv", "mimeType": "text/csv", "buffer": csv_table(head, [*rows, bad])}


def test_an_entry_is_written_vetted_flagged_and_reviewed(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    clerk = at_the_keyboard(house, chromium, complaints, "he-jing", "/entries/new")
    clerk.write("问题", QUESTION)
    clerk.write("答案", "到窗口办理。")
    clerk.write("名称 1", "税务登记管理办法")
    clerk.tick("税务局")
    is_clean(clerk.page)
    clerk.send("保存草稿")
    clerk.follow("继续编写")
    clerk.write("答案", "先在电子税务局提交，三个工作日办结。")
    clerk.page.fill("#valid_until", "2026-05-31")
    clerk.send("保存草稿")
    clerk.send("提交审核")
    expect(clerk.page.locator("#entry")).to_contain_text("审核中")

    tax = at_the_keyboard(house, chromium, complaints, "luo-min", "/vetting")
    tax.tick("签批 Q-0001")
    is_clean(tax.page)
    tax.send("签批勾选的条目")
    expect(tax.page.locator("#vettings")).to_contain_text("没有待审核的条目")
    justice = at_the_keyboard(house, chromium, complaints, "pei-qing", "/vetting")
    justice.follow(QUESTION)
    justice.send("签批通过")
    expect(justice.page.locator("#entry .light.green")).to_have_text("使用中")
    expect(clerk.page.locator("#entry .light.green")).to_have_text("使用中")

    clerk.page.reload()
    clerk.open("内容有误，我要纠错")
    clerk.write("哪里有误", "电话打不通。")
    clerk.send("内容有误，我要纠错")
    tax.page.goto(clerk.page.url)
    is_clean(tax.page)
    tax.open("判定")
    tax.write("理由", "已核对，电话畅通。", within="电话打不通")
    tax.send("纠错不成立", within="电话打不通")

    house.actors.now("2026-05-11 08:01")
    tax.page.goto(f"{house.url}/review")
    expect(tax.page.locator("#reviews article")).to_have_count(1, timeout=LIST_MS)
    is_clean(tax.page)
    tax.page.reload()
    tax.send("内容无误，继续使用")
    expect(tax.page.locator("#reviews")).to_contain_text("清单上没有条目")
    assert clerk.page.locator("img[src=x]").count() == 0


def test_876_entries_are_read_in_before_ones_eyes_and_taken_away(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    operator = at_the_keyboard(house, chromium, complaints, "wei-tao", "/entries/imports")
    operator.choose_file("问答表格（xlsx 或 csv）", a_table())
    operator.send("查看")
    expect(operator.page.locator("main")).to_contain_text(f"可导入的行：{ROWS}")
    expect(operator.page.locator("main")).to_contain_text("不得含有个人信息")
    operator.choose("其他问法（分号隔开）", "所需材料")
    operator.send("重新查看")
    is_clean(operator.page)
    operator.send("导入")
    expect(operator.page.locator("progress")).to_be_visible()
    expect(operator.page.locator("#progress")).to_contain_text(f"已导入 {ROWS} 行", timeout=READ_IN_MS)
    is_clean(operator.page)
    tax = at_the_keyboard(house, chromium, complaints, "xie-weidong", "/vetting/imported")
    expect(tax.page.locator("tbody tr")).to_have_count(50)
    is_clean(tax.page)
    tax.send("签批勾选的条目")
    justice = house.sandbox.client("knowledge", house.sandbox.token("pei-qing", Role.LIAISON, department="SFJ"))
    assert eventually(lambda: len(justice.get("/vettings", limit=200)["items"]) == 50)
    operator.page.goto(f"{house.url}/entries/imports")
    operator.send("撤销", within="问答")
    expect(operator.page.locator("main tbody")).to_contain_text("由 魏涛 于")


def test_each_page_is_there_for_those_whose_it_is(house: DeskHouse) -> None:
    closed = {
        "shen-pei": {"/entries/new", "/entries/imports", "/vetting/imported"},
        "wei-tao": {"/entries/new", "/vetting/imported"},
        "tan-lihua": {"/entries/new", "/entries/imports", "/vetting/imported"},
        "luo-min": {"/entries/imports"},
    }
    for staff, paths in closed.items():
        person = house.person(staff)
        for path in ("/entries", "/entries/new", "/entries/imports", "/vetting", "/vetting/imported", "/review"):
            assert person.get(path).status_code == (404 if path in paths else 200), (staff, path)
    assert house.visitor().get("/entries").headers["Location"].startswith("/login")
