"""What people set for themselves is theirs alone, and what is secret in it is never given back."""

import json
from typing import Any

from tests.integration.notify.desk import LEADER, LIAISON, OTHER, WHO, Desk
from tests.stack.eventually import eventually
from tests.stack.far_side import Reply

SECRET = "nobody-may-read-this"


def test_channels_come_back_in_their_order_without_their_secrets(desk: Desk) -> None:
    hook = f"{desk.web.url}/hook/0123456789abcdef"
    shown = desk.sets(
        LIAISON,
        {"kind": "webhook", "address": hook, "secret": SECRET},
        {"kind": "sms", "address": "139 0000 1111", "enabled": False},
        quiet_hours={"begins": "22:00:00", "ends": "07:30:00"},
        digest_minutes=60,
        language="en",
    )
    assert [(each["kind"], each["enabled"], each["has_secret"]) for each in shown["channels"]] == [
        ("webhook", True, True),
        ("sms", False, False),
    ]
    assert shown["channels"][0]["address"] == f"{desk.web.url}/…cdef"
    assert shown["channels"][1]["address"] == "13900001111"
    assert (shown["quiet_hours"], shown["digest_minutes"]) == ({"begins": "22:00:00", "ends": "07:30:00"}, 60)
    assert shown["language"] == "en"
    assert desk.good(200, "GET", "/channels", WHO[LIAISON]) == shown
    assert desk.good(200, "GET", "/channels", WHO[OTHER])["channels"] == []
    stored = "".join(row[0] for row in desk.house.rows("SELECT to_json(c)::text FROM channels c"))
    assert SECRET not in stored
    assert "13900001111" not in stored
    assert "0123456789abcdef" not in stored
    assert SECRET not in desk.service.log


def test_what_is_left_out_or_given_back_as_shown_stays_as_it_is(desk: Desk) -> None:
    hook = f"{desk.web.url}/hook/0123456789abcdef"
    (shown,) = desk.sets(LIAISON, {"kind": "webhook", "address": hook, "secret": SECRET})["channels"]
    desk.sets(LIAISON, {"id": shown["id"], "kind": "webhook", "address": shown["address"]})
    desk.becomes(desk.requests(LIAISON), LIAISON, desk="delivered", webhook="delivered")
    (post,) = desk.web.at("/hook/0123456789abcdef")
    assert "Webhook-Signature" in post.headers


def test_what_cannot_be_an_address_is_refused_and_named(desk: Desk) -> None:
    for kind, address in (("email", "no mail"), ("email", "a@b.cn\r\nBcc: c@d.cn"), ("sms", "12345"), ("phone", "")):
        channels = [{"kind": kind, "address": address}]
        errors = desk.problem(422, "PUT", "/channels", WHO[LIAISON], {"channels": channels})
        assert "channels" in str(errors)
    desk.problem(422, "PUT", "/channels", WHO[LIAISON], {"channels": [{"kind": "desk", "address": "x"}]})
    mail = {"id": "01948f5e-0000-7000-8000-000000000001", "kind": "email", "address": "a@example.gov.cn"}
    desk.problem(422, "PUT", "/channels", WHO[LIAISON], {"channels": [mail]})


