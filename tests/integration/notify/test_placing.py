"""What routing announces stands before its recipients in the desk: once, theirs alone, until they have read it."""

from uuid import uuid4

from schemas.enums import Light, Role
from schemas.events.notices import NoticePlaced, NoticeRequested
from tests.integration.notify.desk import DUE, HEAD, LEADER, LIAISON, OTHER, WHO, Desk, an_escalation, void_of
from tests.stack.access import bearer
from tests.stack.eventually import eventually


def test_a_notice_stands_before_its_recipients_until_it_is_read(desk: Desk) -> None:
    ticket_id = desk.ticket("BC-20250124-0007")
    notice_id = desk.requests(LIAISON, HEAD, ticket_id=ticket_id)
    assert eventually(lambda: desk.notices(LIAISON))
    page = desk.page(LIAISON)
    (notice,) = page["notices"]
    assert page["unread"] == 1
    assert (notice["notice_id"], notice["ticket_id"]) == (str(notice_id), str(ticket_id))
    assert (notice["number"], notice["center"], notice["template"]) == ("BC-20250124-0007", "BC", "assignment.made")
    assert (notice["light"], notice["due_at"], notice["read_at"]) == (None, None, None)
    assert [(each["channel"], each["state"]) for each in notice["deliveries"]] == [("desk", "delivered")]

    assert desk.good(200, "POST", f"/notices/{notice_id}/read", WHO[LIAISON], {}) == {"unread": 0}
    assert desk.notices(LIAISON)[0]["read_at"] is not None
    assert desk.notices(LIAISON, "unread") == []
    assert desk.page(HEAD)["unread"] == 1

    (placed,) = desk.tap.wait_for(NoticePlaced, str(ticket_id))
    assert (placed.notice_id, set(placed.to)) == (notice_id, {LIAISON, HEAD})


def test_all_notices_are_read_at_once(desk: Desk) -> None:
    for _ in range(3):
        desk.requests(LIAISON)
    assert eventually(lambda: desk.page(LIAISON)["unread"] == 3)
    assert desk.good(200, "POST", "/notices:read", WHO[LIAISON], {}) == {"unread": 0}
    assert len(desk.notices(LIAISON)) == 3


def test_somebody_elses_notice_is_not_found(desk: Desk) -> None:
    notice_id = desk.requests(LIAISON)
    assert eventually(lambda: desk.notices(LIAISON))
    assert desk.notices(OTHER) == []
    desk.problem(404, "POST", f"/notices/{notice_id}/read", WHO[OTHER], {})
    desk.problem(404, "POST", f"/notices/{uuid4()}/read", WHO[LIAISON], {})
    elsewhere = bearer(LIAISON, Role.LIAISON, department="SWJ", center="ELSEWHERE")
    assert desk.good(200, "GET", "/notices", elsewhere)["notices"] == []
    desk.problem(401, "GET", "/notices", None)
    desk.problem(403, "GET", "/notices", bearer("hotline", Role.CHANNEL))


def test_an_escalation_says_its_light_and_due_time_and_counts_once(desk: Desk) -> None:
    escalated = desk.escalates(HEAD, LEADER)
    assert eventually(lambda: desk.notices(LEADER))
    desk.house.announce(escalated)
    assert eventually(desk.house.has_handled_all)
    (notice,) = desk.notices(HEAD)
    assert (notice["light"], notice["template"]) == ("red", "deadline.breached")
    assert notice["due_at"] == DUE.isoformat()


def test_a_notice_about_an_entry_has_its_number_and_no_ticket(desk: Desk) -> None:
    late = NoticeRequested(
        center="BC",
        entry_id=uuid4(),
        notice_id=uuid4(),
        recipients=(OTHER,),
        template="entry.vetting_late",
        requested_at=DUE,
        number="Q-0007 (+3)",
        light=Light.YELLOW,
        level=1,
        due_at=DUE,
    )
    desk.house.announce(late, source="knowledge")
    assert eventually(lambda: desk.notices(OTHER))
    notice = next(each for each in desk.notices(OTHER) if each["notice_id"] == str(late.notice_id))
    assert (notice["entry_id"], notice["ticket_id"]) == (str(late.entry_id), None)
    assert "Q-0007 (+3)" in notice["text"]


def test_notices_are_read_in_pages(desk: Desk) -> None:
    ids = {str(desk.requests(LIAISON)) for _ in range(5)}
    assert eventually(lambda: len(desk.notices(LIAISON)) == 5)
    seen, after = list[str](), ""
    while True:
        page = desk.good(200, "GET", f"/notices?limit=2{after}", WHO[LIAISON])
        seen += [each["notice_id"] for each in page["notices"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted(ids)


def test_a_notice_that_comes_before_its_ticket_waits_for_it(desk: Desk) -> None:
    escalated = an_escalation(uuid4(), (HEAD,), light=Light.YELLOW)
    desk.house.announce(escalated)
    assert eventually(lambda: desk.house.value("SELECT count(*) FROM held") == 1)
    assert desk.notices(HEAD) == []
    desk.ticket(ticket_id=escalated.ticket_id)
    assert eventually(lambda: desk.notices(HEAD))


def test_what_is_void_and_was_not_read_is_taken_back_in_silence(desk: Desk) -> None:
    escalated = desk.escalates(HEAD)
    assert eventually(lambda: desk.page(HEAD)["unread"] == 1)
    desk.voids(escalated)
    assert eventually(lambda: desk.page(HEAD)["unread"] == 0)
    (notice,) = desk.notices(HEAD)
    assert notice["voided_at"] is not None


def test_who_has_read_it_is_notified_once_that_it_is_void(desk: Desk) -> None:
    escalated = desk.escalates(HEAD, LEADER)
    assert eventually(lambda: desk.notices(HEAD))
    desk.good(200, "POST", "/notices:read", WHO[HEAD], {})
    desk.voids(escalated)
    assert eventually(lambda: desk.page(HEAD)["unread"] == 1)
    desk.house.announce(void_of(escalated))
    assert eventually(desk.house.has_handled_all)
    assert [each["template"] for each in desk.notices(HEAD, "unread")] == ["escalation.voided"]
    assert desk.page(LEADER)["unread"] == 0


def test_a_void_that_overtakes_its_escalation_notifies_nobody(desk: Desk) -> None:
    escalated = an_escalation(desk.ticket(), (HEAD,))
    desk.voids(escalated)
    assert eventually(desk.house.has_handled_all)
    desk.house.announce(escalated)
    assert eventually(desk.house.has_handled_all)
    assert desk.notices(HEAD) == []
