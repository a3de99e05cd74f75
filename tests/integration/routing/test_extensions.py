"""More time for a promise, by an extension or for a ticket that is complex after all: until when, and who decides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.enums import Role
from schemas.events.decisions import ExtensionGranted, ExtensionRefused, ExtensionRequested
from schemas.events.notices import NoticeRequested
from schemas.events.tickets import TicketReclassified
from tests.integration.routing.desk import CLERK, DIRECTOR, DUE, HOUSING, LEADER, POLICE, TAX, WHY, Desk
from tests.routing_builders import at
from tests.stack.access import bearer

ASK: dict[str, Any] = {"working_days": 3, "reason": "需要外省核实", "legal_basis": "办法第十二条"}
NO_LEADER = bearer("tax-head", Role.DUTY_LEADER)


def requested(desk: Desk) -> tuple[str, str]:
    """A ticket of which the tax office has asked for more time; the paths of both."""
    ticket_id = desk.registered()
    desk.deadline_set(ticket_id)
    shown = desk.does(TAX, f"/tickets/{ticket_id}/extension", **ASK)
    return f"/tickets/{ticket_id}", f"/extensions/{shown['extensions'][-1]['id']}"


def by_of(desk: Desk, ticket: str, what: str) -> list[str]:
    timeline = desk.ask("GET", ticket, CLERK).json()["timeline"]
    return [each["by"] for each in timeline if each["what"] == what]


def test_a_department_asks_and_a_leader_grants_each_in_the_own_name(desk: Desk) -> None:
    ticket, extension = requested(desk)
    ticket_id = ticket.split("/")[-1]
    (asked,) = desk.tap.wait_for(ExtensionRequested, ticket_id)
    assert (asked.requested_by, asked.department, asked.working_days) == ("tax-clerk", "SWJ", 3)
    assert not desk.tap.of(ExtensionGranted, ticket_id)
    assert "decided first" in desk.refuses(TAX, f"{ticket}/extension", **ASK)
    assert "decided first" in desk.refuses(LEADER, f"{ticket}/extension", **ASK)
    shown = desk.does(LEADER, f"{extension}/grant")["extensions"]
    assert [(each["state"], each["requested_by"], each["decided_by"]) for each in shown] == [
        ("granted", "tax-clerk", "gu")
    ]
    (granted,) = desk.tap.wait_for(ExtensionGranted, ticket_id)
    assert (granted.requested_by, granted.approved_by, granted.working_days) == ("tax-clerk", "gu", 3)
    assert (by_of(desk, ticket, "extension.requested"), by_of(desk, ticket, "extension.granted")) == (
        ["tax-clerk"],
        ["gu"],
    )
    notices = [each for each in desk.tap.of(NoticeRequested, ticket_id) if "extension" in each.template]
    assert [(each.template, each.recipients) for each in notices] == [
        ("extension.requested", ("fang",)),  # sits next
        ("extension.granted", ("tax-clerk",)),
    ]
    assert "granted already" in desk.refuses(LEADER, f"{extension}/grant")


def test_only_who_holds_a_leaders_post_decides(desk: Desk) -> None:
    ticket, extension = requested(desk)
    for who in (TAX, CLERK, NO_LEADER):
        desk.refuses(who, f"{extension}/grant", 403)
        desk.refuses(who, f"{extension}/refuse", 403, why=WHY)
    desk.refuses(NO_LEADER, f"{ticket}/extension", 403, **ASK)
    desk.refuses(NO_LEADER, f"{ticket}/reclassify", 403, complexity="complex", why=WHY)
    desk.refuses(NO_LEADER, f"{ticket}/arbitrate", 403, lead="SWJ", why=WHY)
    desk.refuses(NO_LEADER, f"{ticket}/answer", 403, answer="已为您开好发票。")
    desk.refuses(bearer("gu", Role.DUTY_LEADER, center="CALM"), f"{extension}/grant", 404)


def test_a_refusal_says_why_and_another_request_may_follow(desk: Desk) -> None:
    ticket, extension = requested(desk)
    assert "why" in desk.refuses(DIRECTOR, f"{extension}/refuse", 422)
    desk.does(DIRECTOR, f"{extension}/refuse", why=WHY)
    (refused,) = desk.tap.wait_for(ExtensionRefused, ticket.split("/")[-1])
    assert (refused.refused_by, refused.why) == ("director", WHY)
    assert "refused already" in desk.refuses(LEADER, f"{extension}/grant")
    shown = desk.does(TAX, f"{ticket}/extension", **ASK)["extensions"]
    assert [each["state"] for each in shown] == ["refused", "requested"]


def test_what_was_asked_in_time_is_granted_only_while_the_promise_runs(desk: Desk) -> None:
    early, late = requested(desk)[1], requested(desk)[1]
    desk.house.step(at("2025-01-27T16:59"))
    desk.does(LEADER, f"{early}/grant")
    desk.house.step(at("2025-01-27T17:01"))
    assert "2025-01-27 17:00" in desk.refuses(LEADER, f"{late}/grant")


def test_an_answer_ends_the_question_whether_there_is_more_time(desk: Desk) -> None:
    ticket, extension = requested(desk)
    desk.signs(UUID(ticket.split("/")[-1]), "SWJ", TAX)
    shown = desk.does(TAX, f"{ticket}/answer", answer="已为您开好发票。")
    assert [each["state"] for each in shown["extensions"]] == ["lapsed"]
    assert "lapsed already" in desk.refuses(LEADER, f"{extension}/grant")


def test_only_the_lead_department_asks_for_more_time(desk: Desk) -> None:
    ticket_id = desk.agreed()
    desk.deadline_set(ticket_id)
    path = f"/tickets/{ticket_id}/extension"
    assert "lead" in desk.refuses(POLICE, path, 403, **ASK)
    desk.refuses(CLERK, path, 403, **ASK)
    other = requested(desk)[0]
    desk.refuses(HOUSING, f"{other}/extension", 404, **ASK)


def test_an_extension_is_asked_for_in_time_or_not_at_all(desk: Desk) -> None:
    ticket_id = desk.registered()
    path = f"/tickets/{ticket_id}/extension"
    assert "not known yet" in desk.refuses(LEADER, path, **ASK)
    desk.deadline_set(ticket_id)
    assert datetime.fromisoformat(desk.ticket(ticket_id)["due_at"]) == DUE
    desk.house.step(at("2025-01-27T09:01"))
    assert "2025-01-27 09:00" in desk.refuses(LEADER, path, **ASK)
    desk.house.step(at("2025-01-27T09:00"))
    assert "approved_by" in desk.refuses(LEADER, path, 422, approved_by="director", **ASK)
    desk.does(DIRECTOR, path, **ASK)
    (granted,) = desk.tap.wait_for(ExtensionGranted, ticket_id)
    assert (granted.working_days, granted.approved_by) == (3, "director")
    assert "already" in desk.refuses(LEADER, path, **ASK)


def test_an_ordinary_ticket_becomes_complex_before_it_is_due(desk: Desk) -> None:
    late, ticket_id = desk.registered(), desk.registered()
    desk.deadline_set(late)
    desk.deadline_set(ticket_id)
    change = {"complexity": "complex", "why": WHY}
    desk.house.step(DUE)
    assert desk.does(LEADER, f"/tickets/{ticket_id}/reclassify", **change)["complexity"] == "complex"
    assert desk.tap.wait_for(TicketReclassified, ticket_id)[0].reclassified_by == "gu"
    desk.house.step(at("2025-01-27T17:01"))
    assert "2025-01-27 17:00" in desk.refuses(LEADER, f"/tickets/{late}/reclassify", **change)
