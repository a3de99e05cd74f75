"""A notice goes out by the first of a person's channels that works: once, tried again, then another way, then aloud."""

import base64
import hashlib
import hmac
from uuid import UUID

from schemas.events.notices import NoticeFailed
from tests.integration.notify.desk import HEAD, HOOK_SECRET, LIAISON, OTHER, WHO, Desk
from tests.stack.eventually import eventually
from tests.stack.far_side import Post, Reply

MAIL = {"kind": "email", "address": "luo-min@example.gov.cn"}


def hook(desk: Desk, path: str = "/hook", secret: str | None = HOOK_SECRET) -> dict[str, object]:
    return {"kind": "webhook", "address": f"{desk.web.url}{path}", "secret": secret}


def test_a_mail_says_what_it_is_about_and_leads_into_the_desk(desk: Desk) -> None:
    desk.sets(LIAISON, MAIL)
    ticket_id = desk.ticket("BC-20250124-0011")
    notice_id = desk.requests(LIAISON, ticket_id=ticket_id)
    desk.becomes(notice_id, LIAISON, desk="delivered", email="delivered")
    (mail,) = desk.mail.to(MAIL["address"])
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "BC-20250124-0011 已交办贵单位" in str(mail["Subject"])
    assert f"https://desk.example.gov.cn/tickets/{ticket_id}" in text


def test_a_webhook_gets_a_signed_cloud_event(desk: Desk) -> None:
    desk.sets(LIAISON, hook(desk))
    desk.becomes(desk.requests(LIAISON), LIAISON, desk="delivered", webhook="delivered")
    (post,) = desk.web.posts
    assert post.headers["Content-Type"] == "application/cloudevents+json"
    assert post.said["specversion"] == "1.0"
    assert post.said["data"]["template"] == "assignment.made"
    assert is_signed(post, HOOK_SECRET)
    assert not is_signed(post, "another")


def is_signed(post: Post, secret: str) -> bool:
    """Whether a post is signed, by the words of the Standard Webhooks specification."""
    content = f"{post.headers['Webhook-Id']}.{post.headers['Webhook-Timestamp']}.".encode() + post.body
    expected = base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
    return post.headers["Webhook-Signature"] == f"v1,{expected}"


def test_what_comes_together_goes_in_one_message(desk: Desk) -> None:
    desk.sets(LIAISON, hook(desk))
    ids = {str(desk.requests(LIAISON)) for _ in range(5)}
    assert eventually(lambda: desk.web.posts)
    (post,) = desk.web.posts
    assert post.headers["Content-Type"] == "application/cloudevents-batch+json"
    assert {each["data"]["notice_id"] for each in post.said} == ids


def test_a_channel_that_fails_is_tried_again_and_shown_as_failing(desk: Desk) -> None:
    desk.sets(LIAISON, hook(desk))
    desk.web.answer = lambda _post: Reply(503)
    notice_id = desk.requests(LIAISON)
    assert eventually(lambda: len(desk.web.posts) == 1)
    assert eventually(lambda: desk.states(notice_id, LIAISON)["webhook"] == "waiting")
    (shown,) = desk.good(200, "GET", "/channels", WHO[LIAISON])["channels"]
    assert (shown["failing_since"], shown["error"]) == ("2025-01-24T10:07:00+08:00", "http_503")
    desk.web.answer = lambda _post: Reply()
    desk.becomes(notice_id, LIAISON, desk="delivered", webhook="delivered")
    (shown,) = desk.good(200, "GET", "/channels", WHO[LIAISON])["channels"]
    assert (shown["failing_since"], shown["error"]) == (None, None)
    assert len(desk.web.posts) == 2


def test_after_the_last_try_the_next_channel_has_its_turn(desk: Desk) -> None:
    desk.sets(LIAISON, hook(desk), MAIL)
    desk.web.answer = lambda _post: Reply(500)
    notice_id = desk.requests(LIAISON)
    desk.becomes(notice_id, LIAISON, desk="delivered", webhook="failed", email="delivered")
    assert len(desk.web.posts) == 5
    assert len(desk.mail.mails) == 1
    assert desk.tap.of(NoticeFailed, desk.notices(LIAISON)[0]["ticket_id"]) == []


