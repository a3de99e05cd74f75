"""The routing service as a process of its own, on a real RabbitMQ and a real PostgreSQL."""

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import permutations
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from schemas.assignments import AssignmentMade, AssignmentReplaced, AssignmentReturned
from schemas.center import Center, CenterPublished
from schemas.deadlines import DeadlineMet, DeadlineMoved, DeadlinePaused, DeadlineResumed
from schemas.notices import NoticeRequested
from schemas.tickets import (
    ArbitrationDecided,
    ArbitrationRequested,
    ExtensionGranted,
    MaterialsRequested,
    MaterialsSupplied,
    TicketAnswered,
    TicketEscalated,
    TicketReclassified,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from schemas.words import ArbitrationReason, Complexity, DeadlineKind, DepartmentRole, Post
from services.plumbing.transaction import new_id
from services.routing import clocks_store
from services.routing.clocks import Announced
from services.routing.publishing import BrokenCenter, publish
from tests.integration.routing_desk import (
    CLERK,
    DIRECTOR,
    DUE,
    HOUSING,
    LEADER,
    NO_RULE,
    POLICE,
    RECEIVED,
    STRANGER,
    TAX,
    THREE_DEPARTMENTS,
    WHY,
    Desk,
    a_breach,
    a_clock_set,
    a_registration,
)
from tests.routing_builders import a_city_center, at
from tests.stack.eventually import eventually
from tests.stack.room import Room


@pytest.fixture(scope="module")
def whole_desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    room = Room("routing", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0")
    with room.database.transaction() as tx:
        publish(tx, a_city_center())
        publish(tx, a_center_whose_heads_are_told_alone())
    with room.tap() as tap, room.process() as service:
        yield Desk(room, service, tap)
        print(service.log[-4000:])
    room.database.close()


@pytest.fixture
def desk(whole_desk: Desk) -> Desk:
    """It is Friday 24 January 2025, ten o'clock."""
    whole_desk.room.step(RECEIVED)
    return whole_desk


def an_agreed_ticket(desk: Desk) -> UUID:
    """A complex ticket that all three departments have signed for."""
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    for department, who in (("ZJJ", HOUSING), ("SWJ", TAX), ("GAJ", POLICE)):
        desk.signs(ticket_id, department, who)
    return ticket_id


def a_center_whose_heads_are_told_alone() -> Center:
    """Center CALM: of a breach the department's head is told, and nobody else."""
    ladder = dict(a_city_center().ladder)
    breached, *later = ladder[DeadlineKind.ANSWER][1:]
    ladder[DeadlineKind.ANSWER] = (dataclasses.replace(breached, tell=(Post.DEPARTMENT_HEAD,)), *later)
    return a_city_center(code="CALM", ladder=ladder)


def at_once(*acts: Callable[[], int]) -> list[int]:
    """The statuses of calls that are made at the same moment."""
    start = Barrier(len(acts))

    def act(one: Callable[[], int]) -> int:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


# ---- Routing


def test_a_ticket_goes_where_the_first_fitting_rule_sends_it(desk: Desk) -> None:
    ticket_id = desk.registered("发票和户口")
    (routed,) = desk.tap.wait_for(TicketRouted, ticket_id)
    assert (routed.lead, routed.rule, routed.complexity) == ("SWJ", "tax", Complexity.ORDINARY)
    (made,) = desk.tap.wait_for(AssignmentMade, ticket_id)
    assert (made.department, made.role, made.made_at) == ("SWJ", DepartmentRole.LEAD, RECEIVED)
    (notice,) = desk.tap.wait_for(NoticeRequested, ticket_id)
    assert (notice.recipients, notice.template) == (("tax-clerk",), "assignment.made")


def test_three_departments_make_one_complex_ticket_and_one_notice(desk: Desk) -> None:
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    (routed,) = desk.tap.wait_for(TicketRouted, ticket_id)
    assert (routed.lead, routed.assisting, routed.complexity) == ("ZJJ", ("SWJ", "GAJ"), Complexity.COMPLEX)
    assert {each.department for each in desk.tap.wait_for(AssignmentMade, ticket_id, times=3)} == {"ZJJ", "SWJ", "GAJ"}
    (notice,) = desk.tap.wait_for(NoticeRequested, ticket_id)
    assert set(notice.recipients) == {"home-clerk", "tax-clerk", "police-clerk", "police-deputy"}


def test_an_event_heard_twice_or_said_twice_takes_effect_once(desk: Desk) -> None:
    event, other = a_registration(new_id()), a_registration(new_id())
    ids = desk.room.publish(event, source="intake")
    desk.room.publish(event, source="intake", ids=ids)
    desk.room.publish(event, source="intake")
    desk.hears(other, until=lambda: desk.knows(other.ticket_id))
    desk.tap.wait_for(AssignmentMade, other.ticket_id)
    assert len(desk.tap.of(TicketRouted, event.ticket_id)) == 1
    assert len(desk.tap.of(AssignmentMade, event.ticket_id)) == 1


def test_texts_are_stored_exactly_and_do_nothing(desk: Desk) -> None:
    text = (
        "'; DROP TABLE tickets; -- %s %(x)s <script>alert(1)</script> =cmd|' /C calc'!A0 ../../x 𠮷\u200b\u202e😀\n\t"
    )
    ticket_id = desk.registered("发票" + text, text=text)
    desk.signs(ticket_id, "SWJ", TAX)
    desk.does(TAX, f"/tickets/{ticket_id}/answer", answer=text)
    shown = desk.ticket(ticket_id)
    assert (shown["text"], shown["answer"], shown["timeline"][-1]["text"]) == (text, text, text)
    assert desk.tap.wait_for(TicketAnswered, ticket_id)[0].answer == text


def test_what_no_rule_fits_lies_on_the_docket_until_the_duty_leader_decides(desk: Desk) -> None:
    ticket_id = desk.registered(NO_RULE)
    (requested,) = desk.tap.wait_for(ArbitrationRequested, ticket_id)
    assert requested.reason == ArbitrationReason.NO_RULE
    (notice,) = desk.tap.wait_for(NoticeRequested, ticket_id)
    assert (notice.recipients, notice.template) == (("fang",), "arbitration.requested")  # sits next, on 5 February
    docket = desk.ask("GET", "/docket?limit=200", LEADER).json()
    assert docket["sitting"]["leader"] == "fang"
    assert [each["reason"] for each in docket["items"] if each["ticket_id"] == str(ticket_id)] == ["no_rule"]

    assert "lead" in desk.refuses(LEADER, f"/tickets/{ticket_id}/arbitrate", 422, lead="NOWHERE", why=WHY)
    shown = desk.does(LEADER, f"/tickets/{ticket_id}/arbitrate", lead="GAJ", assisting=["ZJJ"], why=WHY)
    assert (shown["state"], shown["lead"], shown["decided_by"], shown["complexity"]) == (
        "assigned",
        "GAJ",
        "gu",
        "complex",
    )
    (decided,) = desk.tap.wait_for(ArbitrationDecided, ticket_id)
    assert (decided.arbitration_id, decided.decided_by) == (requested.arbitration_id, "gu")
    assert desk.tap.wait_for(TicketRouted, ticket_id)[0].why == WHY
    docket = desk.ask("GET", "/docket?limit=200", LEADER).json()
    assert str(ticket_id) not in {each["ticket_id"] for each in docket["items"]}
    assert "docket" in desk.refuses(LEADER, f"/tickets/{ticket_id}/arbitrate", lead="GAJ", why=WHY)
    assert "final" in desk.refuses(
        POLICE, f"{desk.part(ticket_id, 'GAJ')}/return", reason="not_our_duty", explanation=WHY
    )


# ---- What departments do


def test_the_first_return_is_routed_anew_and_the_second_one_decided_finally(desk: Desk) -> None:
    ticket_id = desk.registered()
    returned = {"reason": "not_our_duty", "explanation": WHY}
    shown = desk.does(TAX, f"{desk.part(ticket_id, 'SWJ')}/return", **returned)
    assert (shown["state"], shown["reason"], shown["explanation"]) == ("returned", "not_our_duty", WHY)
    assert [each.lead for each in desk.tap.wait_for(TicketRouted, ticket_id, times=2)] == ["SWJ", "GAJ"]

    desk.does(POLICE, f"{desk.part(ticket_id, 'GAJ')}/return", **returned)
    assert desk.ticket(ticket_id)["state"] == "in_arbitration"
    items = desk.ask("GET", "/docket?limit=200", LEADER).json()["items"]
    (item,) = [each for each in items if each["ticket_id"] == str(ticket_id)]
    assert (item["reason"], [each["department"] for each in item["returns"]]) == ("returned", ["SWJ", "GAJ"])
    assert len(desk.tap.wait_for(AssignmentReturned, ticket_id, times=2)) == 2

    desk.does(LEADER, f"/tickets/{ticket_id}/arbitrate", lead="SWJ", why=WHY)
    assert "final" in desk.refuses(TAX, f"{desk.part(ticket_id, 'SWJ')}/return", **returned)


def test_a_department_may_name_the_one_that_is_responsible(desk: Desk) -> None:
    ticket_id = desk.registered()
    path = f"{desk.part(ticket_id, 'SWJ')}/return"
    body = {"reason": "other_lead", "explanation": WHY}
    assert "suggest" in desk.refuses(TAX, path, 422, suggest="SWJ", **body)
    desk.does(TAX, path, suggest="ZJJ", **body)
    assert desk.ticket(ticket_id)["lead"] == "ZJJ"
    assert desk.parts(ticket_id) == {"SWJ": "returned", "ZJJ": "made"}


def test_what_an_assisting_department_returns_is_decided_and_the_others_keep_their_parts(desk: Desk) -> None:
    ticket_id = an_agreed_ticket(desk)
    desk.does(POLICE, f"{desk.part(ticket_id, 'GAJ')}/return", reason="not_our_duty", explanation=WHY)
    assert desk.ticket(ticket_id)["state"] == "in_arbitration"
    desk.does(LEADER, f"/tickets/{ticket_id}/arbitrate", lead="ZJJ", why=WHY)
    assert desk.parts(ticket_id) == {"ZJJ": "accepted", "SWJ": "replaced", "GAJ": "returned"}
    assert [each.department for each in desk.tap.wait_for(AssignmentReplaced, ticket_id)] == ["SWJ"]
    assert "final" in desk.refuses(
        HOUSING, f"{desk.part(ticket_id, 'ZJJ')}/return", reason="not_our_duty", explanation=WHY
    )


def test_a_return_after_one_working_day_is_too_late(desk: Desk) -> None:
    ticket_id = desk.registered()
    desk.room.step(at("2025-01-26T17:01"))
    reason = desk.refuses(TAX, f"{desk.part(ticket_id, 'SWJ')}/return", reason="not_our_duty", explanation=WHY)
    assert "2025-01-26 17:00" in reason


def test_another_departments_assignment_does_not_exist(desk: Desk) -> None:
    ticket_id = desk.registered()
    path = desk.part(ticket_id, "SWJ")
    for who in (HOUSING, STRANGER):
        for act, body in (
            ("accept", {}),
            ("complete", {"result": "done"}),
            ("return", {"reason": "duplicate", "explanation": WHY}),
        ):
            desk.refuses(who, f"{path}/{act}", 404, **body)
        assert desk.ask("GET", f"/tickets/{ticket_id}", who).status_code == 404
        desk.refuses(who, f"/tickets/{ticket_id}/answer", 404, answer="不是我们的事")
    mine = desk.ask("GET", "/assignments?limit=200", HOUSING).json()["items"]
    assert {each["department"] for each in mine} == {"ZJJ"}


def test_lists_come_in_pages(desk: Desk) -> None:
    made = [str(desk.registered()) for _ in range(3)]
    for path in ("/assignments?state=made&department=SWJ", "/tickets?state=assigned&department=SWJ"):
        seen: list[str] = []
        after = ""
        while True:
            page = desk.ask("GET", f"{path}&limit=2{after}", CLERK).json()
            seen += [each.get("ticket_id") or each["id"] for each in page["items"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert len(seen) == len(set(seen))
        assert set(made) <= set(seen)
        assert sorted(seen, reverse="tickets?" in path) == seen


# ---- Answering


def test_a_complex_ticket_is_answered_after_its_report_and_every_part(desk: Desk) -> None:
    ticket_id = an_agreed_ticket(desk)
    ticket = f"/tickets/{ticket_id}"
    report = {"report": "三个部门会商后形成的专题报告，共同确认了办理路径和时限。"}
    answer = {"answer": "三个部门已办结，请来领证。"}
    assert "report" in desk.refuses(HOUSING, f"{ticket}/answer", **answer)
    assert "lead" in desk.refuses(TAX, f"{ticket}/report", 403, **report)
    assert desk.does(HOUSING, f"{ticket}/report", **report)["report"] == report["report"]
    assert "already" in desk.refuses(HOUSING, f"{ticket}/report", **report)
    assert "GAJ, SWJ" in desk.refuses(HOUSING, f"{ticket}/answer", **answer)
    desk.does(TAX, f"{desk.part(ticket_id, 'SWJ')}/complete", result="税已核清")
    desk.does(POLICE, f"{desk.part(ticket_id, 'GAJ')}/complete", result="户籍已核实")
    assert desk.does(HOUSING, f"{ticket}/answer", **answer)["state"] == "answered"
    assert "answered already" in desk.refuses(HOUSING, f"{ticket}/answer", **answer)
    shown = desk.does(CLERK, f"{ticket}/close", outcome="resolved")
    assert (shown["state"], shown["outcome"]) == ("closed", "resolved")
    assert [each["what"] for each in shown["timeline"]][-6:] == [
        "report.filed",
        "assignment.completed",
        "assignment.completed",
        "assignment.completed",
        "ticket.answered",
        "ticket.closed",
    ]


def test_an_answer_needs_the_leads_signature_and_completes_its_part(desk: Desk) -> None:
    ticket_id = desk.registered()
    answer = {"answer": "已为您开好发票。"}
    assert "not signed" in desk.refuses(TAX, f"/tickets/{ticket_id}/answer", **answer)
    assert "answered" in desk.refuses(CLERK, f"/tickets/{ticket_id}/close", outcome="resolved")
    desk.signs(ticket_id, "SWJ", TAX)
    desk.does(LEADER, f"/tickets/{ticket_id}/answer", **answer)
    assert desk.parts(ticket_id) == {"SWJ": "completed"}


def test_a_citizens_phone_in_a_reply_leaves_the_desk_masked_and_an_offices_landline_as_it_is(desk: Desk) -> None:
    ticket_id = desk.registered()
    desk.signs(ticket_id, "SWJ", TAX)
    answer = "已致电13812348000确认，如有疑问请拨0591-87654321。"
    shown = desk.does(TAX, f"/tickets/{ticket_id}/answer", answer=answer)
    assert shown["answer"] == "已致电138****8000确认，如有疑问请拨0591-87654321。"
    (heard,) = desk.tap.wait_for(TicketAnswered, ticket_id)
    assert heard.answer == shown["answer"]


def test_a_reopened_ticket_goes_to_the_same_departments_in_a_new_round(desk: Desk) -> None:
    ticket_id = desk.answered()
    reopened = TicketReopened(center="BC", ticket_id=ticket_id, round=2, reopened_at=at("2025-01-26T10:00"))
    desk.hears(reopened, reopened, until=lambda: desk.ticket(ticket_id)["round"] == 2)
    shown = desk.ticket(ticket_id)
    assert (shown["state"], shown["answer"]) == ("assigned", None)
    assert [(each["round"], each["state"]) for each in shown["assignments"]] == [(1, "completed"), (2, "made")]
    assert [each.round for each in desk.tap.wait_for(TicketRouted, ticket_id, times=2)] == [1, 2]
    desk.signs(ticket_id, "SWJ", TAX)
    desk.does(TAX, f"/tickets/{ticket_id}/answer", answer="这次真的开好了。")
    assert [each.round for each in desk.tap.wait_for(TicketAnswered, ticket_id, times=2)] == [1, 2]


def test_while_papers_are_awaited_the_ticket_says_so_whatever_comes_late(desk: Desk) -> None:
    ticket_id = desk.registered()

    def asked(when: str) -> MaterialsRequested:
        return MaterialsRequested(
            center="BC", ticket_id=ticket_id, items=("身份证",), approved_by="gu", requested_at=at(when)
        )

    desk.hears(asked("2025-01-24T11:00"), until=lambda: desk.ticket(ticket_id)["state"] == "awaiting_materials")
    supplied = MaterialsSupplied(center="BC", ticket_id=ticket_id, supplied_at=at("2025-01-24T15:00"))
    desk.hears(supplied, until=lambda: desk.ticket(ticket_id)["state"] == "assigned")
    desk.hears(asked("2025-01-24T14:00"), until=lambda: len(desk.ticket(ticket_id)["timeline"]) == 6)
    assert desk.ticket(ticket_id)["state"] == "assigned"


def test_papers_that_were_awaited_before_a_new_round_are_awaited_no_more(desk: Desk) -> None:
    ticket_id = desk.answered()
    asked = MaterialsRequested(
        center="BC", ticket_id=ticket_id, items=("身份证",), approved_by="gu", requested_at=at("2025-01-24T11:00")
    )
    reopened = TicketReopened(center="BC", ticket_id=ticket_id, round=2, reopened_at=at("2025-01-26T10:00"))
    desk.hears(asked, reopened, until=lambda: desk.ticket(ticket_id)["round"] == 2)
    assert desk.ticket(ticket_id)["state"] == "assigned"


def test_of_a_withdrawn_ticket_nobody_has_anything_to_do(desk: Desk) -> None:
    ticket_id = desk.registered(NO_RULE)
    withdrawn = TicketWithdrawn(center="BC", ticket_id=ticket_id, withdrawn_at=RECEIVED)
    desk.hears(withdrawn, until=lambda: desk.ticket(ticket_id)["state"] == "withdrawn")
    desk.refuses(LEADER, f"/tickets/{ticket_id}/arbitrate", lead="SWJ", why=WHY)


def test_what_overtakes_its_ticket_waits_for_it(desk: Desk) -> None:
    ticket_id = new_id()
    desk.room.publish(TicketWithdrawn(center="BC", ticket_id=ticket_id, withdrawn_at=RECEIVED), source="intake")
    desk.room.publish(a_breach(ticket_id), source="deadline_watch")
    assert eventually(lambda: len(desk.room.rows("SELECT event_id FROM held")) == 2)
    desk.registered()
    desk.hears(a_registration(ticket_id), until=lambda: desk.knows(ticket_id))
    assert eventually(lambda: desk.ticket(ticket_id)["state"] == "withdrawn")
    assert eventually(lambda: not desk.room.rows("SELECT event_id FROM held"))
    assert set(desk.parts(ticket_id).values()) == {"replaced"}


# ---- Promises


def test_an_extension_is_asked_for_in_time_or_not_at_all(desk: Desk) -> None:
    ticket_id = desk.registered()
    ask = {"working_days": 3, "reason": "需要外省核实", "legal_basis": "办法第十二条"}
    path = f"/tickets/{ticket_id}/extension"
    assert "not known yet" in desk.refuses(LEADER, path, **ask)
    desk.clock_set(ticket_id)
    assert datetime.fromisoformat(desk.ticket(ticket_id)["due_at"]) == DUE
    desk.room.step(at("2025-01-27T09:01"))
    assert "2025-01-27 09:00" in desk.refuses(LEADER, path, **ask)
    desk.room.step(at("2025-01-27T09:00"))
    assert "approved_by" in desk.refuses(LEADER, path, 422, approved_by="nobody", **ask)
    desk.does(DIRECTOR, path, **ask)
    (granted,) = desk.tap.wait_for(ExtensionGranted, ticket_id)
    assert (granted.working_days, granted.approved_by) == (3, "director")
    assert "already" in desk.refuses(LEADER, path, **ask)


def test_an_ordinary_ticket_becomes_complex_before_it_is_due(desk: Desk) -> None:
    late, ticket_id = desk.registered(), desk.registered()
    desk.clock_set(late)
    desk.clock_set(ticket_id)
    change = {"complexity": "complex", "why": WHY}
    desk.room.step(DUE)
    assert desk.does(LEADER, f"/tickets/{ticket_id}/reclassify", **change)["complexity"] == "complex"
    assert desk.tap.wait_for(TicketReclassified, ticket_id)[0].reclassified_by == "gu"
    desk.room.step(at("2025-01-27T17:01"))
    assert "2025-01-27 17:00" in desk.refuses(LEADER, f"/tickets/{late}/reclassify", **change)


# ---- The ladder


@pytest.mark.parametrize(
    ("level", "told"),
    [(1, ("tax-clerk", "he-jing")), (2, ("tax-head", "fang")), (3, ("director",)), (4, ("watchman",))],
)
def test_each_rung_of_the_ladder_tells_the_right_people(desk: Desk, level: int, told: tuple[str, ...]) -> None:
    ticket_id = desk.registered()
    desk.tap.wait_for(NoticeRequested, ticket_id)
    mark = desk.reaches(ticket_id, level)
    (escalated,) = desk.tap.wait_for(TicketEscalated, ticket_id)
    assert (escalated.to, escalated.level, escalated.deadline_id) == (told, level, mark.deadline_id)
    notice = desk.tap.wait_for(NoticeRequested, ticket_id, times=2)[-1]
    assert (notice.recipients, notice.level) == (told, level)
    assert notice.template == mark.TYPE.removesuffix(".v1")


def test_a_post_that_nobody_holds_is_named_and_an_empty_rung_falls_to_the_next(desk: Desk) -> None:
    ticket_id = desk.registered("房子一直未办证")
    desk.reaches(ticket_id, 2, department="ZJJ")
    (escalated,) = desk.tap.wait_for(TicketEscalated, ticket_id)
    assert (escalated.to, escalated.skipped) == (("fang",), ("department_head",))
    other = desk.registered("房子未办证，也是", center="CALM")
    desk.reaches(other, 2, center="CALM", department="ZJJ")
    (escalated,) = desk.tap.wait_for(TicketEscalated, other)
    assert (escalated.to, escalated.skipped) == (("director",), ("department_head",))
    assert desk.room.rows("SELECT skipped FROM escalations WHERE ticket_id = %(id)s", id=str(other))[0].skipped == [
        "department_head"
    ]


def test_a_mark_takes_effect_once_and_a_stale_one_not_at_all(desk: Desk) -> None:
    ticket_id = desk.registered()
    deadline_id = desk.clock_set(ticket_id)
    mark = desk.reaches(ticket_id, 1, deadline_id=deadline_id, mark_at=at("2025-01-27T09:00"))
    desk.room.publish(mark, source="deadline_watch")
    moved = DeadlineMoved(
        center="BC",
        ticket_id=ticket_id,
        deadline_id=deadline_id,
        kind=DeadlineKind.ANSWER,
        round=1,
        due_at=at("2025-02-06T17:00"),
        revision=2,
        provisional=False,
        why="extension",
    )
    desk.hears(moved, source="deadline_watch", until=lambda: desk.clock(deadline_id).revision == 2)
    desk.reaches(ticket_id, 2, deadline_id=deadline_id)
    desk.reaches(ticket_id, 2, deadline_id=deadline_id, revision=2, mark_at=moved.due_at, due_at=moved.due_at)
    escalated = desk.tap.wait_for(TicketEscalated, ticket_id, times=2)
    assert [(each.level, each.revision) for each in escalated] == [(1, 1), (2, 2)]
    assert datetime.fromisoformat(desk.ticket(ticket_id)["due_at"]) == moved.due_at


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_clock_that_was_met_warns_nobody_in_whatever_order_it_is_heard(desk: Desk, order: tuple[int, int]) -> None:
    ticket_id, other = desk.registered(), desk.registered()
    deadline_id = desk.clock_set(ticket_id)
    paused = DeadlinePaused(
        center="BC",
        ticket_id=ticket_id,
        deadline_id=deadline_id,
        kind=DeadlineKind.ANSWER,
        round=1,
        revision=1,
        paused_at=at("2025-01-24T12:00"),
        remaining_seconds=1,
    )
    met = DeadlineMet(
        center="BC",
        ticket_id=ticket_id,
        deadline_id=deadline_id,
        kind=DeadlineKind.ANSWER,
        round=1,
        revision=1,
        due_at=DUE,
        met_at=at("2025-01-27T16:59"),
    )
    desk.room.publish(*((paused, met)[each] for each in order), source="deadline_watch")
    desk.reaches(ticket_id, 2, deadline_id=deadline_id)
    desk.reaches(other, 2)
    desk.tap.wait_for(TicketEscalated, other)
    assert desk.tap.of(TicketEscalated, ticket_id) == []
    assert desk.clock(deadline_id).state == "met"


def test_a_breach_of_what_was_answered_in_time_tells_nobody(desk: Desk) -> None:
    ticket_id, other = desk.answered(), desk.registered()
    desk.reaches(ticket_id, 2)
    desk.reaches(other, 2)
    desk.tap.wait_for(TicketEscalated, other)
    assert desk.tap.of(TicketEscalated, ticket_id) == []


def test_clocks_are_the_same_in_whatever_order_their_news_comes(desk: Desk) -> None:
    deadline_id = new_id()
    about: dict[str, Any] = {"center": "BC", "ticket_id": new_id(), "kind": DeadlineKind.ANSWER, "round": 1}
    of_clock = about | {"deadline_id": deadline_id}
    later, latest = at("2025-02-06T17:00"), at("2025-02-07T17:00")
    news: tuple[Announced, ...] = (
        a_clock_set(about["ticket_id"], deadline_id=deadline_id),
        DeadlineMoved(**of_clock, due_at=later, revision=2, provisional=False, why="extension"),
        DeadlinePaused(**of_clock, revision=2, paused_at=at("2025-01-26T10:00"), remaining_seconds=9),
        DeadlineResumed(
            **of_clock,
            revision=3,
            resumed_at=at("2025-02-05T10:00"),
            due_at=latest,
            provisional=False,
            why="supplied",
        ),
    )
    met = DeadlineMet(**of_clock, revision=3, due_at=latest, met_at=at("2025-02-05T11:00"))
    for expected, events in (("running", news), ("met", (*news, met))):
        for order in permutations(events):
            with desk.room.database.transaction() as tx:
                tx.run("DELETE FROM clocks WHERE deadline_id = %(id)s", id=deadline_id)
                clocks_store.merge(tx, order)
                (clock,) = tx.rows("SELECT * FROM clocks WHERE deadline_id = %(id)s", id=deadline_id)
            assert (clock.state, clock.due_at, clock.revision, clock.department) == (expected, latest, 3, "SWJ"), order


# ---- Two at once


def status(desk: Desk, who: dict[str, str], path: str, **body: Any) -> Callable[[], int]:
    return lambda: desk.ask("POST", path, who, body).status_code


def test_a_return_racing_completion_has_one_legal_outcome(desk: Desk) -> None:
    for _ in range(6):
        ticket_id = an_agreed_ticket(desk)
        path = desk.part(ticket_id, "GAJ")
        statuses = at_once(
            status(desk, POLICE, f"{path}/return", reason="not_our_duty", explanation=WHY),
            status(desk, POLICE, f"{path}/complete", result="done"),
        )
        assert sorted(statuses) == [200, 409]
        expected = ("returned", "in_arbitration") if statuses[0] == 200 else ("completed", "assigned")
        assert (desk.parts(ticket_id)["GAJ"], desk.ticket(ticket_id)["state"]) == expected


def test_an_answer_racing_anything_has_one_legal_outcome(desk: Desk) -> None:
    for _ in range(4):
        ticket_id = desk.registered()
        path = desk.signs(ticket_id, "SWJ", TAX)
        answer = status(desk, TAX, f"/tickets/{ticket_id}/answer", answer="已为您开好发票。")
        statuses = at_once(answer, status(desk, TAX, f"{path}/return", reason="not_our_duty", explanation=WHY), answer)
        assert statuses.count(200) == 1
        assert sorted(statuses) == [200, 409, 409] or statuses[1] == 200
        won = statuses[1] == 200
        assert desk.parts(ticket_id)["SWJ"] == ("returned" if won else "completed")


# ---- The center file


def test_a_broken_center_file_is_refused_whole_and_the_old_one_stays(desk: Desk) -> None:
    center = a_city_center(code="BROKEN")
    with desk.room.database.transaction() as tx:
        assert publish(tx, center) == 1
    with desk.room.database.transaction() as tx:
        assert publish(tx, center) == 1
    broken = dataclasses.replace(center, director="nobody")
    with pytest.raises(BrokenCenter, match="staff"), desk.room.database.transaction() as tx:
        publish(tx, broken)
    with desk.room.database.transaction() as tx:
        assert publish(tx, dataclasses.replace(center, name="Renamed")) == 2
    published = desk.tap.wait_for(CenterPublished, "BROKEN", times=2)
    assert [(each.version, each.body.name) for each in published] == [(1, "A center"), (2, "Renamed")]


def test_the_roster_says_who_sits_when(desk: Desk) -> None:
    turns = desk.ask("GET", "/roster?since=2025-01-01&until=2025-01-09", CLERK).json()["turns"]
    assert [(each["opens_at"][:10], each["leader"]) for each in turns] == [
        ("2025-01-02", "gu"),
        ("2025-01-07", "peng"),
        ("2025-01-09", "liang"),
    ]
    assert desk.ask("GET", "/roster?since=2025-01-01&until=2035-01-09", CLERK).status_code == 422
