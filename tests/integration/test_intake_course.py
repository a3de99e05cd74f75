"""A ticket after it was taken in: declined, answered, rated and opened again, in whatever order that is heard of."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from schemas.enums import Complexity, DeadlineKind, Rating
from schemas.events.tickets import TicketDeclined, TicketRated, TicketReclassified, TicketReopened
from tests.integration.intake_desk import (
    CLERK,
    LEADER,
    LIAISON,
    NAME,
    NOW,
    PHONE,
    Desk,
    answered,
    closed,
    later,
    moved,
    opened_desk,
    promised,
    routed,
)
from tests.stack.eventually import eventually

DUE = NOW + timedelta(days=3)


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def test_a_ticket_is_declined_with_what_can_be_done_instead(desk: Desk) -> None:
    receipt = desk.registers(applicant={"kind": "person", "name": NAME, "phone": PHONE})
    remedy = f"{NAME}您好，请向法院起诉，电话0591-87651234，已发短信到{PHONE}。"
    path = f"/tickets/{receipt['id']}/decline"
    assert desk.does(path, LEADER, reason="in_court", remedy=remedy)["state"] == "declined"
    (said,) = desk.tap.wait_for(TicketDeclined, receipt["id"])
    assert said.remedy == "欧阳**您好，请向法院起诉，电话0591-87651234，已发短信到139****5678。"
    assert (said.declined_by, said.declined_at) == ("gu", NOW)
    seen = desk.does(f"/tickets/{receipt['number']}/status", None, code=receipt["query_code"])
    assert (seen["decline_reason"], seen["remedy"]) == ("in_court", said.remedy)
    assert "declined" in desk.refuses(409, "POST", path, CLERK, {"reason": "petition", "remedy": "请走信访渠道"})
    assert set(desk.refuses(422, "POST", path, CLERK, {"reason": "mood", "remedy": "x"})) == {"reason", "remedy"}


def test_late_news_turns_nothing_back(desk: Desk) -> None:
    ticket_id = desk.ticket()
    desk.hears(ticket_id, "closed", closed(ticket_id))
    late = [routed(ticket_id), answered(ticket_id), routed(ticket_id, lead="ZJJ", minutes=0)]
    desk.hears_until(lambda: desk.gets(f"/tickets/{ticket_id}")["answer"], *late)
    seen = desk.gets(f"/tickets/{ticket_id}")
    assert (seen["state"], seen["lead_department"]) == ("closed", "Tax")


def test_the_newest_promise_is_the_one_shown(desk: Desk) -> None:
    ticket_id = desk.ticket()
    report, extended = DUE + timedelta(days=2), DUE + timedelta(days=9)

    def due() -> str:
        return str(desk.gets(f"/tickets/{ticket_id}")["due_at"])

    duty = promised(ticket_id, later(30), kind=DeadlineKind.ACKNOWLEDGE, revision=9)
    desk.hears_until(
        lambda: due() == "2025-01-29T10:00:00+08:00", duty, promised(ticket_id, report, kind=DeadlineKind.REPORT)
    )
    stale = [promised(ticket_id, DUE), moved(ticket_id, DUE, revision=5)]
    last = moved(ticket_id, extended, kind=DeadlineKind.REPORT, revision=2)
    desk.hears_until(lambda: due() == "2025-02-05T10:00:00+08:00", *stale, last)


def test_a_ticket_that_turns_out_to_be_complex_stays_so(desk: Desk) -> None:
    ticket_id = desk.ticket()
    change = TicketReclassified(
        center="BC",
        ticket_id=ticket_id,
        round=1,
        complexity=Complexity.COMPLEX,
        why="跨部门",
        reclassified_by="gu",
        reclassified_at=later(2),
    )
    desk.hears(ticket_id, "assigned", routed(ticket_id), change)
    desk.hears_until(
        lambda: desk.gets(f"/tickets/{ticket_id}")["lead_department"] == "Housing", routed(ticket_id, 3, lead="ZJJ")
    )
    assert desk.gets(f"/tickets/{ticket_id}")["complexity"] == "complex"


def test_news_of_a_ticket_that_is_not_here_waits(desk: Desk) -> None:
    desk.house.announce(routed(uuid4()), source="routing")
    waits = "SELECT event_id FROM held WHERE error LIKE 'NotYet%%' AND next_try_at IS NOT NULL"
    assert eventually(lambda: desk.house.rows(waits))


def test_a_good_rating_ends_the_round(desk: Desk) -> None:
    receipt = desk.answered()
    path = f"/tickets/{receipt['number']}/rating"
    desk.refuses(404, "POST", path, None, {"code": "AAAAAAAA", "rating": "satisfied"})
    assert desk.does(path, None, code=receipt["query_code"], rating="satisfied")["state"] == "answered"
    (said,) = desk.tap.wait_for(TicketRated, receipt["id"])
    assert (said.rating, said.round, said.recorded_by) == (Rating.SATISFIED, 1, None)
    desk.refuses(409, "POST", path, None, {"code": receipt["query_code"], "rating": "dissatisfied"})
    assert desk.gets(f"/tickets/{receipt['id']}")["may_rate"] is False
    assert not desk.tap.of(TicketReopened, receipt["id"])


def test_a_bad_rating_opens_the_ticket_again(desk: Desk) -> None:
    receipt = desk.answered(applicant={"kind": "person", "name": NAME, "phone": PHONE})
    ticket_id = UUID(receipt["id"])
    rated = desk.does(f"/tickets/{ticket_id}/rating", rating="very_dissatisfied", comment=f"没有解决，{NAME}")
    assert (rated["state"], rated["round"]) == ("registered", 2)
    (said,) = desk.tap.wait_for(TicketRated, ticket_id)
    assert (said.round, said.comment, said.recorded_by) == (1, "没有解决，欧阳**", "fang")
    (opened,) = desk.tap.wait_for(TicketReopened, ticket_id)
    assert (opened.round, opened.reopened_at) == (2, NOW)
    assert desk.gets(f"/tickets/{ticket_id}")["due_at"] is None
    again = {"reason": "in_court", "remedy": "请向法院起诉"}
    desk.refuses(409, "POST", f"/tickets/{ticket_id}/decline", CLERK, again)
    desk.hears(ticket_id, "answered", routed(ticket_id, 20, round=2), answered(ticket_id, 25, round=2))
    assert desk.does(f"/tickets/{ticket_id}/rating", rating="satisfied")["round"] == 2


def test_a_ticket_without_an_answer_cannot_be_rated(desk: Desk) -> None:
    ticket_id = desk.ticket()
    assert "registered" in desk.refuses(409, "POST", f"/tickets/{ticket_id}/rating", CLERK, {"rating": "satisfied"})
    assert set(desk.refuses(422, "POST", f"/tickets/{ticket_id}/rating", CLERK, {"rating": "6"})) == {"rating"}


def test_an_unknown_ticket_cannot_be_changed(desk: Desk) -> None:
    for what, body in (
        ("decline", {"reason": "in_court", "remedy": "请向法院咨询"}),
        ("materials", {"items": ["身份证"]}),
        ("materials/supply", None),
        ("withdraw", None),
        ("rating", {"rating": "satisfied"}),
    ):
        desk.refuses(404, "POST", f"/tickets/{uuid4()}/{what}", CLERK, body)
        desk.refuses(403, "POST", f"/tickets/{UUID(int=0)}/{what}", LIAISON, body)
