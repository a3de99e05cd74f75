"""A far side that hangs keeps up nobody else, and ends as a message that was not answered."""

from tests.integration.notify.desk import HEAD, LIAISON, Desk
from tests.stack.eventually import eventually
from tests.stack.far_side import HANG_SECONDS, Reply
from tests.stack.others import Others


def test_who_hangs_keeps_up_nobody_else_and_is_not_waited_for_long(desk: Desk) -> None:
    desk.web.answer = lambda _post: Reply(hangs=HANG_SECONDS)
    desk.sets(HEAD, {"kind": "webhook", "address": f"{desk.web.url}/hook"})
    desk.sets(LIAISON, {"kind": "email", "address": "luo-min@example.gov.cn"})
    hung = desk.requests(HEAD)
    assert eventually(lambda: desk.web.posts)
    with Others(desk.service, "/openapi.json") as others:
        desk.becomes(desk.requests(LIAISON), LIAISON, desk="delivered", email="delivered")
    assert desk.states(hung, HEAD)["webhook"] == "sending"
    assert others.failure is None
    assert others.longest < 0.25
    assert eventually(lambda: desk.house.value("SELECT max(unanswered) FROM deliveries") == 1, seconds=30)


def test_an_endless_answer_is_not_read_to_its_end(desk: Desk) -> None:
    desk.web.answer = lambda _post: Reply(body=b"x" * (5 << 20))
    desk.sets(HEAD, {"kind": "webhook", "address": f"{desk.web.url}/hook"})
    desk.becomes(desk.requests(HEAD), HEAD, desk="delivered", webhook="delivered")


def test_a_redirect_is_not_followed(desk: Desk) -> None:
    desk.web.answer = lambda _post: Reply(302)
    desk.sets(HEAD, {"kind": "webhook", "address": f"{desk.web.url}/hook"})
    notice_id = desk.requests(HEAD)
    assert eventually(lambda: desk.states(notice_id, HEAD).get("webhook") == "waiting" and desk.web.posts)
    assert len(desk.web.posts) == 1
