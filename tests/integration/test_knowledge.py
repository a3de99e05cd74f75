"""The knowledge service at work: what it learns from events, what it shows of it to whom, what it forgets."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from schemas.enums import ApplicantKind, Channel, Complexity, Outcome, Role
from schemas.events.assignments import AssignmentReturned
from schemas.events.event import Event
from schemas.events.tickets import (
    TicketAnswered,
    TicketClosed,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from schemas.reasons import ReturnReason
from services.plumbing.database.transaction import new_id
from tests.integration.knowledge_house import opened_knowledge
from tests.routing_builders import at
from tests.stack.access import bearer
from tests.stack.desk import Desk, Header
from tests.stack.eventually import eventually

TAX = bearer("tax-clerk", Role.LIAISON, department="SWJ")
POLICE = bearer("police-clerk", Role.LIAISON, department="GAJ")
CLERK = bearer("he-jing", Role.CLERK)
LEADER = bearer("gu", Role.DUTY_LEADER)
STRANGER = bearer("tax-clerk", Role.LIAISON, department="SWJ", center="ELSEWHERE")
NOW = at("2025-01-24T10:00")


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_knowledge(amqp_uri, database_url) as opened:
        yield opened


def registered(title: str, text: str) -> TicketRegistered:
    return TicketRegistered(
        center="BC",
        ticket_id=(id_ := new_id()),
        number=f"BC-{id_}",
        title=title,
        text=text,
        channel=Channel.WINDOW,
        applicant_kind=ApplicantKind.PERSON,
        first_responsible="he-jing",
        registered_by="he-jing",
        registered_at=NOW,
    )


def solved_by(department: str, ticket: UUID, answer: str = "已经办好。") -> list[Event]:
    base: dict[str, Any] = {"center": "BC", "ticket_id": ticket, "round": 1}
    return [
        TicketRouted(**base, complexity=Complexity.ORDINARY, lead=department, rule="x", why="x", routed_at=NOW),
        TicketAnswered(**base, department=department, answer=answer, answered_by="x", answered_at=NOW),
        TicketClosed(**base, outcome=Outcome.RESOLVED, closed_by="he-jing", closed_at=NOW),
    ]


def solved(desk: Desk, title: str, text: str, department: str = "SWJ") -> UUID:
    event = registered(title, text)
    desk.house.announce(event, source="intake")
    desk.house.announce(*solved_by(department, event.ticket_id), source="routing")
    assert eventually(lambda: is_learnt(desk, event.ticket_id))
    return event.ticket_id


def is_learnt(desk: Desk, ticket: UUID) -> bool:
    return bool(desk.house.rows("SELECT 1 FROM cases WHERE subject = %(id)s", id=str(ticket)))


def similar(desk: Desk, title: str, who: Header = CLERK) -> list[str]:
    return [each["id"] for each in desk.good(200, "POST", "/similar", who, {"title": title, "text": ""})["items"]]


def left_of(desk: Desk, words: str) -> int:
    """In how many cases the index still has the first pair of ``words``."""
    found = desk.house.value(
        "SELECT coalesce(sum(each), 0) FROM pair_counts CROSS JOIN unnest(cases) AS each"
        f" WHERE term & ((1::bigint << 42) - 1) = {(ord(words[0]) << 21) | ord(words[1])}"
    )
    return int(found)


def test_how_a_solved_ticket_like_it_was_solved_is_shown(desk: Desk) -> None:
    ticket = solved(desk, "发票领用簿遗失无法补办", "找了三次窗口，都说系统里没有。")
    solved(desk, "小区门口路灯不亮", "晚上看不见路，已经一个月了。", "ZJJ")
    (found,) = desk.good(200, "POST", "/similar", CLERK, {"title": "领用簿遗失", "text": "补办不了"})["items"]
    assert found["id"] == str(ticket)
    assert (found["lead"], found["outcome"], found["answer"]) == ("SWJ", "resolved", "已经办好。")
    assert 0.1 <= found["likeness"] <= 1
    assert similar(desk, "") == similar(desk, "发") == similar(desk, "鼋鼍龘靐齉齾") == []


def test_only_what_one_may_see_is_found(desk: Desk) -> None:
    ticket = solved(desk, "紫云英花海门票", "不能退票")
    assert similar(desk, "紫云英花海", LEADER) == similar(desk, "紫云英花海", TAX) == [str(ticket)]
    assert similar(desk, "紫云英花海", POLICE) == []
    assert similar(desk, "紫云英花海", STRANGER) == []
    assert desk.ask("GET", f"/similar?ticket={ticket}", POLICE).status_code == 404
    for who in (None, bearer("watchman", Role.OPS)):
        assert desk.ask("POST", "/similar", who, {"title": "紫云英花海"}).status_code in (401, 403)
    assert desk.ask("GET", f"/suggestions/{ticket}", TAX).status_code == 403
    assert desk.ask("GET", f"/suggestions/{new_id()}", CLERK).status_code == 404


@pytest.mark.parametrize("last", [TicketReopened, TicketWithdrawn])
def test_what_is_not_solved_after_all_leaves_the_index(desk: Desk, last: Any) -> None:
    words = "榫卯斗拱" if last is TicketReopened else "琥珀蜜蜡"
    ticket = solved(desk, f"{words}鉴定", "没有地方办")
    assert similar(desk, f"{words}鉴定") == [str(ticket)]
    assert left_of(desk, words) == 1
    more = {"round": 2, "reopened_at": NOW} if last is TicketReopened else {"withdrawn_at": NOW}
    desk.house.announce(last(center="BC", ticket_id=ticket, **more), source="intake")
    assert eventually(lambda: not is_learnt(desk, ticket))
    assert similar(desk, f"{words}鉴定") == []
    assert left_of(desk, words) == 0, "not a trace in the counts"


def test_what_a_center_solved_speaks_for_a_department(desk: Desk) -> None:
    for nth in range(80):
        solved_many(desk, nth)
    assert eventually(lambda: desk.house.value("SELECT min(norm) FROM departments WHERE code IN ('SWJ', 'GAJ')") > 0)
    asked = registered("宠物狗证办理", "养犬登记跑了两次，狗证还没有。")
    desk.house.announce(asked, source="intake")
    path = f"/suggestions/{asked.ticket_id}"
    assert eventually(lambda: desk.ask("GET", path, LEADER).status_code == 200)
    found = desk.good(200, "GET", path, LEADER)["items"]
    assert found[0]["department"] == "GAJ"
    assert found[0]["likelihood"] > 0.5
    assert 1 <= len(found[0]["cases"]) <= 3
    assert {case["lead"] for case in found[0]["cases"]} == {"GAJ"}

    returned = AssignmentReturned(
        center="BC",
        ticket_id=asked.ticket_id,
        assignment_id=new_id(),
        department="GAJ",
        reason=next(iter(ReturnReason)),
        explanation="不归我们",
        returned_by="police-clerk",
        returned_at=NOW,
    )
    desk.house.announce(returned, source="routing")
    assert eventually(desk.house.has_handled_all)
    assert "GAJ" not in [each["department"] for each in desk.good(200, "GET", path, LEADER)["items"]]


def solved_many(desk: Desk, nth: int) -> None:
    """One of each kind; nobody waits for them one by one."""
    dog = registered(f"养犬登记第{nth}号", "狗证办不下来，养犬登记窗口没有人。")
    form = registered(f"发票第{nth}号", "发票开不出来，税务系统没有我的票种。")
    desk.house.announce(dog, form, source="intake")
    desk.house.announce(*solved_by("GAJ", dog.ticket_id), *solved_by("SWJ", form.ticket_id), source="routing")


def test_what_a_leader_decided_is_kept_beside_what_was_suggested(desk: Desk) -> None:
    asked = registered("养犬登记", "狗证办不下来。")
    decided = TicketRouted(
        center="BC",
        ticket_id=asked.ticket_id,
        round=1,
        complexity=Complexity.ORDINARY,
        lead="ZJJ",
        decided_by="gu",
        why="房产先办",
        routed_at=NOW,
    )
    desk.house.announce(asked, source="intake")
    assert eventually(lambda: desk.ask("GET", f"/suggestions/{asked.ticket_id}", LEADER).status_code == 200)
    desk.house.announce(decided, source="routing")
    query = "SELECT department, suggested FROM decisions WHERE ticket_id = %(id)s"
    assert eventually(lambda: desk.house.rows(query, id=str(asked.ticket_id)))
    (kept,) = desk.house.rows(query, id=str(asked.ticket_id))
    assert kept.department == "ZJJ"
    assert "GAJ" in kept.suggested


def test_another_centers_ticket_is_not_touched(desk: Desk) -> None:
    ticket = solved(desk, "蜡梅盆景展", "没有名额")
    reopened = TicketReopened(center="XX", ticket_id=ticket, round=2, reopened_at=NOW)
    desk.house.announce(reopened, source="intake")
    assert eventually(lambda: desk.house.parked())
    assert is_learnt(desk, ticket)
