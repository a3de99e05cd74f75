"""The docket of a sitting: what is to be decided, what is broken, what will be before the next sitting."""

from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from schemas.enums import DeadlineKind, Role
from schemas.events.tickets import TicketReopened, TicketWithdrawn
from services.plumbing.database.transaction import new_id
from services.routing.actions.publishing import publish
from tests.integration.routing.desk import (
    DUE,
    NO_RULE,
    RECEIVED,
    THREE_DEPARTMENTS,
    WHY,
    Desk,
    a_deadline_set,
    a_registration,
)
from tests.routing_builders import a_city_center, at
from tests.stack.access import bearer

LATE, FAR = at("2025-01-23T17:00"), at("2025-02-06T17:00")
_numbers = count(1)


class Sitting:
    """The duty leader of a center where nothing else lies, on Friday 24 January 2025 at ten."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.code = desk, f"SIT{next(_numbers)}"
        self.leader = bearer("gu", Role.DUTY_LEADER, center=self.code)
        self.clerk = bearer("he-jing", Role.CLERK, center=self.code)
        with desk.house.database.transaction() as tx:
            publish(tx, a_city_center(code=self.code))

    def ticket(self, title: str = "发票", due_at: datetime | None = None, **deadline: Any) -> UUID:
        """A new ticket; ``due_at`` is its promise's."""
        ticket_id = new_id()
        self.desk.hears(a_registration(ticket_id, title=title, center=self.code), until=lambda: self.knows(ticket_id))
        if due_at is not None:
            event = a_deadline_set(ticket_id, due_at, center=self.code, **deadline)
            self.desk.hears(event, source="deadline_watch", until=lambda: self.has_due(ticket_id))
        return ticket_id

    def knows(self, ticket_id: UUID) -> bool:
        return self.desk.ask("GET", f"/tickets/{ticket_id}", self.clerk).status_code == 200

    def has_due(self, ticket_id: UUID) -> bool:
        shown = self.desk.ticket(ticket_id, self.clerk)["assignments"]
        return any(each["role"] == "lead" and each["next_due_at"] for each in shown)

    def docket(self, query: str = "") -> dict[str, Any]:
        shown: dict[str, Any] = self.desk.ask("GET", f"/docket?{query}", self.leader).json()
        return shown


@pytest.fixture
def sitting(desk: Desk) -> Sitting:
    return Sitting(desk)


def ids(section: Any) -> list[UUID]:
    return [UUID(each["ticket_id"]) for each in section["items"]]


def test_the_docket_shows_what_breaks_before_the_next_sitting(sitting: Sitting) -> None:
    undecided, late, soon = sitting.ticket(NO_RULE), sitting.ticket(due_at=LATE), sitting.ticket(due_at=DUE)
    report = sitting.ticket(THREE_DEPARTMENTS, DUE, kind=DeadlineKind.REPORT, department="ZJJ")
    sitting.ticket(due_at=FAR)
    docket = sitting.docket()
    assert (docket["sitting"]["leader"], docket["following_at"][:16]) == ("fang", "2025-02-06T09:00")
    assert (ids(docket), ids(docket["breached"])) == ([undecided], [late])
    assert set(ids(docket["about_to_break"])) == {soon, report}
    (shown,) = [each for each in docket["about_to_break"]["items"] if each["ticket_id"] == str(report)]
    assert (shown["kind"], shown["lead"], shown["complexity"]) == ("report", "ZJJ", "complex")


def test_what_was_answered_is_on_the_docket_no_more(sitting: Sitting) -> None:
    ticket_id = sitting.ticket(due_at=LATE)
    tax = bearer("tax-clerk", Role.LIAISON, department="SWJ", center=sitting.code)
    (part,) = sitting.desk.ticket(ticket_id, sitting.clerk)["assignments"]
    sitting.desk.does(tax, f"/assignments/{part['id']}/accept")
    sitting.desk.does(tax, f"/tickets/{ticket_id}/answer", answer="已为您开好发票。")
    assert ids(sitting.docket()["breached"]) == []


def test_requests_for_more_time_lie_on_the_docket_until_they_are_decided(sitting: Sitting) -> None:
    ticket_id = sitting.ticket(due_at=DUE)
    tax = bearer("tax-clerk", Role.LIAISON, department="SWJ", center=sitting.code)
    ask = {"working_days": 3, "reason": "需要外省核实", "legal_basis": "办法第十二条"}
    sitting.desk.does(tax, f"/tickets/{ticket_id}/extension", **ask)
    (shown,) = sitting.docket()["extensions"]["items"]
    assert (shown["ticket_id"], shown["requested_by"], shown["lead"]) == (str(ticket_id), "tax-clerk", "SWJ")
    sitting.desk.does(sitting.leader, f"/extensions/{shown['id']}/refuse", why=WHY)
    assert sitting.docket()["extensions"]["items"] == []


def test_every_section_comes_in_pages(sitting: Sitting) -> None:
    for _ in range(3):
        sitting.ticket(due_at=LATE)
        sitting.ticket(NO_RULE)
    whole = sitting.docket()
    assert (len(whole["items"]), len(whole["breached"]["items"])) == (3, 3)
    seen, after = list[UUID](), ""
    while True:
        page = sitting.docket(f"section=breached&limit=2{after}")
        assert page["items"] == page["about_to_break"]["items"] == page["extensions"]["items"] == []
        seen += ids(page["breached"])
        if page["breached"]["next"] is None:
            break
        after = f"&after={quote(page['breached']['next'])}"
    assert seen == ids(whole["breached"])
    first = sitting.docket("section=arbitration&limit=2")
    assert first["breached"]["items"] == []
    assert ids(first) + ids(sitting.docket(f"limit=2&after={first['next']}")) == ids(whole)


def test_a_cursor_of_another_section_is_refused(sitting: Sitting) -> None:
    for query in (f"section=breached&after={new_id()}", "section=extensions&after=bmV2ZXIgeA==", "after=x"):
        reply = sitting.desk.ask("GET", f"/docket?{query}", sitting.leader)
        assert (reply.status_code, set(reply.json()["errors"])) == (422, {"after"})


def test_what_came_back_lies_on_the_docket_while_it_is_open(sitting: Sitting) -> None:
    first = sitting.ticket()
    again = new_id()
    event = a_registration(again, title="发票", center=sitting.code, repeat_of=first, number="SIT-20250124-9999")
    sitting.desk.hears(event, until=lambda: sitting.knows(again))
    (shown,) = sitting.docket()["repeats"]["items"]
    number = sitting.desk.ticket(first, sitting.clerk)["number"]
    assert (shown["ticket_id"], shown["repeat_of"], shown["repeated_number"]) == (str(again), str(first), number)
    reopened = TicketReopened(center=sitting.code, ticket_id=first, round=2, reopened_at=RECEIVED)
    sitting.desk.hears(reopened, until=lambda: len(sitting.docket()["repeats"]["items"]) == 2)
    shown = sitting.docket("section=repeats&limit=1")
    assert ids(shown["repeats"]) == [first], "the earliest first"
    assert ids(sitting.docket(f"section=repeats&after={shown['repeats']['next']}")["repeats"]) == [again]
    withdrawn = TicketWithdrawn(center=sitting.code, ticket_id=again, withdrawn_at=RECEIVED)
    sitting.desk.hears(withdrawn, until=lambda: ids(sitting.docket()["repeats"]) == [first])
