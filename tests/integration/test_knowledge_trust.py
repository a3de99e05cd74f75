"""What becomes of suggestions: offered once on the docket, counted beside the rules, and which rules were overruled."""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas.enums import ApplicantKind, Channel, Complexity, Outcome, Role
from schemas.events.assignments import AssignmentReturned
from schemas.events.decisions import ArbitrationRequested
from schemas.events.forgetting import TicketForgotten
from schemas.events.suggestions import SuggestionOffered
from schemas.events.tickets import TicketAnswered, TicketClosed, TicketRegistered, TicketRouted
from schemas.reasons import ArbitrationReason, ReturnReason
from services.plumbing.database.transaction import new_id
from tests.integration.knowledge_house import opened_knowledge
from tests.routing_builders import at
from tests.stack.access import bearer
from tests.stack.desk import Desk
from tests.stack.eventually import eventually

LEADER = bearer("gu", Role.DUTY_LEADER)
CLERK = bearer("he-jing", Role.CLERK)
NOW, LATER = at("2025-01-24T10:00"), at("2025-01-24T11:00")
DAYS = "since=2025-01-01&until=2025-01-31"
WORDS = "养犬登记，狗证办不下来"
"""No rule of the center file fits it."""


@pytest.fixture(scope="module")
def desk(amqp_uri: str, database_url: str) -> Iterator[Desk]:
    with opened_knowledge(amqp_uri, database_url, hour=12) as opened:
        yield opened


def taken_in(desk: Desk, title: str) -> dict[str, Any]:
    """What the events of a new ticket begin with, once something was foretold of it."""
    base: dict[str, Any] = {"center": "BC", "ticket_id": (id_ := new_id())}
    desk.house.announce(
        TicketRegistered(
            **base,
            number=f"BC-{id_}",
            title=title,
            text=title,
            channel=Channel.WINDOW,
            applicant_kind=ApplicantKind.PERSON,
            first_responsible="he-jing",
            registered_by="he-jing",
            registered_at=NOW,
        )
    )
    assert eventually(lambda: desk.house.rows("SELECT 1 FROM forecasts WHERE ticket_id = %(id)s", id=str(id_)))
    return base | {"round": 1}


def routed(base: Any, lead: str, **more: Any) -> TicketRouted:
    values: dict[str, Any] = {"rule": "x", "why": "x", "routed_at": NOW} | more
    return TicketRouted(**base, complexity=Complexity.ORDINARY, lead=lead, **values)


def solve(desk: Desk, base: Any, department: str) -> None:
    desk.house.announce(
        TicketAnswered(**base, department=department, answer="已经办好。", answered_by="x", answered_at=LATER),
        TicketClosed(**base, outcome=Outcome.RESOLVED, closed_by="he-jing", closed_at=LATER),
    )
    assert eventually(desk.house.has_handled_all)


@pytest.fixture(scope="module")
def trusted(desk: Desk) -> None:
    """Enough was solved for something to be suggested."""
    for nth in range(4):
        base = taken_in(desk, f"{WORDS}，第{nth}件")
        desk.house.announce(routed(base, "GAJ", rule=None, decided_by="gu"))
        solve(desk, base, "GAJ")
    assert eventually(lambda: desk.house.value("SELECT max(norm) FROM departments WHERE code = 'GAJ'"))


def docketed(base: Any, reason: ArbitrationReason = ArbitrationReason.NO_RULE) -> ArbitrationRequested:
    return ArbitrationRequested(**base, arbitration_id=new_id(), reason=reason, requested_at=NOW)


@pytest.mark.usefixtures("trusted")
def test_who_solves_such_things_is_offered_once_for_the_docket(desk: Desk) -> None:
    base = taken_in(desk, WORDS)
    asked = docketed(base)
    ids = desk.house.announce(asked)
    (offered,) = desk.tap.wait_for(SuggestionOffered, base["ticket_id"])
    assert offered.arbitration_id == asked.arbitration_id
    assert offered.departments[0].department == "GAJ"
    assert 1 <= len(offered.cases) <= 3
    desk.house.announce(asked, ids=ids)
    returned = AssignmentReturned(
        center="BC",
        ticket_id=base["ticket_id"],
        assignment_id=new_id(),
        department="GAJ",
        reason=next(iter(ReturnReason)),
        explanation="不归我们",
        returned_by="police-clerk",
        returned_at=NOW,
    )
    desk.house.announce(returned, docketed(base, ArbitrationReason.RETURNED))
    assert eventually(desk.house.has_handled_all)
    _first, *others = desk.tap.of(SuggestionOffered, base["ticket_id"])
    assert len(others) <= 1
    assert "GAJ" not in [each.department for offer in others for each in offer.departments]


