"""Where a ticket goes: by the rules of the center file, or by the docket; and the file itself."""

import dataclasses
from datetime import datetime, timedelta

import pytest

from schemas.center.center import CenterPublished
from schemas.enums import Complexity, DepartmentRole
from schemas.events.assignments import AssignmentMade
from schemas.events.decisions import ArbitrationDecided, ArbitrationRequested
from schemas.events.notices import NoticeRequested
from schemas.events.tickets import TicketAnswered, TicketRouted
from schemas.reasons import ArbitrationReason
from services.plumbing.database.transaction import new_id
from services.routing.actions.publishing import BrokenCenter, publish
from tests.integration.routing.desk import (
    CLERK,
    LEADER,
    NO_RULE,
    POLICE,
    RECEIVED,
    TAX,
    THREE_DEPARTMENTS,
    WHY,
    Desk,
    a_registration,
)
from tests.routing_builders import a_city_center


def test_a_ticket_goes_where_the_first_fitting_rule_sends_it(desk: Desk) -> None:
    ticket_id = desk.registered("发票和户口")
    (routed,) = desk.tap.wait_for(TicketRouted, ticket_id)
    assert (routed.lead, routed.rule, routed.complexity) == ("SWJ", "tax", Complexity.ORDINARY)
    (made,) = desk.tap.wait_for(AssignmentMade, ticket_id)
    assert (made.department, made.role, made.made_at) == ("SWJ", DepartmentRole.LEAD, RECEIVED)
    (notice,) = desk.tap.wait_for(NoticeRequested, ticket_id)
    assert (notice.recipients, notice.template) == (("tax-clerk",), "assignment.made")


def test_three_departments_make_one_complex_ticket_and_one_notice(desk: Desk) -> None:
    ticket_id = desk.registered(THREE_DEPARTMENTS)
    (routed,) = desk.tap.wait_for(TicketRouted, ticket_id)
    assert (routed.lead, routed.assisting, routed.complexity) == ("ZJJ", ("SWJ", "GAJ"), Complexity.COMPLEX)
    assert {each.department for each in desk.tap.wait_for(AssignmentMade, ticket_id, times=3)} == {"ZJJ", "SWJ", "GAJ"}
    (notice,) = desk.tap.wait_for(NoticeRequested, ticket_id)
    assert set(notice.recipients) == {"home-clerk", "tax-clerk", "police-clerk", "police-deputy"}


def test_an_event_heard_twice_or_said_twice_takes_effect_once(desk: Desk) -> None:
    event, other = a_registration(new_id()), a_registration(new_id())
    ids = desk.house.announce(event, source="intake")
    desk.house.announce(event, source="intake", ids=ids)
    desk.house.announce(event, source="intake")
    desk.hears(other, until=lambda: desk.knows(other.ticket_id))
    desk.tap.wait_for(AssignmentMade, other.ticket_id)
    assert len(desk.tap.of(TicketRouted, event.ticket_id)) == 1
    assert len(desk.tap.of(AssignmentMade, event.ticket_id)) == 1


def test_texts_are_stored_exactly_and_do_nothing(desk: Desk) -> None:
    text = (
        "'; DROP TABLE tickets; -- %s %(x)s <script>alert(1)</script> =cmd|' /C calc'!A0 ../../x 𠮷\u200b\u202e😀\n\t"
    )
    ticket_id = desk.registered("发票" + text, text=text)
    desk.signs(ticket_id, "SWJ", TAX)
    desk.does(TAX, f"/tickets/{ticket_id}/answer", answer=text)
    shown = desk.ticket(ticket_id)
    assert (shown["text"], shown["answer"], shown["timeline"][-1]["text"]) == (text, text, text)
    assert desk.tap.wait_for(TicketAnswered, ticket_id)[0].answer == text


