"""Joint meetings of complex tickets, and the report that every department signs."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from schemas.enums import Role
from schemas.events.assignments import ReportSigned
from schemas.events.meetings import MeetingCalled, MeetingCancelled, MeetingHeld, MeetingMoved
from schemas.events.notices import NoticeRequested
from services.plumbing.database.transaction import new_id
from tests.integration.routing.desk import (
    CLERK,
    DIRECTOR,
    HOUSING,
    LEADER,
    POLICE,
    STRANGER,
    TAX,
    THREE_DEPARTMENTS,
    WHY,
    Desk,
    Header,
)
from tests.stack.access import bearer

ALL = ["ZJJ", "SWJ", "GAJ"]
SUNDAY = "2025-01-26T14:30:00+08:00"
CALL = {"meets_at": SUNDAY, "place": "政务服务中心三楼会议室", "departments": ALL}
OUTCOME = "住建牵头，税务三日内出具意见。"
REPORT = "专题报告：三部门现场核对产权，按继承办理，税费按规定减免，五日内办结。"
HEAD = bearer("police-head", Role.DEPARTMENT_HEAD, department="GAJ")


def ids_in(desk: Desk, path: str, who: Header) -> list[str]:
    """The tickets of a list, all its pages."""
    found, after = list[str](), ""
    while True:
        page = desk.good(200, "GET", f"{path}?limit=50{after}", who)
        found += [each["ticket_id"] for each in page["items"]]
        if page["next"] is None:
            return found
        after = f"&after={quote(page['next'])}"


def called(desk: Desk) -> tuple[UUID, str, Any]:
    """A ticket of three departments that a leader has called together; the meeting's path, and the meeting."""
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    shown = desk.does(LEADER, f"/tickets/{ticket_id}/meetings", **CALL)
    return ticket_id, f"/meetings/{shown['id']}", shown


def test_a_leader_calls_the_departments_together(desk: Desk) -> None:
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    assert str(ticket_id) in ids_in(desk, "/meetings/needed", LEADER)
    meeting = desk.does(LEADER, f"/tickets/{ticket_id}/meetings", **CALL)
    assert (meeting["state"], meeting["place"], meeting["called_by"]) == ("called", CALL["place"], "gu")
    assert str(ticket_id) not in ids_in(desk, "/meetings/needed", LEADER)
    (said,) = desk.tap.wait_for(MeetingCalled, ticket_id)
    assert (said.departments, said.meets_at.isoformat(), said.called_by) == (tuple(ALL), SUNDAY, "gu")
    (notice,) = [each for each in desk.tap.of(NoticeRequested, ticket_id) if each.template == "meeting.called"]
    assert notice.recipients == ("home-clerk", "tax-clerk", "police-clerk", "police-deputy")
    for who in (HOUSING, TAX, POLICE, HEAD, LEADER, DIRECTOR, CLERK):
        assert str(ticket_id) in ids_in(desk, "/meetings", who)
    assert ids_in(desk, "/meetings", STRANGER) == []
    ticket = desk.ticket(ticket_id)
    assert [each["id"] for each in ticket["meetings"]] == [meeting["id"]]
    assert (ticket["timeline"][-1]["what"], ticket["timeline"][-1]["by"]) == ("meeting.called", "gu")


def test_a_meeting_is_moved_and_held(desk: Desk) -> None:
    ticket_id, path, _ = called(desk)
    moved = desk.does(LEADER, f"{path}/move", meets_at="2025-01-26T16:00:00+08:00", place="二楼会议室", why=WHY)
    assert (moved["meets_at"][:16], moved["place"], moved["why"]) == ("2025-01-26T16:00", "二楼会议室", WHY)
    held = desk.does(DIRECTOR, f"{path}/hold", outcome=OUTCOME)
    assert (held["state"], held["outcome"], held["ended_by"]) == ("held", OUTCOME, "director")
    assert desk.tap.wait_for(MeetingMoved, ticket_id)[0].moved_by == "gu"
    assert desk.tap.wait_for(MeetingHeld, ticket_id)[0].outcome == OUTCOME
    assert str(ticket_id) not in ids_in(desk, "/meetings", TAX)
    assert str(ticket_id) not in ids_in(desk, "/meetings/needed", LEADER)
    for act, body in (("hold", {"outcome": OUTCOME}), ("cancel", {"why": WHY}), ("move", CALL | {"why": WHY})):
        body = {name: value for name, value in body.items() if name != "departments"}
        assert "held already" in desk.refuses(LEADER, f"{path}/{act}", **body)


def test_what_was_cancelled_is_needed_again(desk: Desk) -> None:
    ticket_id, path, _ = called(desk)
    assert "already" in desk.refuses(LEADER, f"/tickets/{ticket_id}/meetings", **CALL)
    assert desk.does(LEADER, f"{path}/cancel", why=WHY)["state"] == "cancelled"
    assert desk.tap.wait_for(MeetingCancelled, ticket_id)[0].why == WHY
    assert str(ticket_id) in ids_in(desk, "/meetings/needed", LEADER)
    desk.does(LEADER, f"/tickets/{ticket_id}/meetings", **CALL)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"meets_at": "2025-01-24T09:00:00+08:00"}, "meets_at"),
        ({"meets_at": "morgen"}, "meets_at"),
        ({"place": " "}, "place"),
        ({"departments": ["ZJJ"]}, "departments"),
        ({"departments": ["ZJJ", "ZJJ"]}, "departments"),
        ({"departments": ["ZJJ", "NOBODY"]}, "departments"),
    ],
)
def test_a_meeting_has_a_time_to_come_a_place_and_departments(desk: Desk, change: dict[str, Any], field: str) -> None:
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    assert set(desk.problem(422, "POST", f"/tickets/{ticket_id}/meetings", LEADER, CALL | change)) == {field}