@pytest.mark.usefixtures("trusted")
def test_suggestions_are_held_against_who_solved_it_beside_the_rules(desk: Desk) -> None:
    before = desk.good(200, "GET", f"/suggestions/hits?{DAYS}", LEADER)
    base = taken_in(desk, f"{WORDS}，又一件")
    desk.house.announce(routed(base, "GAJ", rule=None, decided_by="gu"))
    solve(desk, base, "GAJ")
    view = desk.good(200, "GET", f"/suggestions/hits?{DAYS}", LEADER)
    names = ("tickets", "suggested_first", "ruled_first")
    gained = {name: view["total"][name] - before["total"][name] for name in names}
    assert gained == {"tickets": 1, "suggested_first": 1, "ruled_first": 0}
    assert [(row["month"], row["department"]) for row in view["by_month"]] == [("2025-01", None)]
    assert [row["department"] for row in view["by_department"]] == ["GAJ"]
    assert view["taken"][0]["first"] >= 1
    assert view["taken"][0]["none"] == 0
    assert desk.ask("GET", f"/suggestions/hits?{DAYS}", CLERK).status_code == 403
    assert "until" in desk.problem(422, "GET", "/suggestions/hits?since=2025-02-01&until=2025-01-01", LEADER)


def test_a_rule_that_was_overruled_shows_its_tickets(desk: Desk) -> None:
    kept, sent_back, decided = (taken_in(desk, f"发票开不出来，第{nth}件") for nth in range(3))
    for base in (kept, sent_back, decided):
        desk.house.announce(routed(base, "SWJ", rule="tax"))
    # In the wrong order: what came later is heard first.
    desk.house.announce(routed(sent_back, "SJJ", rule="market", routed_at=LATER))
    desk.house.announce(routed(decided, "ZJJ", rule=None, decided_by="gu", routed_at=LATER))
    assert eventually(desk.house.has_handled_all)
    rows = {row["rule"]: row for row in desk.good(200, "GET", f"/suggestions/rules?{DAYS}", LEADER)["items"]}
    assert rows["tax"] == {"rule": "tax", "routed": 3, "overruled": 2, "by_leader": 1}
    assert rows["market"]["overruled"] == 0
    first = desk.good(200, "GET", f"/suggestions/rules/tax/tickets?{DAYS}&limit=1", LEADER)
    second = desk.good(200, "GET", f"/suggestions/rules/tax/tickets?{DAYS}&limit=1&after={first['next']}", LEADER)
    assert second.get("next") is None
    found = {each["id"]: each for each in (*first["items"], *second["items"])}
    assert found[str(decided["ticket_id"])]["decided_by"] == "gu"
    assert found[str(sent_back["ticket_id"])]["then_lead"] == "SJJ"
    assert desk.good(200, "GET", f"/suggestions/rules/no-such/tickets?{DAYS}", LEADER)["items"] == []
    for who in (CLERK, bearer("tax-clerk", Role.LIAISON, department="SWJ")):
        assert desk.ask("GET", f"/suggestions/rules?{DAYS}", who).status_code == 403


@pytest.mark.parametrize("first", [True, False], ids=["forgotten before the end is heard of", "afterwards"])
def test_what_was_forgotten_is_never_learnt(desk: Desk, first: bool) -> None:
    words = "榫卯斗拱" if first else "琥珀蜜蜡"
    base = taken_in(desk, f"{words}鉴定")
    gone = TicketForgotten(center="BC", ticket_id=base["ticket_id"], forgotten_by="shen-pei", forgotten_at=LATER)
    if first:
        desk.house.announce(gone)
    desk.house.announce(routed(base, "SWJ"))
    solve(desk, base, "SWJ")
    if not first:
        assert desk.house.rows("SELECT 1 FROM cases WHERE subject = %(id)s", id=str(base["ticket_id"]))
        desk.house.announce(gone)
        assert eventually(desk.house.has_handled_all)
    assert not desk.house.rows("SELECT 1 FROM cases WHERE subject = %(id)s", id=str(base["ticket_id"]))
    (kept,) = desk.house.rows("SELECT title, text, answer FROM tickets WHERE id = %(id)s", id=str(base["ticket_id"]))
    assert tuple(kept) == ("—", "", "")
    assert desk.good(200, "POST", "/similar", CLERK, {"title": f"{words}鉴定", "text": ""})["items"] == []
