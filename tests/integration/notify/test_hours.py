"""Quiet hours and digests: what is not red waits, and comes together; each module's clock goes on alone."""

from datetime import timedelta

from schemas.enums import Light
from services.notify.actions.retention import forget
from tests.integration.notify.desk import HEAD, LIAISON, NOW, WHO, Desk
from tests.stack.eventually import eventually


def hook(desk: Desk) -> dict[str, object]:
    return {"kind": "webhook", "address": f"{desk.web.url}/hook"}


def test_what_is_not_red_waits_for_the_end_of_quiet_hours(desk: Desk) -> None:
    desk.house.step(NOW)
    desk.sets(HEAD, hook(desk), quiet_hours={"begins": "10:00:00", "ends": "11:00:00"})
    desk.escalates(HEAD, level=1, light=Light.YELLOW)
    red = desk.escalates(HEAD)
    assert eventually(lambda: desk.web.posts)
    assert [post.said["data"]["ticket_id"] for post in desk.web.posts] == [str(red.ticket_id)]
    desk.house.step(NOW + timedelta(minutes=53))
    assert eventually(lambda: len(desk.web.posts) == 2)


def test_a_digest_has_all_of_its_time(desk: Desk) -> None:
    desk.house.step(NOW)
    desk.sets(LIAISON, hook(desk), digest_minutes=60)
    ids = {str(desk.requests(LIAISON)) for _ in range(3)}
    assert eventually(lambda: len(desk.notices(LIAISON)) == 3)
    desk.hurry()
    assert desk.house.value("SELECT count(*) FROM deliveries WHERE state = 'waiting'") == 3
    desk.house.step(NOW + timedelta(minutes=65))
    assert eventually(lambda: desk.web.posts)
    assert {each["data"]["notice_id"] for each in desk.web.posts[0].said} == ids


def test_what_is_old_is_deleted_and_an_unread_red_one_later(desk: Desk) -> None:
    desk.house.step(NOW)
    desk.sets(HEAD, hook(desk))
    read, unread = desk.escalates(HEAD), desk.escalates(HEAD)
    desk.requests(HEAD)
    assert eventually(lambda: desk.house.value("SELECT count(*) FROM deliveries WHERE state = 'delivered'") == 6)
    (one,) = [each["notice_id"] for each in desk.notices(HEAD) if each["ticket_id"] == str(read.ticket_id)]
    desk.good(200, "POST", f"/notices/{one}/read", WHO[HEAD])

    def after(days: int) -> list[str]:
        desk.house.step(NOW + timedelta(days=days))
        with desk.house.database.transaction() as tx:
            forget(tx)
        return [each["ticket_id"] for each in desk.notices(HEAD)]

    assert len(after(399)) == 3
    assert after(401) == [str(unread.ticket_id)]
    assert desk.house.value("SELECT count(*) FROM deliveries") == 2
    assert after(801) == []
    assert desk.house.value("SELECT count(*) FROM deliveries") == 0