def test_what_is_refused_for_good_is_not_tried_again(desk: Desk) -> None:
    desk.sets(LIAISON, hook(desk), MAIL)
    desk.web.answer = lambda _post: Reply(410)
    notice_id = desk.requests(LIAISON)
    desk.becomes(notice_id, LIAISON, desk="delivered", webhook="failed", email="delivered")
    assert len(desk.web.posts) == 1


def test_when_no_channel_is_left_that_is_said_aloud(desk: Desk) -> None:
    desk.sets(LIAISON, hook(desk), MAIL | {"address": "nobody@example.gov.cn"})
    desk.web.answer = lambda _post: Reply(404)
    ticket_id = desk.ticket()
    notice_id = desk.requests(LIAISON, ticket_id=ticket_id)
    desk.becomes(notice_id, LIAISON, desk="delivered", webhook="failed", email="failed")
    (failed,) = desk.tap.wait_for(NoticeFailed, str(ticket_id))
    assert (failed.recipient, failed.tried) == (LIAISON, ("webhook", "email"))


def test_what_is_not_answered_is_counted_and_sent_again_as_it_was(desk: Desk) -> None:
    desk.sets(LIAISON, hook(desk))
    desk.web.answer = lambda _post: Reply(hangs_up=True)
    notice_id = desk.requests(LIAISON)
    assert eventually(lambda: desk.web.posts)
    desk.web.answer = lambda _post: Reply()
    desk.becomes(notice_id, LIAISON, desk="delivered", webhook="delivered")
    first, second = desk.web.posts
    assert (first.headers["Webhook-Id"], first.said) == (second.headers["Webhook-Id"], second.said)
    assert desk.house.value("SELECT sum(unanswered) FROM deliveries") == 1
    assert desk.service.metric("bancheng_notices_unanswered_total", channel="webhook") >= 1


def test_a_red_notice_goes_on_after_three_tries(desk: Desk) -> None:
    desk.sets(HEAD, hook(desk), MAIL)
    desk.web.answer = lambda _post: Reply(500)
    desk.escalates(HEAD)
    assert eventually(lambda: desk.notices(HEAD))
    desk.becomes(notice_of(desk, HEAD), HEAD, desk="delivered", webhook="failed", email="delivered")
    assert len(desk.web.posts) == 3


def notice_of(desk: Desk, staff: str) -> UUID:
    return UUID(desk.notices(staff)[0]["notice_id"])


def test_who_was_notified_outside_is_notified_once_that_it_is_void(desk: Desk) -> None:
    desk.sets(HEAD, hook(desk))
    desk.sets(OTHER, hook(desk, "/other"))
    desk.web.answer = lambda post: Reply(200 if post.path == "/hook" else 503)
    escalated = desk.escalates(HEAD, OTHER)
    assert eventually(lambda: desk.web.at("/hook") and desk.web.at("/other"))
    assert eventually(lambda: desk.states(notice_of(desk, HEAD), HEAD)["webhook"] == "delivered")
    desk.voids(escalated)
    assert eventually(lambda: len(desk.web.at("/hook")) == 2)
    assert desk.web.at("/hook")[1].said["data"]["template"] == "escalation.voided"
    desk.hurry()
    assert eventually(desk.house.has_handled_all)
    assert [each["template"] for each in desk.notices(OTHER)] == ["deadline.breached"]
    assert len(desk.web.at("/other")) == 1


def test_a_channel_that_is_removed_gives_its_notices_to_the_next(desk: Desk) -> None:
    desk.sets(LIAISON, hook(desk))
    desk.web.answer = lambda _post: Reply(503)
    notice_id = desk.requests(LIAISON)
    assert eventually(lambda: desk.states(notice_id, LIAISON).get("webhook") == "waiting" and desk.web.posts)
    desk.sets(LIAISON, MAIL)
    desk.becomes(notice_id, LIAISON, desk="delivered", webhook="failed", email="delivered")
    assert len(desk.web.posts) == 1


def test_a_host_that_no_setting_names_is_never_asked(desk: Desk) -> None:
    for address in (
        "http://169.254.169.254/latest",
        "http://localhost/x",
        "https://example.com/",
        "file:///etc/passwd",
    ):
        errors = desk.problem(
            422, "PUT", "/channels", WHO[LIAISON], {"channels": [{"kind": "webhook", "address": address}]}
        )
        assert list(errors) == ["channels.0.address"]
