"""Leaders swap sittings, take leave and subscribe to their own, and the next leader reads, with the keyboard alone."""

from datetime import timedelta

from playwright.sync_api import Browser, expect

from tests.browser.keyboard import Keyboard, at_the_keyboard
from tests.e2e.actors import at
from tests.stack.desk_house import DeskHouse

PENG, LIANG, DIRECTOR = "peng-zhiyuan", "liang-xiaomei", "shen-guoqiang"
NONE, IN_FORCE = "无变更", "已生效"


def ask_to_swap(leader: Keyboard, other: str) -> None:
    """Propose the first sitting to come of one's own for the first one of another."""
    leader.open("换班")
    field = leader.page.locator("details[open] select")
    option = field.locator("option", has_text=other).first.inner_text()
    leader.choose("与哪一次坐班互换", option)
    leader.send("征求对方同意")


def changes(worker: Keyboard) -> str:
    """The table of what was changed."""
    return worker.page.locator("#roster section:last-of-type").inner_text()


def test_leaders_swap_sittings(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    peng = at_the_keyboard(house, chromium, complaints, PENG)
    liang = at_the_keyboard(house, chromium, complaints, LIANG)
    for keyboard in (peng, liang):
        keyboard.follow("值班表")
    ask_to_swap(peng, "梁晓梅")
    expect(liang.page.locator("#roster")).to_contain_text("换班申请", timeout=4000)
    liang.send("不同意")
    assert NONE in changes(liang)
    peng.page.reload()
    ask_to_swap(peng, "梁晓梅")
    peng.send("撤回", within="待对方确认")
    assert NONE in changes(peng)
    ask_to_swap(peng, "梁晓梅")
    liang.page.reload()
    liang.send("同意")
    assert IN_FORCE in changes(liang)


def test_a_leader_takes_leave_and_names_who_sits_instead(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    fang = at_the_keyboard(house, chromium, complaints, "fang-jian")
    fang.follow("值班表")
    fang.open("请假")
    first = at("2026-05-11 00:00")
    fang.write_moment("起始日", first)
    fang.write_moment("结束日", first + timedelta(days=4))
    fang.send("登记请假")
    expect(fang.page.locator("#roster")).to_contain_text("尚未指定替班人")
    fang.open("指定替班人")
    fang.choose("由谁替班", "顾燕")
    fang.send("确定")
    assert "由顾燕替班" in changes(fang)
    director = at_the_keyboard(house, chromium, complaints, DIRECTOR)
    director.follow("值班表")
    director.open("另行指定替班人", within="方健")
    director.choose("由谁替班", "彭志远", within="方健")
    director.send("确定", within="方健")
    assert "由彭志远替班" in changes(director)
    director.open("请假")
    director.choose("请假人", "顾燕")
    director.write_moment("起始日", at("2026-05-18 00:00"))
    director.write_moment("结束日", at("2026-05-20 00:00"))
    director.choose("由谁替班", "梁晓梅")
    director.send("登记请假")
    director.send("撤回", within="由梁晓梅替班")
    assert "由梁晓梅替班" not in changes(director)


def test_a_leader_subscribes_to_the_own_sittings(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    leader = at_the_keyboard(house, chromium, complaints, "gu-yan")
    leader.follow("值班表")
    leader.send("生成保密地址")
    leader.reach("textbox", "地址")
    assert "/calendar/" in leader.page.input_value("#feed-address")
    leader.follow("返回值班表")
    leader.send("撤销地址")
    leader.reach("button", "生成保密地址")
    leader.reach("link", "下载", back=True)
    with leader.page.expect_download() as given:
        leader.page.keyboard.press("Enter")
    assert given.value.suggested_filename.endswith(".ics")


def test_the_next_leader_reads_what_is_handed_over(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    peng = at_the_keyboard(house, chromium, complaints, PENG)
    peng.follow("待裁事项")
    peng.send("开始坐班")
    peng.send("结束坐班并写纪要")
    peng.write("给下一位坐班领导的交接说明", "旧沙发的清运请继续盯办。")
    peng.send("暂存，稍后签署")
    peng.tick("我已阅读。签署后不能再更改。")
    peng.send("签署")
    house.actors.now("2026-04-30 09:05")
    following = at_the_keyboard(house, chromium, complaints, LIANG)
    following.follow("待裁事项")
    handover = following.page.locator(".handover")
    expect(handover).to_contain_text("旧沙发的清运请继续盯办")
    following.follow("查看纪要")
    expect(following.page.locator("main")).to_contain_text("彭志远")
    following.follow("坐班纪要")
    following.write_moment("起始日期", at("2026-04-28 00:00"))
    following.write_moment("截止日期", at("2026-04-28 00:00"))
    following.send("显示")
    expect(following.page.locator("main tbody tr")).to_have_count(1)
