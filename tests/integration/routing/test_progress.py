"""Departments report how far they have come, and one liaison hands over to another (B角)."""

from schemas.enums import Role
from schemas.events.assignments import AssignmentHandedOver, ProgressReported
from schemas.events.notices import NoticeRequested
from services.plumbing.database.transaction import new_id
from tests.integration.routing.desk import CLERK, LEADER, POLICE, TAX, THREE_DEPARTMENTS, Desk
from tests.stack.access import bearer

DEPUTY = bearer("police-deputy", Role.LIAISON, department="GAJ")
HEAD = bearer("police-head", Role.DEPARTMENT_HEAD, department="GAJ")
PROGRESS = "已约两家单位周三现场核对。"
WHY = "周四起休假，由B角接办。"


def test_what_was_signed_for_has_progress_that_everybody_reads(desk: Desk) -> None:
    ticket_id = desk.registered()
    path = desk.part(ticket_id, "SWJ")
    assert "sign" in desk.refuses(TAX, f"{path}/progress", progress=PROGRESS)
    desk.does(TAX, f"{path}/accept")
    shown = desk.does(TAX, f"{path}/progress", progress=PROGRESS)
    assert (shown["progress"], shown["progress_by"], shown["state"]) == (PROGRESS, "tax-clerk", "accepted")
    desk.does(TAX, f"{path}/progress", progress="等外省回函。")
    said = desk.tap.wait_for(ProgressReported, ticket_id, times=2)
    assert [(each.progress, each.reported_by) for each in said] == [
        (PROGRESS, "tax-clerk"),
        ("等外省回函。", "tax-clerk"),
    ]
    ticket = desk.ticket(ticket_id)
    assert ticket["assignments"][0]["progress"] == "等外省回函。"
    assert [each["text"] for each in ticket["timeline"] if each["what"] == "progress.reported"] == [
        PROGRESS,
        "等外省回函。",
    ]
    desk.does(TAX, f"{path}/complete", result="已办好。")
    assert "completed" in desk.refuses(TAX, f"{path}/progress", progress=PROGRESS)


def test_a_report_of_the_lead_stands_with_its_promise(desk: Desk) -> None:
    ticket_id = desk.registered()
    path = desk.signs(ticket_id, "SWJ", TAX)
    desk.deadline_set(ticket_id)
    desk.does(TAX, f"{path}/progress", progress=PROGRESS)
    query = "/promises?until=2025-01-28T00:00:00%2B08:00&limit=200"
    for who in (TAX, LEADER):
        (promise,) = [
            each for each in desk.good(200, "GET", query, who)["items"] if each["ticket_id"] == str(ticket_id)
        ]
        assert promise["progress"] == PROGRESS
    assert desk.good(200, "GET", f"{query}&department=ZJJ", TAX)["items"] == []


def test_nobody_else_reports_or_hands_over(desk: Desk) -> None:
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    path = desk.signs(ticket_id, "GAJ", POLICE)
    for act, body in (("progress", {"progress": PROGRESS}), ("hand-over", {"to": "police-deputy", "why": WHY})):
        desk.refuses(TAX, f"{path}/{act}", 404, **body)
        for who in (CLERK, LEADER, HEAD):
            desk.refuses(who, f"{path}/{act}", 403, **body)
        desk.refuses(POLICE, f"/assignments/{new_id()}/{act}", 404, **body)
    assert set(desk.problem(422, "POST", f"{path}/progress", POLICE, {"progress": " "})) == {"progress"}


def test_the_b_role_takes_over_and_sees_it_as_the_own(desk: Desk) -> None:
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    path = desk.signs(ticket_id, "GAJ", POLICE)
    assert desk.does(POLICE, f"{path}/hand-over", to="police-deputy", why=WHY)["handled_by"] == "police-deputy"
    (said,) = desk.tap.wait_for(AssignmentHandedOver, ticket_id)
    assert (said.handed_to, said.handed_over_by, said.department) == ("police-deputy", "police-clerk", "GAJ")
    notices = desk.tap.of(NoticeRequested, ticket_id)
    assert [each.recipients for each in notices if each.template == "assignment.handed_over"] == [("police-deputy",)]
    entry = desk.ticket(ticket_id)["timeline"][-1]
    assert (entry["what"], entry["by"]) == ("assignment.handed_over", "police-clerk")
    assert entry["text"] == f"police-deputy, {WHY}"
    for who, is_there in ((DEPUTY, True), (POLICE, False)):
        page = desk.good(200, "GET", "/assignments?order=due&mine=true&limit=200", who)
        assert (str(ticket_id) in {each["ticket_id"] for each in page["items"]}) is is_there
    assert "already" in desk.refuses(POLICE, f"{path}/hand-over", to="police-deputy", why=WHY)
    desk.does(POLICE, f"{path}/progress", progress=PROGRESS)  # the other helps out all the same


def test_only_a_liaison_of_the_department_takes_over(desk: Desk) -> None:
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    path = desk.part(ticket_id, "GAJ")
    for to in ("tax-clerk", "police-head", "nobody"):
        assert set(desk.problem(422, "POST", f"{path}/hand-over", POLICE, {"to": to, "why": WHY})) == {"to"}
    desk.does(POLICE, f"{path}/hand-over", to="police-deputy", why=WHY)
    assert desk.does(POLICE, f"{path}/accept")["handled_by"] == "police-clerk", "who signs handles it"
    desk.does(POLICE, f"{path}/complete", result="已出具意见。")
    assert "completed" in desk.refuses(POLICE, f"{path}/hand-over", to="police-deputy", why=WHY)


def test_what_is_reported_or_said_holds_nothing_personal(desk: Desk) -> None:
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    path = desk.signs(ticket_id, "GAJ", POLICE)
    assert "13912345678" not in desk.does(POLICE, f"{path}/progress", progress="已电13912345678核实")["progress"]
    desk.does(POLICE, f"{path}/hand-over", to="police-deputy", why="请回电13912345678")
    assert "13912345678" not in str(desk.ticket(ticket_id))
