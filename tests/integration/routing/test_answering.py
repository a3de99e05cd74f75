"""From the answer to the end of a ticket, and what citizens do meanwhile."""

from schemas.events.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    TicketAnswered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from schemas.reasons import RoutingReason
from services.plumbing.database.transaction import new_id
from tests.integration.routing.desk import (
    CLERK,
    HOUSING,
    LEADER,
    NO_RULE,
    POLICE,
    RECEIVED,
    TAX,
    WHY,
    Desk,
    a_breach,
    a_registration,
)
from tests.routing_builders import at
from tests.stack.eventually import eventually


def test_a_complex_ticket_is_answered_after_its_report_and_every_part(desk: Desk) -> None:
    ticket_id = desk.agreed()
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


def test_a_citizens_phone_in_a_reply_is_masked_and_an_offices_landline_not(desk: Desk) -> None:
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
    assert shown["why"] == RoutingReason.REOPENED, "worded where it is shown"
    desk.signs(ticket_id, "SWJ", TAX)
    desk.does(TAX, f"/tickets/{ticket_id}/answer", answer="这次真的开好了。")
    assert [each.round for each in desk.tap.wait_for(TicketAnswered, ticket_id, times=2)] == [1, 2]


def test_while_papers_are_awaited_the_ticket_says_so_whatever_comes_late(desk: Desk) -> None:
    ticket_id = desk.registered()

    def asked(when: str) -> MaterialsRequested:
        return MaterialsRequested(
            center="BC",
            ticket_id=ticket_id,
            items=("身份证",),
            working_days_left=10,
            requested_by="gu",
            requested_at=at(when),
        )

    desk.hears(asked("2025-01-24T11:00"), until=lambda: desk.ticket(ticket_id)["state"] == "awaiting_materials")
    supplied = MaterialsSupplied(
        center="BC", ticket_id=ticket_id, supplied_by="he-jing", supplied_at=at("2025-01-24T15:00")
    )
    desk.hears(supplied, until=lambda: desk.ticket(ticket_id)["state"] == "assigned")
    desk.hears(asked("2025-01-24T14:00"), until=lambda: len(desk.ticket(ticket_id)["timeline"]) == 6)
    assert desk.ticket(ticket_id)["state"] == "assigned"


def test_papers_that_were_awaited_before_a_new_round_are_awaited_no_more(desk: Desk) -> None:
    ticket_id = desk.answered()
    asked = MaterialsRequested(
        center="BC",
        ticket_id=ticket_id,
        items=("身份证",),
        working_days_left=10,
        requested_by="gu",
        requested_at=at("2025-01-24T11:00"),
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
    desk.house.announce(TicketWithdrawn(center="BC", ticket_id=ticket_id, withdrawn_at=RECEIVED), source="intake")
    desk.house.announce(a_breach(ticket_id), source="deadline_watch")
    assert eventually(lambda: len(desk.house.rows("SELECT event_id FROM held")) == 2)
    desk.registered()
    desk.hears(a_registration(ticket_id), until=lambda: desk.knows(ticket_id))
    assert eventually(lambda: desk.ticket(ticket_id)["state"] == "withdrawn")
    assert eventually(lambda: not desk.house.rows("SELECT event_id FROM held"))
    assert set(desk.parts(ticket_id).values()) == {"replaced"}
