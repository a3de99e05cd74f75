"""What departments do with their parts of a ticket, and what they may not."""

from schemas.events.assignments import AssignmentReplaced, AssignmentReturned
from schemas.events.tickets import TicketRouted
from tests.integration.routing.desk import CLERK, HOUSING, LEADER, POLICE, STRANGER, TAX, WHY, Desk
from tests.routing_builders import at


def test_the_first_return_is_routed_anew_the_second_is_decided_finally(desk: Desk) -> None:
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


def test_a_return_by_an_assisting_department_leaves_the_others_assignments(desk: Desk) -> None:
    ticket_id = desk.agreed()
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
    desk.house.step(at("2025-01-26T17:01"))
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
