"""Documents with the keyboard alone: a ledger is taken out, an old one read in, a template put in place."""

from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.keyboard import at_the_keyboard
from tests.stack.desk_house import DeskHouse
from tests.unit.test_files_word import template

WRITTEN_MS = 30_000


def a_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_a_leader_takes_out_a_ledger(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    leader = at_the_keyboard(house, chromium, complaints, "gu-yan", "/ledger")
    leader.send("生成工作簿")
    expect(leader.page.locator("#exports li a")).to_be_visible(timeout=WRITTEN_MS)
    leader.send("删除", within=".xlsx")
    expect(leader.page.locator("#exports li")).to_have_count(0)


def test_a_leader_reads_in_an_old_ledger(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    leader = at_the_keyboard(house, chromium, complaints, "gu-yan", "/ledger/imports")
    leader.choose_file("台账文件（xlsx 或 csv）", a_file("旧.csv", "甲,乙\n发票,2024-03-05\n".encode()))
    leader.send("查看")
    leader.choose("受理日期 *", "乙")
    leader.choose("事项名称 *", "甲")
    leader.send("重新查看")
    leader.send("导入")
    expect(leader.page.locator("main tbody tr")).to_have_count(1)
    leader.follow("旧台账")
    leader.send("撤销", within="旧")
    expect(leader.page.locator("main tbody")).to_contain_text("由 顾燕 于")


def test_the_operator_changes_a_template(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    operator = at_the_keyboard(house, chromium, complaints, "wei-tao", "/documents")
    operator.choose_file("自有模板（docx）", a_file("own.docx", template("{{ number }}")), within="不予受理告知书")
    operator.send("启用", within="不予受理告知书")
    expect(operator.page.locator("#document-decline .tag")).to_be_visible()
    operator.send("恢复原始模板", within="不予受理告知书")
    expect(operator.page.locator("#document-decline .tag")).to_have_count(0)
