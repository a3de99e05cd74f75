"""Papers that are missing: told of with earlier visits, asked for and brought, or promised; and who sees that."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schemas.enums import Role
from schemas.events.materials import ToleranceGranted
from schemas.events.tickets import MaterialsRequested, MaterialsSupplied, TicketRegistered
from tests.integration.intake_desk import (
    CLERK,
    ELSEWHERE,
    FEED,
    LEADER,
    LIAISON,
    NAME,
    NOW,
    PHONE,
    STRANGE_LEADER,
    Desk,
    Header,
    a_ticket,
    later,
    opened_desk,
    promised,
    routed,
)
from tests.stack.access import bearer
from tests.stack.eventually import eventually


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_desk(amqp_uri, database_url) as opened:
        yield opened


def test_where_it_was_refused_before_is_kept_masked_and_announced(desk: Desk) -> None:
    told: dict[str, Any] = {
        "refused_before": [{"where": "SWJ", "times": 3}, {"where": f"社区 {PHONE}"}],
        "missing_materials": [f"{NAME}的身份证复印件", "租赁合同"],
        "applicant": {"kind": "person", "name": NAME, "phone": PHONE},
    }
    receipt = desk.registers(**told)
    shown = desk.gets(f"/tickets/{receipt['id']}")
    assert shown["refused_before"] == [{"where": "SWJ", "times": 3}, {"where": "社区 139****5678", "times": 1}]
    assert shown["missing_materials"] == ["欧阳**的身份证复印件", "租赁合同"]
    (said,) = desk.tap.wait_for(TicketRegistered, receipt["id"])
    assert [(each.where, each.times) for each in said.refused_before] == [("SWJ", 3), ("社区 139****5678", 1)]
    assert said.missing_materials == ("欧阳**的身份证复印件", "租赁合同")
    papers = desk.gets(f"/tickets/{receipt['id']}/papers")
    assert (papers["refused_before"], papers["missing_materials"]) == (
        shown["refused_before"],
        shown["missing_materials"],
    )
    for wrong in ({"where": "", "times": 1}, {"where": "x", "times": 0}, {"where": "x", "times": 100}):
        assert "refused_before" in desk.refuses(422, "POST", "/tickets", CLERK, a_ticket(refused_before=[wrong]))


def test_a_department_sees_the_papers_of_its_tickets_alone(desk: Desk) -> None:
    receipt = desk.registers(missing_materials=["租赁合同"])
    path, housing = f"/tickets/{receipt['id']}/papers", bearer("home-clerk", Role.LIAISON, department="ZJJ")
    for who in (LIAISON, housing, ELSEWHERE):
        desk.refuses(404, "GET", path, who)
    desk.hears(receipt["id"], "assigned", routed(UUID(receipt["id"]), assisting=("GAJ",)))
    assert desk.gets(path, LIAISON)["missing_materials"] == ["租赁合同"]
    desk.refuses(404, "GET", path, housing)
    desk.refuses(401, "GET", path, None)
    desk.refuses(403, "GET", path, FEED)


def test_what_one_follows_to_the_end_stands_in_a_list_of_its_own(desk: Desk) -> None:
    other = bearer("he-jing", Role.CLERK)
    late, early, done = (desk.registers(other) for _ in range(3))
    desk.hears_until(
        lambda: desk.gets(f"/tickets/{early['id']}")["due_at"], promised(UUID(early["id"]), later(60 * 30))
    )
    desk.does(f"/tickets/{done['id']}/withdraw")
    mine = desk.gets("/tickets:mine", other)["items"]
    assert [each["id"] for each in mine] == [early["id"], late["id"]], "due first, and open ones alone"
    by_name = desk.gets("/tickets", first_responsible="he-jing")["items"]
    assert {each["id"] for each in by_name} == {each["id"] for each in (late, early, done)}
    desk.refuses(403, "GET", "/tickets:mine", LIAISON)


def test_a_ticket_is_taken_without_papers_that_are_promised(desk: Desk) -> None:
    receipt = desk.registers(applicant={"kind": "person", "name": NAME, "phone": PHONE})
    path = f"/tickets/{receipt['id']}/materials/tolerate"
    promise = {"items": ["租赁合同", f"{NAME}的委托书"], "promised_on": "2025-02-14", "signed": True}
    papers = desk.does(path, LEADER, **promise)
    (tolerated,) = papers["tolerated"]
    assert (tolerated["items"], tolerated["promised_on"]) == (["租赁合同", "欧阳**的委托书"], "2025-02-14")
    status = desk.good(200, "POST", f"/tickets/{receipt['number']}/status", None, {"code": receipt["query_code"]})
    assert (status["state"], status["tolerated"]) == ("registered", papers["tolerated"])
    (said,) = desk.tap.wait_for(ToleranceGranted, receipt["id"])
    assert (said.items, f"{said.due_on}", said.granted_by, said.round) == (
        ("租赁合同", "欧阳**的委托书"),
        "2025-02-14",
        "gu",
        1,
    )
    desk.hears(receipt["id"], "assigned", routed(UUID(receipt["id"])))
    assert desk.gets(f"/tickets/{receipt['id']}/papers", LIAISON)["tolerated"] == papers["tolerated"]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("promised_on", "2025-01-23"),
        ("promised_on", "2026-01-01"),
        ("signed", False),
        ("items", []),
        ("items", ["x", "x"]),
        ("attachment_id", "x"),
    ],
)
def test_a_promise_that_is_none_is_refused_by_its_field(desk: Desk, field: str, wrong: Any) -> None:
    path = f"/tickets/{desk.registers()['id']}/materials/tolerate"
    body = {"items": ["租赁合同"], "promised_on": "2025-02-14", "signed": True} | {field: wrong}
    assert field in desk.refuses(422, "POST", path, CLERK, body)


def test_only_the_window_takes_a_ticket_without_papers(desk: Desk) -> None:
    receipt = desk.registers()
    path = f"/tickets/{receipt['id']}/materials/tolerate"
    body = {"items": ["租赁合同"], "promised_on": "2025-02-14", "signed": True}
    for who, status in ((LIAISON, 403), (FEED, 403), (ELSEWHERE, 404), (None, 401)):
        desk.refuses(status, "POST", path, who, body)
    other = "0194973f-7c00-7000-8000-000000000001"
    desk.refuses(404, "POST", path, CLERK, body | {"attachment_id": other})
    desk.does(f"/tickets/{receipt['id']}/withdraw")
    desk.refuses(409, "POST", path, CLERK, body)


def test_missing_papers_are_asked_for_and_brought(desk: Desk) -> None:
    receipt = desk.registers()
    path = f"/tickets/{receipt['id']}/materials"
    asked: dict[str, Any] = {"items": ["身份证复印件", "购房合同"]}
    assert desk.does(path, **asked)["state"] == "awaiting_materials"
    (said,) = desk.tap.wait_for(MaterialsRequested, receipt["id"])
    assert (said.items, said.requested_by) == (("身份证复印件", "购房合同"), "fang")
    seen = desk.does(f"/tickets/{receipt['number']}/status", None, code=receipt["query_code"])
    assert seen["materials"] == ["身份证复印件", "购房合同"]
    desk.refuses(409, "POST", path, CLERK, asked)
    desk.house.announce(routed(UUID(receipt["id"])), source="routing")
    assert eventually(lambda: desk.gets(f"/tickets/{receipt['id']}")["lead_department"] == "Tax")
    assert desk.does(f"{path}/supply", LEADER)["state"] == "assigned"
    (supplied,) = desk.tap.wait_for(MaterialsSupplied, receipt["id"])
    assert (supplied.supplied_by, supplied.supplied_at) == ("gu", NOW)
    assert desk.gets(f"/tickets/{receipt['id']}")["materials"] == []
    desk.refuses(409, "POST", f"{path}/supply")


def test_a_clerk_asks_for_papers_once_a_round_a_leader_more_often(desk: Desk) -> None:
    ticket_id = desk.ticket()
    path = f"/tickets/{ticket_id}/materials"

    def asks(who: Header, *, days: int = 0) -> int:
        reply = desk.ask("POST", path, who, {"items": ["户口簿"]})
        if reply.status_code == 200:
            desk.house.step(NOW + timedelta(days=days))
            desk.does(f"{path}/supply")
        return reply.status_code

    assert (asks(CLERK), asks(CLERK), asks(STRANGE_LEADER), asks(LEADER, days=12), asks(LEADER)) == (
        *(200, 403, 403, 200),
        200,
    )
    assert "pause.most_per_round" in desk.refuses(409, "POST", path, LEADER, {"items": ["户口簿"]})
    desk.house.step(NOW)
    assert [each.working_days_left for each in desk.tap.wait_for(MaterialsRequested, ticket_id, times=3)] == [10, 10, 7]
    rows = desk.house.rows(
        "SELECT requested_by, supplied_by FROM material_requests WHERE ticket_id = %(id)s", id=str(ticket_id)
    )
    assert [tuple(row) for row in rows] == [("fang", "fang"), ("gu", "fang"), ("gu", "fang")]


def test_papers_are_asked_for_completely_and_in_nobody_elses_name(desk: Desk) -> None:
    path = f"/tickets/{desk.ticket()}/materials"
    assert set(desk.refuses(422, "POST", path, CLERK, {"items": ["合同"], "approved_by": "gu"})) == {"approved_by"}
    assert set(desk.refuses(422, "POST", path, CLERK, {"items": []})) == {"items"}
