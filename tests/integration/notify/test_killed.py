"""Kill -9 in the middle of 5,000 notices: none is lost, and none arrives twice but what the far side was not seen to
answer, which is counted and sent as the same message.
"""

from collections import Counter
from typing import Any
from uuid import uuid4

from schemas.center.access import departments_of, headed_by, roles_of
from schemas.events.notices import NoticeRequested
from tests.integration.notify.desk import NOW, Desk
from tests.stack.access import bearer
from tests.stack.eventually import eventually
from tests.stack.far_side import Post, Reply
from tests.stack.house import demo_center

NOTICES = 5000
KILLS = 4


def test_kills_lose_no_notice_and_only_what_is_counted_comes_twice(desk: Desk) -> None:
    people = with_webhooks(desk)
    desk.web.answer = lambda _post: Reply(hangs=0.05)
    tickets = [desk.ticket() for _ in range(50)]
    events = [
        NoticeRequested(
            center="BC",
            ticket_id=tickets[number % len(tickets)],
            notice_id=uuid4(),
            recipients=(people[number % len(people)],),
            template="assignment.made",
            requested_at=NOW,
        )
        for number in range(NOTICES)
    ]
    for kill in range(KILLS):
        part = NOTICES // KILLS
        desk.house.announce(*events[kill * part : (kill + 1) * part])
        seen = len(desk.web.posts)
        assert eventually(lambda seen=seen: len(desk.web.posts) > seen + 5, seconds=60)  # type: ignore[misc]
        desk.service.kill()
        desk.house.rows("UPDATE deliveries SET leased_until = bancheng.real_now() WHERE state = 'sending'")
        desk.service.start()

    def is_over() -> bool:
        counted = "SELECT count(*) FROM deliveries WHERE channel = 'webhook' AND state = 'delivered'"
        return bool(desk.house.value(counted) == NOTICES)

    assert eventually(is_over, seconds=120), states(desk)
    times = Counter(event["id"] for post in desk.web.posts for event in events_of(post))
    assert len(times) == NOTICES
    may_be_twice = {
        str(row.id): row.unanswered
        for row in desk.house.rows("SELECT id, unanswered FROM deliveries WHERE unanswered > 0")
    }
    assert {id_: count - 1 for id_, count in times.items() if count - 1 > may_be_twice.get(id_, 0)} == {}
    assert len(may_be_twice) < NOTICES
    messages: dict[str, bytes] = {}
    for post in desk.web.posts:
        assert messages.setdefault(post.headers["Webhook-Id"], post.body) == post.body


def test_two_processes_send_each_notice_once(desk: Desk) -> None:
    people = with_webhooks(desk)
    second = desk.house.process()
    second.environment |= {name: value for name, value in desk.service.environment.items() if "NOTIFY" in name}
    with second:
        ticket_id = desk.ticket()
        ids = {str(desk.requests(*people, ticket_id=ticket_id)) for _ in range(20)}

        def is_over() -> bool:
            counted = "SELECT count(*) FROM deliveries WHERE channel = 'webhook' AND state = 'delivered'"
            return bool(desk.house.value(counted) == len(ids) * len(people))

        assert eventually(is_over, seconds=60), states(desk)
    times = Counter(event["id"] for post in desk.web.posts for event in events_of(post))
    assert set(times.values()) == {1}
    assert len(times) == len(ids) * len(people)


def with_webhooks(desk: Desk) -> list[str]:
    """Everybody who has a role, each with a webhook of their own."""
    center = demo_center()
    people = [staff for staff in sorted(center.staff) if roles_of(center, staff)]
    for staff in people:
        department = next(iter((*departments_of(center, staff), *headed_by(center, staff))), None)
        who = bearer(staff, *roles_of(center, staff), department=department)
        channels = [{"kind": "webhook", "address": f"{desk.web.url}/{staff}"}]
        desk.good(200, "PUT", "/channels", who, {"channels": channels})
    return people


def events_of(post: Post) -> list[dict[str, Any]]:
    said = post.said
    return said if isinstance(said, list) else [said]


def states(desk: Desk) -> list[object]:
    return desk.house.rows("SELECT channel, state, error, count(*) FROM deliveries GROUP BY 1, 2, 3")
