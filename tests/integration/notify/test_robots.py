"""Robots and gateways: signed as their manuals have it, never faster than they take, and an error in a 200 is one."""

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from schemas.enums import Light, Role
from schemas.events.notices import NoticeRequested
from tests.integration.notify.desk import HEAD, LIAISON, NOW, Desk, an_escalation
from tests.stack.access import bearer
from tests.stack.eventually import eventually
from tests.stack.far_side import Post, Reply

SECRET = "SEC-of-the-tests"


def robot(desk: Desk, kind: str, path: str = "/robot", secret: str | None = SECRET) -> dict[str, object]:
    return {"kind": kind, "address": f"{desk.web.url}{path}?access_token=t", "secret": secret}


def dingtalk(post: Post) -> Reply:
    """What DingTalk says: it believes only what is signed by SECRET."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(post.path).query).items()}
    digest = hmac.new(SECRET.encode(), f"{query.get('timestamp')}\n{SECRET}".encode(), hashlib.sha256).digest()
    is_signed = query.get("sign") == base64.b64encode(digest).decode()
    code = 0 if is_signed and abs(int(query["timestamp"]) / 1000 - post.at) < 3600 else 310000
    return Reply(body=json.dumps({"errcode": code, "errmsg": "..."}).encode())


def feishu(post: Post) -> Reply:
    """What Feishu says: the same."""
    digest = hmac.new(f"{post.said.get('timestamp')}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    is_signed = post.said.get("sign") == base64.b64encode(digest).decode()
    return Reply(body=json.dumps({"code": 0 if is_signed else 19021}).encode())


def test_dingtalk_believes_the_signature(desk: Desk) -> None:
    desk.web.answer = dingtalk
    desk.sets(LIAISON, robot(desk, "dingtalk"))
    desk.becomes(desk.requests(LIAISON), LIAISON, desk="delivered", dingtalk="delivered")


def test_feishu_believes_the_signature(desk: Desk) -> None:
    desk.web.answer = feishu
    desk.sets(LIAISON, robot(desk, "feishu"))
    desk.becomes(desk.requests(LIAISON), LIAISON, desk="delivered", feishu="delivered")


def test_a_wrong_secret_is_an_error_although_the_answer_is_200(desk: Desk) -> None:
    desk.web.answer = lambda post: dingtalk(post) if "access_token" in post.path else Reply()
    desk.sets(LIAISON, robot(desk, "dingtalk", secret="wrong"), {"kind": "webhook", "address": f"{desk.web.url}/hook"})
    notice_id = desk.requests(LIAISON)
    desk.becomes(notice_id, LIAISON, desk="delivered", dingtalk="failed", webhook="delivered")


def test_a_robot_is_shown_numbers_and_lights_alone(desk: Desk) -> None:
    desk.sets(HEAD, robot(desk, "wecom"))
    desk.escalates(HEAD)
    assert eventually(lambda: desk.web.posts)
    content = desk.web.posts[0].said["text"]["content"]
    title, line, link = content.split("\n")
    assert (title, line.split()[1]) == ("办不成事窗口", "红灯")
    assert link.startswith("打开：https://desk.example.gov.cn/tickets/")


def test_a_robot_that_says_too_fast_is_left_alone_for_ten_minutes(desk: Desk) -> None:
    desk.web.answer = lambda _post: Reply(body=b'{"errcode": 410100}')
    desk.sets(LIAISON, robot(desk, "dingtalk"))
    notice_id = desk.requests(LIAISON)
    assert eventually(lambda: desk.web.posts and desk.states(notice_id, LIAISON)["dingtalk"] == "waiting")
    desk.hurry()
    minutes = desk.house.value("SELECT extract(epoch FROM free_at - bancheng.real_now()) / 60 FROM robots")
    assert 9 < minutes <= 10
    assert desk.house.value("SELECT error FROM deliveries WHERE channel = 'dingtalk'") == "throttled"
    assert len(desk.web.posts) == 1


def test_the_robot_of_several_people_is_one_and_keeps_its_rate(desk: Desk) -> None:
    people = ["luo-min", "cai-yun", "ding-na", "yu-fei", "pan-lei", "dai-xin", "zhong-ling"]
    for staff, department in zip(people, ("SWJ", "SJJ", "YBJ", "RSJ", "ZRZY", "ZJJ", "GJJ"), strict=True):
        body = {"channels": [robot(desk, "wecom", secret=None)]}
        desk.good(200, "PUT", "/channels", bearer(staff, Role.LIAISON, department=department), body)
    notice_id = desk.requests(*people)
    for staff in people:
        desk.becomes(notice_id, staff, desk="delivered", wecom="delivered")
    times = sorted(post.at for post in desk.web.posts)
    assert len(times) == len(people)
    assert all(later - earlier > 3 for earlier, later in zip(times, times[5:], strict=False))


def test_a_burst_is_one_message_that_says_how_many_and_lists_the_first(desk: Desk) -> None:
    desk.sets(LIAISON, robot(desk, "feishu", secret=None))
    desk.sets(HEAD, {"kind": "email", "address": "xie@example.gov.cn"})
    number, ticket_id = "BC-20250124-0777", desk.ticket()
    red_one = desk.ticket(number)
    told = (LIAISON, HEAD)
    requests = [
        NoticeRequested(
            center="BC",
            ticket_id=ticket_id,
            notice_id=uuid4(),
            recipients=told,
            template="assignment.made",
            requested_at=NOW,
        )
        for _ in range(249)
    ]
    desk.house.announce(*requests, an_escalation(red_one, told))

    def delivered() -> int:
        return int(desk.house.value("SELECT count(*) FROM deliveries WHERE channel <> 'desk' AND state = 'delivered'"))

    assert eventually(lambda: delivered() == 500, seconds=60), delivered()
    (post,) = desk.web.posts
    title, how_many, first, *_, cut, link = post.said["content"]["text"].split("\n")
    assert (title, how_many) == ("办不成事窗口", "共 250 条通知，其中红灯 1 条。")
    assert (first, cut) == (f"{number} 红灯", "…")
    assert link == "打开：https://desk.example.gov.cn/notices"
    (mail,) = desk.mail.to("xie@example.gov.cn")
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "250 条通知" in str(mail["Subject"])
    assert text.index(number) < text.index("已交办贵单位")
    assert text.count("打开：") == 100
    assert "另有 150 条，请在工作台查看：https://desk.example.gov.cn/notices" in text


def test_a_text_message_names_a_template_and_carries_the_key(desk: Desk) -> None:
    desk.sets(LIAISON, {"kind": "sms", "address": "13900001111"})
    desk.becomes(desk.requests(LIAISON), LIAISON, desk="delivered", sms="delivered")
    (post,) = desk.web.at("/sms")
    assert post.headers["Authorization"] == "Bearer sms key"
    assert (post.said["to"], post.said["template"]) == ("13900001111", "assignment.made")
    assert desk.notices(LIAISON)[0]["number"] == post.said["parameters"]["number"]


def test_the_telephone_rings_from_level_three_on(desk: Desk) -> None:
    desk.sets(HEAD, {"kind": "phone", "address": "13900002222"})
    desk.escalates(HEAD, level=2, light=Light.YELLOW)
    desk.escalates(HEAD, level=3)
    assert eventually(lambda: desk.web.at("/phone"))
    assert eventually(lambda: len(desk.notices(HEAD)) == 2)
    assert [post.said["parameters"]["level"] for post in desk.web.at("/phone")] == [3]
