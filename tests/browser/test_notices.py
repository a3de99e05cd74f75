"""A notice is seen without a reload, is read, and goes by the channels that one has set; by keyboard."""

from playwright.sync_api import Browser, expect

from tests.browser.keyboard import at_the_keyboard
from tests.browser.windows import Desk
from tests.stack.desk_house import DeskHouse

SEEN_MS = 2000
HEAD, LIAISON, OPERATOR = "xie-weidong", "luo-min", "wei-tao"


def test_a_notice_is_seen_at_once(house: DeskHouse, desk: Desk) -> None:
    house.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
    head, other = desk.window(HEAD), desk.window(HEAD)
    head.goto(f"{house.url}/notices")
    expect(head.locator("#unread")).to_be_empty()
    expect(head.locator("article.notice")).to_have_count(0)
    house.actors.now("2026-05-06 09:30")
    expect(other.locator("#unread .tag")).to_be_visible(timeout=SEEN_MS)
    expect(head.locator("#unread .tag")).to_be_visible(timeout=SEEN_MS)
    expect(head.locator("article.notice.unread").first).to_be_visible(timeout=SEEN_MS)
    with head.expect_navigation():
        head.locator("#read-all").click()
    expect(other.locator("#unread")).to_be_empty(timeout=SEEN_MS)


def test_notices_are_read_by_keyboard(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    ticket = house.actors.register("契税减免一直没有答复", "契税减免申请交上去一个月，没有答复。")
    house.actors.now("2026-05-12 09:30")
    liaison = at_the_keyboard(house, chromium, complaints, LIAISON)
    expect(liaison.page.locator("#unread .tag")).to_be_visible()
    liaison.page.goto(f"{house.url}/notices")
    notices = liaison.page.locator("article.notice.unread", has_text=ticket.number)
    before = notices.count()
    liaison.send("打开事项", within=ticket.number)
    expect(liaison.page.locator("main h1")).to_contain_text("契税减免")
    liaison.page.goto(f"{house.url}/notices")
    expect(notices).to_have_count(before - 1)
    liaison.send("标为已读")
    liaison.send("全部标为已读")
    expect(liaison.page.locator("article.notice.unread")).to_have_count(0)


def test_channels_are_set_by_keyboard(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    liaison = at_the_keyboard(house, chromium, complaints, LIAISON)
    liaison.page.goto(f"{house.url}/account")
    liaison.follow("我的通知方式")
    for kind, address in (("电子邮件", "luo-min@example.gov.cn"), ("短信", "13900001111")):
        liaison.choose("渠道", kind)
        liaison.write("地址或号码", address)
        liaison.send("添加")
    liaison.send("发送测试消息：短信")
    expect(liaison.page.locator(".channels")).to_contain_text("未配置短信或电话网关")
    headings = liaison.page.locator(".channels h2")
    liaison.send("提前：短信")
    expect(headings.first).to_contain_text("短信")
    liaison.tick("启用", within="短信")
    liaison.send("保存：短信")
    expect(headings.first).to_contain_text("已停用")
    liaison.choose("合并发送", "每 60 分钟一次")
    liaison.send("保存")
    expect(liaison.page.locator("#digest_minutes")).to_have_value("60")
    liaison.send("删除：电子邮件")
    expect(headings).to_have_count(1)


def test_a_text_is_tried_out_by_keyboard(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    operator = at_the_keyboard(house, chromium, complaints, OPERATOR)
    operator.page.goto(f"{house.url}/notices/texts/deadline.breached")
    operator.write("文字", "{number} 请速办")
    preview = operator.page.locator("#preview")
    expect(preview).to_contain_text("-0001 请速办")
    operator.send("预览效果")
    expect(preview).to_contain_text("-0001 请速办")
    operator.send("写入中心配置")
    expect(operator.page.locator("ins")).to_contain_text("请速办")
