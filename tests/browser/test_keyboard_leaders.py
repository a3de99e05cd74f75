"""Leaders, a director and the operator at work with the keyboard alone."""

from playwright.sync_api import Browser, expect

from tests.browser.keyboard import at_the_keyboard
from tests.e2e.actors import at
from tests.stack.desk_house import DeskHouse

SITS_TODAY = "peng-zhiyuan"


def test_a_leader_holds_a_sitting(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    actors = house.actors
    disputed = actors.register("楼道里的旧沙发没人搬", "打了几个电话，都说找别人，没有人管。")
    late = actors.register("发票键盘延期", "跑了三次税务窗口，都让等通知。")
    actors.accept(late, "SWJ")
    wanted = {"working_days": 2, "reason": "须等上级系统恢复后才能办理", "legal_basis": "行政许可法第四十二条"}
    actors.liaison("SWJ").post(f"/tickets/{late.id}/extension", wanted)
    hard = actors.register("培训机构消防手续互相推", "培训机构办证要消防意见。", cause="department_gap")
    house.sandbox.settle()
    leader = at_the_keyboard(house, chromium, complaints, SITS_TODAY)
    leader.follow("待裁事项")
    leader.send("开始坐班")
    leader.open("裁决由谁办理", within=disputed.number)
    leader.choose("牵头", "城市管理局", within=disputed.number)
    leader.reach("checkbox", "公安局", within=disputed.number)
    leader.page.keyboard.press("Space")
    leader.write("理由", "由城市管理局负责清运到底。", within=disputed.number)
    leader.send("裁决（终局）", within=disputed.number)
    leader.send("批准", within=late.number)
    leader.open("召集联合会商", within=hard.number)
    leader.write_moment("时间", at("2026-04-29 14:30"), within=hard.number)
    leader.write("位置", "三楼会议室", within=hard.number)
    leader.send("召集会商", within=hard.number)
    expect(leader.page.locator("#docket-together")).to_contain_text("三楼会议室")
    leader.send("结束坐班并写纪要")
    leader.write("给下一位坐班领导的交接说明", "旧沙发的清运请继续盯办。")
    leader.reach("checkbox", "我已阅读。签署后不能再更改。")
    leader.page.keyboard.press("Space")
    leader.send("签署")
    expect(leader.page.locator("main")).to_contain_text("旧沙发的清运请继续盯办")
    house.sandbox.settle()
    assert actors.ticket(disputed)["lead"] == "CGJ"
    assert actors.ticket(late)["extensions"][0]["state"] == "granted"
    assert actors.ticket(hard)["meetings"][0]["meets_at"] == "2026-04-29T14:30:00+08:00"


def test_an_operator_checks_a_center_file_and_sees_what_would_change(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    operator = at_the_keyboard(house, chromium, complaints, "wei-tao")
    operator.follow("中心配置")
    operator.follow("用表单修改")
    operator.follow("时限", role="button")
    operator.write("多长", "0", within="答复")
    operator.send("检查并预览变化")
    expect(operator.page.locator("main [role=alert]")).to_be_visible()
    operator.write("多长", "3", within="答复")
    operator.send("检查并预览变化")
    expect(operator.page.locator("main h1")).to_have_text("将会改变的内容")
    operator.follow("继续修改 YAML", role="button")
    operator.reach("textbox", "完整文件（YAML）")
    operator.page.keyboard.press("Control+End")
    operator.page.keyboard.type("\n: [")
    operator.send("检查并预览变化")
    expect(operator.page.locator(".wrong-line").first).to_be_visible()


def test_a_director_knows_of_what_was_escalated(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    ticket = house.actors.register("契税键盘知悉", "契税减免申请交上去一个月，没有答复。")
    house.actors.now("2026-05-08 17:30")
    director = at_the_keyboard(house, chromium, complaints, "shen-guoqiang")
    director.follow("总览")
    row = director.page.locator("#overview article.row", has_text=ticket.number)
    expect(row).to_have_count(1)
    director.send("知悉", within=ticket.number)
    expect(row).to_have_count(0)


def test_an_auditor_deletes_personal_data(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    ticket = house.actors.register("键盘删除个人信息", "群众要求删除。")
    house.actors.citizen.post(f"/tickets/{ticket.number}/withdraw", {"code": ticket.code})
    house.sandbox.settle()
    auditor = at_the_keyboard(house, chromium, complaints, "shen-pei")
    auditor.follow("审计")
    auditor.follow("个人信息删除")
    auditor.open("删除事项的个人信息")
    auditor.write("完整的事项编号", ticket.number)
    auditor.write("原因（将记录在案）", "群众本人申请删除")
    auditor.send("永久删除")
    expect(auditor.page.locator("main table")).to_contain_text(ticket.number)
