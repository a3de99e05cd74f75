"""A ticket that no rule fits goes where solved tickets like it went, if the center file lets it."""

import dataclasses
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from schemas.center.thresholds import SuggestionRule
from schemas.enums import Role, TicketState
from schemas.events.decisions import BY_SIMILAR_CASES, ArbitrationDecided, ArbitrationRequested
from schemas.events.suggestions import OfferedDepartment, SuggestionOffered
from schemas.events.tickets import TicketRouted
from services.plumbing.database.transaction import new_id
from services.routing.actions.publishing import publish
from tests.integration.routing.desk import LEADER, NO_RULE, RECEIVED, WHY, Desk, a_registration
from tests.routing_builders import a_city_center
from tests.stack.access import bearer
from tests.stack.eventually import eventually

TRUSTING = "TRUST"
"""A center that lets suggestions decide which are 0.3 ahead."""
THEIR_LEADER = bearer("gu", Role.DUTY_LEADER, center=TRUSTING)
THEIR_POLICE = bearer("police-clerk", Role.LIAISON, department="GAJ", center=TRUSTING)


@pytest.fixture(scope="module", autouse=True)
def _trusting(whole_desk: Desk) -> None:
    with whole_desk.house.database.transaction() as tx:
        publish(tx, a_city_center(code=TRUSTING, suggestions=SuggestionRule(routing_margin=0.3)))


def offer(desk: Desk, ticket_id: UUID, first: float = 0.7, *, center: str = TRUSTING, **more: Any) -> SuggestionOffered:
    asked = desk.tap.wait_for(ArbitrationRequested, ticket_id)[-1]
    values: dict[str, Any] = {
        "arbitration_id": asked.arbitration_id,
        "departments": departments(("GAJ", first), ("SWJ", 0.2)),
        "cases": (a_solved_one(desk, center),),
    }
    return SuggestionOffered(center=center, ticket_id=ticket_id, round=1, offered_at=RECEIVED, **values | more)


def departments(*found: tuple[str, float]) -> Sequence[OfferedDepartment]:
    return tuple(OfferedDepartment(department=code, likelihood=likelihood) for code, likelihood in found)


def a_solved_one(desk: Desk, center: str) -> UUID:
    return desk.registered("发票", center=center)


def says(desk: Desk, *offers: SuggestionOffered, ids: Sequence[UUID] = ()) -> list[UUID]:
    ids = desk.house.announce(*offers, source="knowledge", ids=ids)
    assert eventually(desk.house.has_handled_all)
    return ids


def leads(desk: Desk, ticket_id: UUID) -> tuple[str, str | None]:
    row = desk.house.rows("SELECT state, lead FROM tickets WHERE id = %(id)s", id=str(ticket_id))[0]
    return row.state, row.lead


def _part(desk: Desk, ticket_id: UUID) -> str:
    (part,) = desk.ticket(ticket_id, THEIR_LEADER)["assignments"]
    return f"/assignments/{part['id']}"


def test_what_is_far_enough_ahead_gets_it_and_the_timeline_says_why(desk: Desk) -> None:
    ticket_id = desk.registered(NO_RULE, center=TRUSTING)
    offered = offer(desk, ticket_id)
    ids = says(desk, offered)
    says(desk, offered, ids=ids)
    says(desk, offered)
    (routed,) = desk.tap.of(TicketRouted, ticket_id)
    assert (routed.lead, routed.rule, routed.decided_by) == ("GAJ", None, None)
    (case,) = desk.house.rows("SELECT number FROM tickets WHERE id = %(id)s", id=str(offered.cases[0]))
    shown = desk.ticket(ticket_id, THEIR_LEADER)
    assert shown["why"] == f"similar_cases:{case.number}"
    assert f"similar_cases:{case.number}" in [each["text"] for each in shown["timeline"]]
    (decided,) = desk.tap.of(ArbitrationDecided, ticket_id)
    assert (decided.arbitration_id, decided.decided_by) == (offered.arbitration_id, BY_SIMILAR_CASES)
    desk.does(THEIR_POLICE, f"{_part(desk, ticket_id)}/return", reason="not_our_duty", explanation=WHY)
    assert leads(desk, ticket_id)[0] == TicketState.IN_ARBITRATION, "it can be sent back"


@pytest.mark.parametrize(
    "changes",
    [
        {"first": 0.45},
        {"cases": ()},
        {"cases": (new_id(),)},
        {"departments": departments(("GONE", 0.9))},
        {"departments": ()},
        {"arbitration_id": new_id()},
    ],
    ids=["not far enough ahead", "no case", "unknown case", "no such department", "nothing", "another arbitration"],
)
def test_else_the_leader_decides(desk: Desk, changes: dict[str, Any]) -> None:
    ticket_id = desk.registered(NO_RULE, center=TRUSTING)
    says(desk, offer(desk, ticket_id, **changes))
    assert leads(desk, ticket_id) == (TicketState.IN_ARBITRATION, None)


def test_nobody_is_routed_by_itself_where_the_center_file_says_nothing(desk: Desk) -> None:
    ticket_id = desk.registered(NO_RULE)
    says(desk, offer(desk, ticket_id, 1.0, center="BC"))
    assert leads(desk, ticket_id) == (TicketState.IN_ARBITRATION, None)
    desk.does(LEADER, f"/tickets/{ticket_id}/arbitrate", lead="ZJJ", why=WHY)


def test_what_a_leader_decided_meanwhile_stays(desk: Desk) -> None:
    ticket_id = desk.registered(NO_RULE, center=TRUSTING)
    late = offer(desk, ticket_id)
    desk.does(THEIR_LEADER, f"/tickets/{ticket_id}/arbitrate", lead="ZJJ", why=WHY)
    says(desk, late)
    assert leads(desk, ticket_id) == (TicketState.ASSIGNED, "ZJJ")


def test_an_offer_that_comes_before_its_ticket_waits_for_it(desk: Desk) -> None:
    event = a_registration(new_id(), title=NO_RULE, center=TRUSTING)
    elsewhere = desk.registered(NO_RULE, center=TRUSTING)
    early = dataclasses.replace(offer(desk, elsewhere), ticket_id=event.ticket_id)
    desk.house.announce(early, source="knowledge")
    desk.hears(event, until=lambda: desk.knows(event.ticket_id))
    assert eventually(desk.house.has_handled_all)
    assert leads(desk, event.ticket_id) == (TicketState.IN_ARBITRATION, None), "it was about another arbitration"
