"""Whoever was told of an escalation acknowledges it, once, and everybody sees who has."""

from typing import Any
from uuid import UUID

import pytest

from schemas.enums import Role
from schemas.events.escalations import EscalationAcknowledged
from schemas.events.tickets import EscalationVoided, TicketEscalated
from services.plumbing.database.transaction import new_id
from tests.integration.routing.desk import CLERK, DIRECTOR, POLICE, TAX, Desk, Header, a_void
from tests.stack.access import bearer

HEAD = bearer("tax-head", Role.DEPARTMENT_HEAD, department="SWJ")
LEADER = bearer("fang", Role.DUTY_LEADER)
SUPERVISOR = bearer("watchman", Role.SUPERVISOR)


def mine(desk: Desk, who: Header, ticket_id: UUID, query: str = "mine=true&unacknowledged=true") -> list[Any]:
    """What ``who`` has still to acknowledge about a ticket."""
    page = desk.good(200, "GET", f"/escalations?{query}&limit=200", who)
    return [each for each in page["items"] if each["ticket_id"] == str(ticket_id)]


@pytest.fixture
def escalated(desk: Desk) -> tuple[UUID, str]:
    """A ticket whose promise is broken, of which the head and the duty leader were told; the escalation's path."""
    ticket_id = desk.registered()
    desk.reaches(ticket_id, 2)
    desk.tap.wait_for(TicketEscalated, ticket_id)
    (escalation,) = desk.ticket(ticket_id)["escalations"]
    assert escalation["to"] == ["tax-head", "fang"]
    return ticket_id, f"/escalations/{escalation['id']}/acknowledge"


def test_each_who_was_told_acknowledges_alone(desk: Desk, escalated: tuple[UUID, str]) -> None:
    ticket_id, path = escalated
    assert len(mine(desk, HEAD, ticket_id)) == len(mine(desk, LEADER, ticket_id)) == 1
    shown = desk.does(HEAD, path)
    assert [each["staff"] for each in shown["acknowledgements"]] == ["tax-head"]
    assert (shown["ticket_id"], shown["lead"], shown["level"]) == (str(ticket_id), "SWJ", 2)
    (said,) = desk.tap.wait_for(EscalationAcknowledged, ticket_id)
    assert (said.acknowledged_by, said.level, str(said.escalation_id)) == ("tax-head", 2, shown["id"])
    assert (mine(desk, HEAD, ticket_id), len(mine(desk, LEADER, ticket_id))) == ([], 1)
    assert len(mine(desk, HEAD, ticket_id, "mine=true")) == 1
    assert len(mine(desk, DIRECTOR, ticket_id, "unacknowledged=true")) == 1, "one of two has not yet"
    assert "already" in desk.refuses(HEAD, path)
    desk.does(LEADER, path)
    assert mine(desk, DIRECTOR, ticket_id, "unacknowledged=true") == []
    (escalation,) = desk.ticket(ticket_id)["escalations"]
    assert [each["staff"] for each in escalation["acknowledgements"]] == ["fang", "tax-head"], "at one instant"
    last = desk.ticket(ticket_id)["timeline"][-1]
    assert (last["what"], last["by"], last["text"]) == ("escalation.acknowledged", "fang", "answer")


def test_who_was_not_told_acknowledges_nothing(desk: Desk, escalated: tuple[UUID, str]) -> None:
    ticket_id, path = escalated
    elsewhere = bearer("tax-head", Role.DEPARTMENT_HEAD, department="SWJ", center="CALM")
    for who in (TAX, POLICE, CLERK, DIRECTOR, SUPERVISOR, elsewhere):
        desk.refuses(who, path, 404)
    desk.refuses(HEAD, f"/escalations/{new_id()}/acknowledge", 404)
    desk.refuses(bearer("watchman", Role.OPS), path, 403)
    desk.refuses(bearer("tax-head", Role.DEPARTMENT_HEAD, department="ZJJ"), path, 403)
    assert desk.tap.of(EscalationAcknowledged, ticket_id) == []


def test_what_is_void_needs_no_acknowledgement(desk: Desk) -> None:
    ticket_id = desk.registered()
    mark = desk.reaches(ticket_id, 2)
    desk.tap.wait_for(TicketEscalated, ticket_id)
    path = f"/escalations/{desk.ticket(ticket_id)['escalations'][0]['id']}/acknowledge"
    desk.does(LEADER, path)
    desk.house.announce(a_void(mark), source="deadline_watch")
    desk.tap.wait_for(EscalationVoided, ticket_id)
    assert mine(desk, HEAD, ticket_id) == mine(desk, DIRECTOR, ticket_id, "unacknowledged=true") == []
    assert "not been reached" in desk.refuses(HEAD, path)
    (escalation,) = desk.ticket(ticket_id)["escalations"]
    assert [each["staff"] for each in escalation["acknowledgements"]] == ["fang"], "who has, has"


def test_one_key_acknowledges_once(desk: Desk, escalated: tuple[UUID, str]) -> None:
    ticket_id, path = escalated
    replies = [desk.ask("POST", path, HEAD, {}, headers={"Idempotency-Key": f"k{ticket_id}"}) for _ in range(2)]
    assert [each.status_code for each in replies] == [200, 200]
    assert replies[0].json() == replies[1].json()
    assert len(desk.tap.wait_for(EscalationAcknowledged, ticket_id)) == 1


def test_a_department_sees_what_it_was_told_itself(desk: Desk, escalated: tuple[UUID, str]) -> None:
    ticket_id, _ = escalated
    assert mine(desk, TAX, ticket_id, "unacknowledged=false") == []
    assert len(mine(desk, HEAD, ticket_id, "")) == len(mine(desk, SUPERVISOR, ticket_id, "")) == 1


def test_escalations_come_in_pages_newest_first(desk: Desk) -> None:
    about = [desk.registered() for _ in range(3)]
    for ticket_id in about:
        desk.reaches(ticket_id, 3)
        desk.tap.wait_for(TicketEscalated, ticket_id)
    for query in ("mine=true", "mine=true&unacknowledged=true", "unacknowledged=true", ""):
        first = desk.good(200, "GET", f"/escalations?{query}&limit=2", DIRECTOR)
        assert [each["ticket_id"] for each in first["items"]] == [str(about[2]), str(about[1])]
        rest = desk.good(200, "GET", f"/escalations?{query}&limit=2&after={first['next']}", DIRECTOR)
        assert rest["items"][0]["ticket_id"] == str(about[0])
    assert desk.ask("GET", "/escalations?mine=perhaps", DIRECTOR).status_code == 422
