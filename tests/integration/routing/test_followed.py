"""Whoever follows tickets to the end is told in one reply how far each has come."""

from typing import Any
from uuid import UUID

from schemas.enums import Role
from schemas.events.tickets import TicketEscalated
from services.plumbing.database.transaction import new_id
from tests.integration.routing.desk import CLERK, DIRECTOR, LEADER, STRANGER, TAX, Desk, Header
from tests.stack.access import bearer

HEAD = bearer("tax-head", Role.DEPARTMENT_HEAD, department="SWJ")


def followed(desk: Desk, who: Header, *ticket_ids: UUID) -> dict[str, Any]:
    """What is said of each of the tickets."""
    said = desk.does(who, "/tickets:followed", tickets=[str(each) for each in ticket_ids])
    return {each["ticket_id"]: each for each in said["items"]}


def test_the_last_report_and_the_highest_level_stand_with_each_ticket(desk: Desk) -> None:
    quiet, late = desk.registered(), desk.registered()
    path = desk.signs(late, "SWJ", TAX)
    desk.does(TAX, f"{path}/progress", progress="已约两家单位周三现场核对。")
    desk.does(TAX, f"{path}/progress", progress="等外省回函。")
    desk.reaches(late, 2)
    desk.tap.wait_for(TicketEscalated, late)
    said = followed(desk, CLERK, quiet, late)
    assert (said[str(quiet)]["progress"], said[str(quiet)]["escalations"]) == (None, [])
    assert (said[str(late)]["progress"], said[str(late)]["progress_of"]) == ("等外省回函。", "SWJ")
    (escalation,) = said[str(late)]["escalations"]
    assert (escalation["level"], escalation["to"], escalation["acknowledgements"]) == (2, ["tax-head", "fang"], [])
    desk.does(HEAD, f"/escalations/{escalation['id']}/acknowledge")
    (escalation,) = followed(desk, DIRECTOR, late)[str(late)]["escalations"]
    assert [each["staff"] for each in escalation["acknowledgements"]] == ["tax-head"]


def test_nothing_is_said_of_what_the_center_does_not_have(desk: Desk) -> None:
    ticket_id = desk.registered()
    assert followed(desk, CLERK, new_id()) == {}
    assert set(followed(desk, LEADER, new_id(), ticket_id)) == {str(ticket_id)}


def test_only_the_center_s_own_people_ask(desk: Desk) -> None:
    ticket_id = desk.registered()
    for who in (TAX, HEAD, STRANGER):
        desk.refuses(who, "/tickets:followed", 403, tickets=[str(ticket_id)])


def test_a_list_is_of_one_to_fifty_tickets_each_once(desk: Desk) -> None:
    twice = [str(new_id())] * 2
    for wrong in ([], twice, [str(new_id()) for _ in range(51)]):
        assert set(desk.problem(422, "POST", "/tickets:followed", CLERK, {"tickets": wrong})) == {"tickets"}