def test_an_ordinary_ticket_needs_no_meeting(desk: Desk) -> None:
    ticket_id = desk.registered()
    assert "ordinary" in desk.refuses(LEADER, f"/tickets/{ticket_id}/meetings", **CALL)


def test_only_leaders_call_meetings(desk: Desk) -> None:
    ticket_id, path, _ = called(desk)
    for who in (CLERK, TAX, HEAD):
        desk.refuses(who, f"/tickets/{ticket_id}/meetings", 403, **CALL)
        desk.refuses(who, f"{path}/cancel", 403, why=WHY)
        desk.refuses(who, f"{path}/hold", 403, outcome=OUTCOME)
    assert desk.ask("GET", "/meetings/needed", TAX).status_code == 403
    desk.refuses(LEADER, f"/meetings/{new_id()}/cancel", 404, why=WHY)
    elsewhere = bearer("gu", Role.DUTY_LEADER, center="CALM")
    desk.refuses(elsewhere, f"{path}/cancel", 404, why=WHY)
    desk.refuses(elsewhere, f"/tickets/{ticket_id}/meetings", 404, **CALL)


def test_what_leaders_write_holds_nothing_personal(desk: Desk) -> None:
    ticket_id, path, _ = called(desk)
    desk.does(LEADER, f"{path}/move", meets_at=SUNDAY, place="找13912345678", why="请回电13912345678")
    desk.does(LEADER, f"{path}/hold", outcome="已电13912345678告知")
    assert "13912345678" not in str(desk.ticket(ticket_id))


def test_every_department_that_assists_signs_the_report(desk: Desk) -> None:
    ticket_id = desk.agreed()
    path = f"/tickets/{ticket_id}/report/sign"
    assert "not been filed" in desk.refuses(TAX, path)
    desk.does(HOUSING, f"/tickets/{ticket_id}/report", report=REPORT)
    for who in (TAX, POLICE, LEADER):
        assert str(ticket_id) in ids_in(desk, "/reports/unsigned", who)
    assert str(ticket_id) not in ids_in(desk, "/reports/unsigned", HOUSING)
    assert [each["department"] for each in desk.does(TAX, path)["signatures"]] == ["SWJ"]
    (said,) = desk.tap.wait_for(ReportSigned, ticket_id)
    assert (said.department, said.signed_by, said.round) == ("SWJ", "tax-clerk", 1)
    assert "already" in desk.refuses(TAX, path)
    assert str(ticket_id) not in ids_in(desk, "/reports/unsigned", TAX)
    (lacking,) = [
        each
        for each in desk.good(200, "GET", "/reports/unsigned?limit=200", LEADER)["items"]
        if each["ticket_id"] == str(ticket_id)
    ]
    assert (lacking["missing"], lacking["lead"]) == (["GAJ"], "ZJJ")
    desk.does(POLICE, path)
    assert str(ticket_id) not in ids_in(desk, "/reports/unsigned", LEADER)
    assert [each["what"] for each in desk.ticket(ticket_id)["timeline"]][-2:] == ["report.signed"] * 2


def test_the_lead_and_strangers_sign_no_report(desk: Desk) -> None:
    ticket_id = desk.agreed()
    desk.does(HOUSING, f"/tickets/{ticket_id}/report", report=REPORT)
    path = f"/tickets/{ticket_id}/report/sign"
    for who in (HOUSING, LEADER, CLERK, HEAD):
        desk.refuses(who, path, 403)
    desk.refuses(STRANGER, path, 404)


def test_no_deadline_waits_for_signatures(desk: Desk) -> None:
    ticket_id = desk.agreed()
    desk.does(HOUSING, f"/tickets/{ticket_id}/report", report=REPORT)
    for department, who in (("SWJ", TAX), ("GAJ", POLICE)):
        desk.does(who, f"{desk.part(ticket_id, department)}/complete", result="已出具意见。")
    desk.does(HOUSING, f"/tickets/{ticket_id}/answer", answer="按继承办理，五日内领证。")
    desk.does(TAX, f"/tickets/{ticket_id}/report/sign")
    desk.does(LEADER, f"/tickets/{ticket_id}/close", outcome="resolved")
    assert "closed" in desk.refuses(POLICE, f"/tickets/{ticket_id}/report/sign")


def test_one_reply_has_what_lies_beside_the_own_work(desk: Desk) -> None:
    needing = desk.registered(THREE_DEPARTMENTS)
    ticket_id, _, _ = called(desk)
    leader = desk.good(200, "GET", "/together?limit=200", LEADER)
    assert str(needing) in {each["ticket_id"] for each in leader["needed"]["items"]}
    liaison = desk.good(200, "GET", "/together?limit=200", POLICE)
    assert str(ticket_id) in {each["ticket_id"] for each in liaison["meetings"]["items"]}
    assert liaison["needed"]["items"] == []
    assert {"reports", "escalations"} <= liaison.keys()
    assert desk.good(200, "GET", "/together", STRANGER)["meetings"]["items"] == []
