"""Papers, photos and refusals at the window, and a citizen's own papers, with the keyboard alone."""

from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.keyboard import at_the_keyboard
from tests.e2e.actors import Ticket, at
from tests.stack.desk_house import DeskHouse
from tests.stack.files import photo

NEXT_WEEK = at("2026-05-07 00:00")


def a_photo() -> FilePayload:
    """A photo, as a camera names it."""
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo()}


def a_ticket(house: DeskHouse, title: str) -> Ticket:
    """Something that the tax office handles."""
    return house.actors.register(title, "跑了三次税务窗口，都让等通知。")


def test_a_clerk_adds_a_photo_and_takes_it_without_papers(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    ticket = a_ticket(house, "发票键盘容缺")
    clerk = at_the_keyboard(house, chromium, complaints, "liu-yang")
    clerk.follow("发票键盘容缺")
    files = clerk.page.locator("main .files li")
    for _ in range(2):
        clerk.open("添加照片或 PDF")
        clerk.choose_file("照片或 PDF", a_photo())
        clerk.send("添加")
    expect(files).to_have_count(2)
    clerk.send("删除")
    expect(files).to_have_count(1)
    clerk.open("容缺受理")
    clerk.write("可后补的材料（每行一项）", "租赁合同")
    clerk.write_moment("承诺补齐日期", NEXT_WEEK)
    clerk.reach("combobox", "签字承诺书照片（如有）")
    clerk.page.keyboard.press("ArrowDown")
    clerk.tick("申请人已签署承诺书")
    clerk.send("容缺受理此事项")
    expect(clerk.page.locator("main")).to_contain_text("租赁合同")
    (taken,) = house.actors.clerk.get(f"/tickets/{ticket.id}/papers")["tolerated"]
    assert (taken["items"], taken["promised_on"]) == (["租赁合同"], "2026-05-07")
    clerk.send("已补齐")
    expect(clerk.page.locator("main")).not_to_contain_text("承诺的材料已送到")


def test_a_clerk_sees_the_applicant_declines_and_closes(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    a_ticket(house, "发票键盘不予受理")
    answered = a_ticket(house, "发票键盘办结")
    house.actors.accept(answered, "SWJ")
    house.actors.liaison("SWJ").post(f"/tickets/{answered.id}/answer", {"answer": "开票权限已恢复。"})
    house.sandbox.settle()
    clerk = at_the_keyboard(house, chromium, complaints, "liu-yang")
    clerk.follow("发票键盘不予受理")
    clerk.open("查看完整信息")
    clerk.write("查看理由（将留痕）", "电话通知申请人补件")
    clerk.send("显示")
    expect(clerk.page.locator("main")).to_contain_text("周小满")
    clerk.open("不予受理")
    clerk.choose("理由", "已进入诉讼")
    clerk.write("告知其他途径", "请向受理法院查询，带案号和身份证。")
    clerk.send("不予受理")
    expect(clerk.page.locator("main .head")).to_contain_text("不予受理")
    clerk.follow("窗口")
    clerk.follow("发票键盘办结")
    clerk.follow("承办部门、期限和办理过程")
    clerk.choose("办理结果", "解释说明")
    clerk.send("办结")
    expect(clerk.page.locator("#ticket-head")).to_contain_text("已办结")


def test_a_citizen_sends_a_photo_takes_it_back_and_withdraws(
    house: DeskHouse, chromium: Browser, complaints: list[str]
) -> None:
    ticket = a_ticket(house, "发票键盘补件")
    house.actors.clerk.post(f"/tickets/{ticket.id}/materials", {"items": ["租赁合同", "身份证复印件"]})
    house.sandbox.settle()
    citizen = at_the_keyboard(house, chromium, complaints, path="/status")
    citizen.write("事项编号", ticket.number)
    citizen.write("查询码", ticket.code)
    citizen.send("查询")
    citizen.choose_file("照片或 PDF", a_photo())
    citizen.choose("是哪一项材料", "身份证复印件")
    citizen.send("上传")
    sent = citizen.page.locator("#files .files li")
    expect(sent).to_contain_text("身份证复印件")
    citizen.send("收回", within="身份证复印件")
    expect(sent).to_have_count(0)
    citizen.open("撤回我的事项")
    citizen.send("撤回")
    expect(citizen.page.locator("main")).to_contain_text("您已撤回")


def test_a_clerk_records_help_for_a_visitor(house: DeskHouse, chromium: Browser, complaints: list[str]) -> None:
    clerk = at_the_keyboard(house, chromium, complaints, "liu-yang")
    clerk.follow("窗口")
    clerk.follow("帮办代办")
    clerk.choose("帮办方式", "陪同办理")
    clerk.choose("帮办对象", "残疾人")
    clerk.choose("满意度（如已询问）", "5 非常满意")
    clerk.send("登记")
    expect(clerk.page.locator("#report")).to_contain_text("100.0%")