def test_leaders_see_what_went_to_whom_and_whom_nobody_reaches(desk: Desk) -> None:
    desk.sets(LIAISON, {"kind": "webhook", "address": f"{desk.web.url}/hook"})
    desk.web.answer = lambda _post: Reply(503)
    desk.requests(LIAISON, OTHER)
    assert eventually(lambda: desk.web.posts)

    def entries(query: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = desk.good(200, "GET", f"/deliveries{query}", WHO[LEADER])["deliveries"]
        return found

    assert eventually(lambda: any(each["error"] for each in entries("?state=waiting")))
    (waiting,) = entries("?state=waiting&channel=webhook")
    assert (waiting["recipient"], waiting["attempts"], waiting["error"]) == (LIAISON, 1, "http_503")
    assert {each["recipient"] for each in entries("?channel=desk")} == {LIAISON, OTHER}

    warnings = desk.good(200, "GET", "/channels/warnings", WHO["wei-tao"])["warnings"]
    mine = [each for each in warnings if each["staff"] == LIAISON]
    assert [(each["fault"], each["error"]) for each in mine] == [
        ("no_working_channel", "http_503"),
        ("channel_fails", "http_503"),
    ]
    assert mine[1]["since"] == "2025-01-24T10:07:00+08:00"
    assert {"staff": OTHER, "fault": "no_channel", "channel": None, "since": None, "error": None} in warnings
    desk.problem(403, "GET", "/deliveries", WHO[LIAISON])
    desk.problem(403, "GET", "/channels/warnings", WHO[LIAISON])


def test_the_texts_are_shown_with_an_example_of_each(desk: Desk) -> None:
    texts = desk.good(200, "GET", "/texts", WHO[LEADER])["texts"]
    said = {(each["template"], each["language"]): each for each in texts}
    assert said["assignment.made", "zh"]["example"] == "BC-20250124-0001 已交办贵单位，请及时签收。"
    assert "answer is late" in said["deadline.breached", "en"]["example"]
    assert not any(each["is_own"] for each in texts)
    desk.problem(403, "GET", "/texts", WHO[LIAISON])


def test_a_text_is_seen_as_each_channel_would_be_sent_it(desk: Desk) -> None:
    typed = {"template": "deadline.breached", "language": "zh", "text": "{number}{light}请速办 {phone}"}
    seen = desk.good(200, "POST", "/texts/preview", WHO["wei-tao"], typed)
    said = {each["channel"]: each["body"] for each in seen["channels"]}
    assert seen["unknown"] == ["phone"]
    assert said["desk"] == "BC-20250124-0001红灯请速办 {phone}"
    assert "请速办" in said["email"]
    assert said["wecom"].split("\n")[:2] == ["办不成事窗口", "BC-20250124-0001 红灯"]
    assert "请速办" not in said["wecom"] + said["dingtalk"] + said["feishu"] + said["sms"]
    assert json.loads(said["webhook"])["data"]["text"] == said["desk"]
    assert not any(each["is_own"] for each in desk.good(200, "GET", "/texts", WHO[LEADER])["texts"])
    desk.problem(422, "POST", "/texts/preview", WHO[LEADER], typed | {"text": ""})
    desk.problem(403, "POST", "/texts/preview", WHO[LIAISON], typed)


def test_a_test_message_goes_out_once_and_its_outcome_is_shown(desk: Desk) -> None:
    channels = (
        {"kind": "webhook", "address": f"{desk.web.url}/hook"},
        {"kind": "email", "address": "a@example.gov.cn"},
        {"kind": "sms", "address": "13900001111", "enabled": False},
    )
    by_hook, by_mail, off = (each["id"] for each in desk.sets(LIAISON, *channels)["channels"])

    def tested(channel_id: str, answer: Reply) -> tuple[str, str | None]:
        desk.web.answer = lambda _post: answer
        desk.good(200, "POST", f"/channels/{channel_id}/test", WHO[LIAISON])
        found: list[dict[str, Any]] = []

        def is_over() -> bool:
            channels = desk.good(200, "GET", "/channels", WHO[LIAISON])["channels"]
            found[:] = [each["tested"] for each in channels if each["id"] == channel_id]
            return found[0]["state"] in ("delivered", "failed")

        assert eventually(is_over, seconds=20)
        return found[0]["state"], found[0]["error"]

    assert tested(by_hook, Reply(404)) == ("failed", "http_404")
    assert tested(by_hook, Reply(503)) == ("failed", "http_503"), "nobody waits for a second try"
    assert tested(by_hook, Reply(hangs_up=True)) == ("failed", "unanswered")
    (shown, *_) = desk.good(200, "GET", "/channels", WHO[LIAISON])["channels"]
    assert shown["error"] == "unanswered", "what a test finds holds for notices too"
    assert tested(by_hook, Reply()) == ("delivered", None)
    assert tested(by_mail, Reply()) == ("delivered", None)
    assert [post.said["data"]["template"] for post in desk.web.at("/hook")] == ["channel.test"] * 4
    (sent,) = desk.mail.to("a@example.gov.cn")
    assert "测试消息" in str(sent["Subject"])
    desk.problem(409, "POST", f"/channels/{off}/test", WHO[LIAISON])
    desk.problem(404, "POST", f"/channels/{by_mail}/test", WHO[OTHER])
    tested(by_mail, Reply())
    desk.problem(429, "POST", f"/channels/{by_mail}/test", WHO[LIAISON])
    log = desk.good(200, "GET", "/deliveries?channel=webhook", WHO[LEADER])["deliveries"]
    assert [(each["template"], each["recipient"], each["state"]) for each in log][:2] == [
        ("channel.test", LIAISON, "delivered"),
        ("channel.test", LIAISON, "failed"),
    ]
    assert desk.notices(LIAISON) == [], "a test is no notice"
