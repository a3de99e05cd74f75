"""What channels are sent, how it is signed, and what their answers mean."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.channels import ROBOTS, NoticeChannel
from schemas.enums import Light
from services.notify.rules import gateways, robots, texts, webhooks
from services.notify.rules.chain import Reception
from services.notify.rules.texts import NoticeLine, NoticeMessage, catalogue, text_of

AT = datetime(2025, 1, 24, 2, 7, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def a_line(number: str = "BC-20250124-0001", light: Light | None = None) -> NoticeLine:
    return NoticeLine(
        delivery_id=uuid4(),
        notice_id=uuid4(),
        entry_id=None,
        ticket_id=uuid4(),
        center="BC",
        number=number,
        template="deadline.breached",
        light=light,
        kind="answer",
        level=2,
        due_at=AT,
        created_at=AT,
        text=f"{number} 红灯",
        link=f"https://desk.example.gov.cn/tickets/{number}",
    )


def a_message(kind: NoticeChannel, *lines: NoticeLine, secret: str = "", language: str = "zh") -> NoticeMessage:
    return NoticeMessage(uuid4(), kind, "https://far.example/x?key=1", secret, language, lines or (a_line(),))


def test_both_languages_say_the_same_things() -> None:
    def shape(found: object) -> object:
        return {key: shape(each) for key, each in found.items()} if isinstance(found, dict) else None

    assert shape(catalogue("zh")) == shape(catalogue("en"))
    for template, said in catalogue("zh")["templates"].items():
        for name in ("number", "due", "level", "kind", "light"):
            assert ("{" + name + "}" in said) == ("{" + name + "}" in catalogue("en")["templates"][template])


def test_a_text_has_number_and_due_time_and_a_centers_own_comes_first() -> None:
    said = text_of(
        "deadline.breached", "zh", {}, number="BC-1", light="yellow", kind="report", level=2, due_at=AT, zone=SHANGHAI
    )
    assert "BC-1" in said
    assert "2025-01-24 10:07" in said
    assert "黄灯：专题报告" in said
    own = {"deadline.breached": {"zh": "{number}! {0.__class__} {level}"}}
    said = text_of(
        "deadline.breached",
        "zh",
        own,
        number="BC-1",
        light="yellow",
        kind="report",
        level=2,
        due_at=None,
        zone=SHANGHAI,
    )
    assert said == "BC-1! {0.__class__} 2"
    assert (
        text_of(
            "deadline.breached",
            "en",
            own,
            number="BC-1",
            light="yellow",
            kind="report",
            level=2,
            due_at=None,
            zone=SHANGHAI,
        )
        != said
    )
    assert "BC-1" in text_of(
        "never.seen", "en", {}, number="BC-1", light="yellow", kind="report", level=None, due_at=None, zone=SHANGHAI
    )


def test_robots_get_numbers_and_lights_alone_the_reds_first() -> None:
    message = a_message(NoticeChannel.WECOM, a_line("BC-1"), a_line("BC-2", Light.RED))
    assert texts.short_of(message).split("\n") == [
        "办不成事窗口",
        "共 2 条通知，其中红灯 1 条。",
        "BC-2 红灯",
        "BC-1 通知",
        "打开：https://desk.example.gov.cn/notices",
    ]


def test_a_message_says_how_many_there_are_that_it_does_not_list() -> None:
    message = a_message(NoticeChannel.EMAIL, a_line("BC-1", Light.RED))._replace(others=249, other_reds=3)
    assert "250" in texts.subject_of(message)
    assert texts.body_of(message).startswith("共 250 条通知，其中红灯 4 条。")
    assert "另有 249 条，请在工作台查看：https://desk.example.gov.cn/notices" in texts.body_of(message)
    assert "…\n打开：https://desk.example.gov.cn/notices" in texts.short_of(message)
    sms = json.loads(gateways.request_to(message._replace(kind=NoticeChannel.SMS), "", "").body)
    assert (sms["template"], sms["parameters"]["count"]) == ("several", 250)


def test_dingtalk_is_signed_as_its_manual_has_it() -> None:
    request = robots.request_to(
        NoticeChannel.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=t", "SEC", "x", AT
    )
    query = parse_qs(urlsplit(request.url).query)
    stamp = str(int(AT.timestamp() * 1000))
    expected = base64.b64encode(hmac.new(b"SEC", f"{stamp}\nSEC".encode(), hashlib.sha256).digest()).decode()
    assert query == {"access_token": ["t"], "timestamp": [stamp], "sign": [expected]}


def test_feishu_is_signed_as_its_manual_has_it() -> None:
    request = robots.request_to(NoticeChannel.FEISHU, "https://open.feishu.cn/x", "SEC", "x", AT)
    said = json.loads(request.body)
    stamp = str(int(AT.timestamp()))
    expected = base64.b64encode(hmac.new(f"{stamp}\nSEC".encode(), b"", hashlib.sha256).digest()).decode()
    assert (said["timestamp"], said["sign"]) == (stamp, expected)


@given(st.lists(st.text(alphabet="红黄 BC-0123456789", min_size=1, max_size=60), max_size=200), st.integers(300, 3000))
def test_a_long_text_is_cut_at_a_line_and_keeps_the_link(lines: list[str], most: int) -> None:
    text = "\n".join([*lines, "link"])
    said = robots.shortened(text, most)
    assert len(said.encode()) <= most
    assert said.endswith("link")
    assert said == text or "\n…\n" in f"\n{said}"


@pytest.mark.parametrize("kind", sorted(ROBOTS))
def test_an_error_in_a_robots_200_is_no_success(kind: NoticeChannel) -> None:
    def outcome(status: int, body: object) -> Reception:
        return robots.outcome_of(kind, status, json.dumps(body).encode())[0]

    assert outcome(200, {"errcode": 0, "code": 0}) is Reception.DELIVERED
    assert outcome(200, {"errcode": 40000, "code": 40000}) is Reception.FAILED
    assert outcome(200, {}) is Reception.FAILED
    assert outcome(200, []) is Reception.FAILED
    assert outcome(404, {}) is Reception.REFUSED
    assert outcome(500, {"errcode": 0}) is Reception.FAILED
    assert robots.outcome_of(kind, 200, b"<html>")[0] is Reception.FAILED
    too_fast = {NoticeChannel.WECOM: 45009, NoticeChannel.DINGTALK: 410100, NoticeChannel.FEISHU: 11232}[kind]
    assert outcome(200, {"errcode": too_fast, "code": too_fast}) is Reception.THROTTLED


@pytest.mark.parametrize("kind", sorted(ROBOTS))
def test_the_bucket_keeps_to_a_robots_limits_in_every_window(kind: NoticeChannel) -> None:
    capacity, per_second = robots.RATES[kind]
    most = {NoticeChannel.WECOM: 20, NoticeChannel.DINGTALK: 20, NoticeChannel.FEISHU: 100}[kind]
    assert capacity + 60 * per_second <= most
    if kind is NoticeChannel.FEISHU:
        assert capacity + per_second <= 5


def test_several_notices_to_a_webhook_are_a_list_of_cloud_events() -> None:
    message = a_message(NoticeChannel.WEBHOOK, a_line("BC-1"), a_line("BC-2"), secret="whsec_" + "A" * 32)
    request = webhooks.request_to(message, AT, SHANGHAI)
    assert request.headers["Content-Type"] == "application/cloudevents-batch+json"
    assert [each["data"]["number"] for each in json.loads(request.body)] == ["BC-1", "BC-2"]
    signed = f"{message.id}.{int(AT.timestamp())}.".encode() + request.body
    expected = hmac.new(base64.b64decode("A" * 32), signed, hashlib.sha256).digest()
    assert request.headers["Webhook-Signature"] == "v1," + base64.b64encode(expected).decode()


def test_a_gateway_is_told_a_template_and_its_parameters() -> None:
    one = json.loads(gateways.request_to(a_message(NoticeChannel.SMS), "https://sms", "key").body)
    assert (one["template"], one["parameters"]["number"]) == ("deadline.breached", "BC-20250124-0001")
    two = json.loads(gateways.request_to(a_message(NoticeChannel.SMS, a_line(), a_line()), "https://sms", "").body)
    assert (two["template"], two["parameters"]["count"]) == ("several", 2)
    assert gateways.outcome_of(200, b"")[0] is Reception.DELIVERED
    assert gateways.outcome_of(200, b'{"code": "OK"}')[0] is Reception.DELIVERED
    assert gateways.outcome_of(200, b'{"code": "isv.BUSINESS_LIMIT"}') == (Reception.FAILED, "code_isv.BUSINESS_LIMIT")
    assert gateways.outcome_of(401, b"")[0] is Reception.FAILED
    assert gateways.outcome_of(404, b"")[0] is Reception.REFUSED
