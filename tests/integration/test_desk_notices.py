"""One's notices and channels on their pages, and the delivery log: whose they are, and what nobody else sees."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from schemas.enums import Role
from tests.stack.desk_house import SCRIPT, DeskHouse, Visitor, desk_house
from tests.stack.eventually import eventually

NOTICE = re.compile(r'action="(/notices/[0-9a-f-]{36}/read)"')
CHANNEL = re.compile(r'action="(/account/channels/[0-9a-f-]{36})"')
COUNT = re.compile(r'class="tag">(\d+)<span class="hidden"> 条?未读')


@pytest.fixture(scope="module")
def house() -> Iterator[DeskHouse]:
    """A promise to sign for is broken: the liaison and the head of the department are notified."""
    with desk_house() as standing:
        standing.actors.register("发票开不出来", "跑了三次税务窗口，都让等通知。")
        standing.actors.now("2026-05-06 09:30")
        yield standing


def text_of(visitor: Visitor, path: str) -> str:
    reply = visitor.get(path)
    assert reply.status_code == 200, reply.text
    return reply.text


def unread(visitor: Visitor) -> int:
    found = COUNT.search(text_of(visitor, "/notices/count"))
    return int(found[1]) if found else 0


def test_a_notice_is_read_and_leads_to_its_ticket(house: DeskHouse) -> None:
    head = house.person("xie-weidong")
    page = text_of(head, "/notices")
    notices = NOTICE.findall(page)
    assert notices
    assert unread(head) == len(set(notices))
    assert "已逾期" in page, re.sub("<[^>]+>", " ", page)
    assert "仅在工作台显示" in page
    ticket = re.search(r'value="(/tickets/[0-9a-f-]{36})"', page)
    assert ticket
    reply = head.send("/notices", notices[0], {"then": ticket[1]})
    assert (reply.status_code, reply.headers["Location"]) == (303, ticket[1])
    assert text_of(head, ticket[1])
    assert unread(head) == len(set(notices)) - 1
    assert notices[0] not in text_of(head, "/notices?state=unread")
    assert "the signature is late" in head.get("/notices", cookies={"language": "en"}).text
    assert head.send("/notices", "/notices/read", {"then": "//evil.example.org"}).headers["Location"] == "/"
    assert unread(head) == 0
    assert "没有未读通知" in text_of(head, "/notices?state=unread")


def test_another_persons_notice_is_not_there(house: DeskHouse) -> None:
    director = house.person("shen-guoqiang")
    (theirs, *_) = NOTICE.findall(text_of(house.person("luo-min"), "/notices?state=all"))
    assert theirs not in text_of(director, "/notices")
    assert director.send("/account", theirs, {}).status_code == 404
    assert director.post(theirs, {}).status_code == 403, "a form of no page of ours"
    assert house.visitor().get("/notices").headers["Location"].startswith("/login")
    assert house.visitor().get("/account/channels").headers["Location"].startswith("/login")


@pytest.mark.parametrize("path", ["/deliveries", "/reachability", "/notices/texts"])
@pytest.mark.parametrize("staff", ["he-jing", "luo-min", "xie-weidong", "shen-pei"])
def test_who_answers_for_nobody_sees_no_deliveries_of_others(house: DeskHouse, staff: str, path: str) -> None:
    visitor = house.person(staff)
    assert visitor.get(path).status_code == 404
    assert f'href="{path}"' not in text_of(visitor, "/notices")


@pytest.mark.parametrize("staff", ["gu-yan", "shen-guoqiang", "tan-lihua", "wei-tao"])
def test_who_answers_for_a_center_sees_what_went_to_whom(house: DeskHouse, staff: str) -> None:
    visitor = house.person(staff)
    log = text_of(visitor, "/deliveries?state=delivered&channel=desk")
    assert "谢卫东" in log
    assert "已送达" in log
    assert "没有发送记录" in text_of(visitor, "/deliveries?state=failed&channel=sms")
    assert visitor.get("/deliveries?state=lost").status_code == 404
    assert visitor.get("/deliveries?channel=pigeon").status_code == 404
    assert ("/tickets/" in log) is (staff != "wei-tao"), "an operator reads no tickets"
    assert "人未设置通知方式" in text_of(visitor, "/reachability")
    assert "已交办贵单位" in text_of(visitor, "/notices/texts")
    assert "was assigned to your department" in visitor.get("/notices/texts", cookies={"language": "en"}).text
    if staff != "wei-tao":
        assert 'hx-get="/reachability"' in text_of(visitor, "/roster" if staff == "gu-yan" else "/overview")


def test_a_text_is_previewed_and_taken_into_the_center_file(house: DeskHouse) -> None:
    operator, page = house.person("wei-tao"), "/notices/texts/deadline.breached"
    assert f'href="{page}"' in text_of(operator, "/notices/texts")
    assert "逾期" in text_of(operator, page)
    typed = {"language": "zh", "text": "{number} 请速办 {phone}" + SCRIPT}
    shown = operator.send(page, page, typed)
    assert shown.status_code == 200
    assert "没有任何通知能够识别，将原样显示：{7*7} {phone}" in unescape(shown.text)
    assert SCRIPT in unescape(shown.text)
    assert SCRIPT not in shown.text
    assert operator.send(page, page, typed | {"text": ""}).status_code == 422
    assert operator.get("/notices/texts/no.such").status_code == 404
    refused = operator.send(page, page, typed | {"act": "take_over"})
    assert (refused.status_code, "写了 {phone}，但通知中没有这一项" in refused.text) == (422, True)
    review = operator.send(page, page, {"language": "zh", "text": "{number} 请速办", "act": "take_over"})
    assert review.status_code == 200
    assert "{number} 请速办" in review.text
    assert 'value="publish"' in review.text
    leader = house.person("gu-yan")
    assert "take_over" not in text_of(leader, page)
    assert leader.send(page, page, {"language": "zh", "text": "{number}", "act": "take_over"}).status_code == 404
    assert house.person("luo-min").get(page).status_code == 404


def test_channels_are_set_changed_moved_and_removed(house: DeskHouse) -> None:
    cai = house.person("cai-yun")
    page = "/account/channels"
    assert 'href="/account/channels"' in text_of(cai, "/account")
    assert "您尚未设置通知方式" in text_of(cai, page)
    robot = {"kind": "dingtalk", "address": "https://oapi.dingtalk.com/robot/send?access_token=secret-token-9876"}
    assert cai.send(page, page, robot | {"secret": "SEC-nobody-reads"}).status_code == 303
    assert cai.send(page, page, {"kind": "email", "address": "cai@example.gov.cn"}).status_code == 303
    shown = text_of(cai, page)
    assert "secret-token" not in shown
    assert "SEC-nobody" not in shown
    assert "https://oapi.dingtalk.com/…9876" in unescape(shown)
    ding, mail = dict.fromkeys(CHANNEL.findall(shown))
    assert cai.send(page, mail, {"act": "up"}).status_code == 303
    assert list(dict.fromkeys(CHANNEL.findall(text_of(cai, page)))) == [mail, ding]
    assert cai.send(page, ding, {"act": "save", "address": "https://oapi.dingtalk.com/…9876"}).status_code == 303
    switched_off = text_of(cai, page)
    assert "已停用" in switched_off
    assert "密钥不再显示" in switched_off, "what is left empty stays"
    assert cai.send(page, mail, {"act": "remove"}).status_code == 303
    assert CHANNEL.findall(text_of(cai, page)) == [ding, ding]
    assert cai.send(page, mail, {"act": "remove"}).status_code == 404
    assert house.person("luo-min").send(page, ding, {"act": "remove"}).status_code == 404, "another person's"


def test_a_test_message_is_sent_from_the_page_and_its_outcome_said(house: DeskHouse) -> None:
    leader, page = house.person("fang-jian"), "/account/channels"
    assert leader.send(page, page, {"kind": "sms", "address": "13900001111"}).status_code == 303
    (channel,) = set(CHANNEL.findall(text_of(leader, page)))
    assert leader.send(page, f"{channel}/test", {}).headers["Location"].startswith(page)

    def said() -> str:
        return text_of(leader, f"{channel}/test")

    assert eventually(lambda: "未配置短信或电话网关" in said(), seconds=20), said()
    assert "hx-get" not in said(), "nothing is asked for any more"
    assert "测试消息" in text_of(leader, "/deliveries?channel=sms")
    assert house.person("luo-min").get(f"{channel}/test").status_code == 404
    for _ in range(5):
        assert leader.send(page, f"{channel}/test", {}).status_code == 303
        assert eventually(lambda: "未送达" in said(), seconds=20)
    refused = leader.send(page, f"{channel}/test", {})
    assert (refused.status_code, "每人每小时最多发送 6 条测试消息" in refused.text) == (429, True)


def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(house: DeskHouse) -> None:
    luo, page = house.person("luo-min"), "/account/channels"
    wrong = luo.send(page, page, {"kind": "email", "address": SCRIPT, "secret": "typed-secret"})
    assert wrong.status_code == 422
    assert 'id="address-new-fault"' in wrong.text
    assert "请填写正确的邮箱地址" in wrong.text
    assert SCRIPT in unescape(wrong.text)
    assert "<script>alert" not in wrong.text
    assert "typed-secret" not in wrong.text
    assert (
        "主机已由运维人员允许" in luo.send(page, page, {"kind": "wecom", "address": "https://evil.example.org/x"}).text
    )
    half = luo.send(page, f"{page}/wishes", {"begins": "22:00", "ends": "", "digest_minutes": "60", "language": "zh"})
    assert (half.status_code, 'id="ends-fault"' in half.text) == (422, True)
    kept = {"begins": "22:00", "ends": "07:30", "digest_minutes": "60", "language": "en"}
    assert luo.send(page, f"{page}/wishes", kept).status_code == 303
    shown = text_of(luo, page)
    assert 'value="07:30"' in shown
    assert re.search(r'value="60" selected', shown)
    assert luo.send(page, f"{page}/wishes", kept | {"digest_minutes": "often"}).status_code == 422


def test_a_form_that_is_sent_twice_adds_one_channel(house: DeskHouse) -> None:
    visitor, page = house.person("xie-weidong"), "/account/channels"
    form = {"csrf_token": visitor.csrf_token, "kind": "sms", "address": "13900001111"}
    assert [visitor.post(page, form).status_code for _ in range(2)] == [303, 422]
    assert len(set(CHANNEL.findall(text_of(visitor, page)))) == 1


def test_the_interface_says_it_in_the_readers_language(house: DeskHouse) -> None:
    token = house.sandbox.token("xie-weidong", Role.DEPARTMENT_HEAD, department="SWJ")
    api = house.sandbox.client("notify", token)
    said = api.get("/notices?language=en")["notices"][0]["text"]
    assert "is late, it was due at 2026-" in said
    assert api.get("/notices")["notices"][0]["text"] != said