def test_what_no_rule_fits_waits_on_the_docket_for_the_duty_leader(desk: Desk) -> None:
    ticket_id = desk.registered(NO_RULE)
    (requested,) = desk.tap.wait_for(ArbitrationRequested, ticket_id)
    assert requested.reason == ArbitrationReason.NO_RULE
    (notice,) = desk.tap.wait_for(NoticeRequested, ticket_id)
    assert (notice.recipients, notice.template) == (("fang",), "arbitration.requested")  # sits next, on 5 February
    docket = desk.ask("GET", "/docket?limit=200", LEADER).json()
    assert docket["sitting"]["leader"] == "fang"
    assert [each["reason"] for each in docket["items"] if each["ticket_id"] == str(ticket_id)] == ["no_rule"]

    assert "lead" in desk.refuses(LEADER, f"/tickets/{ticket_id}/arbitrate", 422, lead="NOWHERE", why=WHY)
    shown = desk.does(LEADER, f"/tickets/{ticket_id}/arbitrate", lead="GAJ", assisting=["ZJJ"], why=WHY)
    assert (shown["state"], shown["lead"], shown["decided_by"], shown["complexity"]) == (
        "assigned",
        "GAJ",
        "gu",
        "complex",
    )
    (decided,) = desk.tap.wait_for(ArbitrationDecided, ticket_id)
    assert (decided.arbitration_id, decided.decided_by) == (requested.arbitration_id, "gu")
    assert desk.tap.wait_for(TicketRouted, ticket_id)[0].why == WHY
    docket = desk.ask("GET", "/docket?limit=200", LEADER).json()
    assert str(ticket_id) not in {each["ticket_id"] for each in docket["items"]}
    assert "docket" in desk.refuses(LEADER, f"/tickets/{ticket_id}/arbitrate", lead="GAJ", why=WHY)
    assert "final" in desk.refuses(
        POLICE, f"{desk.part(ticket_id, 'GAJ')}/return", reason="not_our_duty", explanation=WHY
    )


def test_a_broken_center_file_is_refused_whole_and_the_old_one_stays(desk: Desk) -> None:
    center = a_city_center(code="BROKEN")
    with desk.house.database.transaction() as tx:
        assert publish(tx, center) == 1
    with desk.house.database.transaction() as tx:
        assert publish(tx, center) == 1
    broken = dataclasses.replace(center, director="nobody")
    with pytest.raises(BrokenCenter, match="staff"), desk.house.database.transaction() as tx:
        publish(tx, broken)
    with desk.house.database.transaction() as tx:
        assert publish(tx, dataclasses.replace(center, name="Renamed")) == 2
    published = desk.tap.wait_for(CenterPublished, "BROKEN", times=2)
    assert [(each.version, each.body.name) for each in published] == [(1, "A center"), (2, "Renamed")]


def test_the_roster_says_who_sits_when(desk: Desk) -> None:
    shifts = desk.ask("GET", "/roster?since=2025-01-01&until=2025-01-09", CLERK).json()["shifts"]
    assert [(each["opens_at"][:10], each["leader"]) for each in shifts] == [
        ("2025-01-02", "gu"),
        ("2025-01-07", "peng"),
        ("2025-01-09", "liang"),
    ]
    assert desk.ask("GET", "/roster?since=2025-01-01&until=2035-01-09", CLERK).status_code == 422


def test_the_roster_shows_four_weeks_from_today_unless_asked_otherwise(desk: Desk) -> None:
    def days(query: str = "") -> list[str]:
        return [each["opens_at"][:10] for each in desk.ask("GET", f"/roster{query}", CLERK).json()["shifts"]]

    with desk.house.database.transaction() as tx:
        today = tx.now.astimezone(RECEIVED.tzinfo).date()
    last = today + timedelta(days=27)
    assert days()
    assert days() == days(f"?since={today}&until={last}")
    assert days("?since=2025-01-01") == days("?since=2025-01-01&until=2025-01-28")
    assert days(f"?until={last}") == days()
    assert days("?since=2099-12-20") == days("?since=2099-12-20&until=2099-12-31")


def test_times_in_replies_carry_the_offset_of_the_center(desk: Desk) -> None:
    ticket_id = desk.registered()
    desk.deadline_set(ticket_id)
    ticket = desk.ticket(ticket_id)
    (listed, *_) = desk.ask("GET", "/assignments?order=due&limit=1", CLERK).json()["items"]
    times = [ticket["registered_at"], ticket["due_at"], listed["made_at"], listed["next_due_at"]]
    times += [each["made_at"] for each in ticket["assignments"]] + [each["at"] for each in ticket["timeline"]]
    assert {datetime.fromisoformat(each).utcoffset() for each in times} == {timedelta(hours=8)}
