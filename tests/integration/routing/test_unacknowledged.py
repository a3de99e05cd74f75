"""An escalation that nobody acknowledges goes one level of the ladder up, once, and nobody is told for nothing.

Most of it is done in transactions on routing's own tables, which are undone; one test has a process at work.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from schemas.center.center import Limit
from schemas.channels import NoticeChannel
from schemas.enums import DeadlineState, Role
from schemas.events.deadlines import MarkReached
from schemas.events.escalations import EscalationPassedUp
from schemas.events.notices import NoticeFailed, escalation_notice_id, passed_up_notice_id
from schemas.events.tickets import TicketEscalated
from services.plumbing.database.transaction import Transaction
from services.routing import store
from services.routing.actions.acknowledging import due
from services.routing.actions.publishing import publish
from services.routing.service import RoutingService
from tests import deadline_builders as given
from tests.deadline_builders import TICKET
from tests.integration.routing.desk import Desk, a_void
from tests.routing_builders import a_city_center, a_mark, at
from tests.stack.access import bearer
from tests.stack.one_service import OneService
from tests.stack.undone import undone

HOURS = Limit(working_hours=4)
BROKEN = at("2025-01-27T17:00")
"""The last hour before the Spring Festival: four working hours later it is two o'clock on 5 February."""
IN_TIME, LATE = at("2025-02-05T13:59"), at("2025-02-05T14:00")
NEXT = at("2025-02-06T10:00")
"""Four working hours later."""
MUCH_LATER = at("2025-03-03T11:00")


@pytest.fixture
def tx(routing: OneService) -> Iterator[Transaction]:
    """A center that waits four working hours, and a ticket whose promise is broken since five o'clock."""
    with undone(routing.database.transaction()) as tx:
        publish(tx, a_city_center(escalation_acknowledgement=HOURS))
        RoutingService().register([given.registered("2025-01-24 10:00", title="发票")], tx)
        reach(tx, a_mark(2, ticket_id=TICKET), BROKEN)
        yield tx


def reach(tx: Transaction, mark: MarkReached, now: datetime) -> None:
    tx.now = now
    RoutingService().escalate([mark], tx)


def passed_up(tx: Transaction, now: datetime) -> list[EscalationPassedUp]:
    """What is passed up at that time; a second look finds nothing more."""
    tx.now, before = now, len(tx.announced)
    RoutingService().pass_up_unacknowledged(tx)
    assert RoutingService().pass_up_unacknowledged(tx) == 0
    return [each for each in tx.announced[before:] if isinstance(each, EscalationPassedUp)]


def escalation(tx: Transaction) -> Any:
    (row,) = tx.rows("SELECT * FROM escalations WHERE ticket_id = %(id)s AND level = 2", id=TICKET)
    return row


def test_after_the_limit_the_next_level_is_told_too(tx: Transaction) -> None:
    assert passed_up(tx, IN_TIME) == []
    (passed,) = passed_up(tx, LATE)
    assert (passed.level, passed.to_level, passed.to) == (2, 3, ("director",))
    assert (passed.unacknowledged_by, passed.due_at) == (("tax-head", "fang"), BROKEN)
    assert escalation(tx).recipients == ["tax-head", "fang", "director"]
    assert store.acknowledgements.acknowledge(tx, "BC", "director", escalation(tx).id)


def test_it_goes_up_to_the_top_and_no_further(tx: Transaction) -> None:
    passed_up(tx, LATE)
    (to_the_top,) = passed_up(tx, NEXT)
    assert (to_the_top.to, to_the_top.to_level) == (("watchman",), 4)
    assert passed_up(tx, MUCH_LATER) == []


def test_what_anybody_acknowledged_is_not_passed_up(tx: Transaction) -> None:
    tx.now = IN_TIME
    assert store.acknowledgements.acknowledge(tx, "BC", "fang", escalation(tx).id)
    assert passed_up(tx, LATE) == []


def test_who_was_not_told_stops_nothing(tx: Transaction) -> None:
    assert not store.acknowledgements.acknowledge(tx, "BC", "he-jing", escalation(tx).id)
    assert len(passed_up(tx, LATE)) == 1


def test_a_higher_level_that_is_due_at_this_instant_is_waited_for(tx: Transaction) -> None:
    """One working day to acknowledge ends when the level of one day late is reached: the director is told once."""
    assert passed_up(tx, at("2025-02-05T17:01")) == []


def test_a_higher_level_reached_meanwhile_has_its_own_time(tx: Transaction) -> None:
    first = escalation(tx)
    mark = a_mark(3, ticket_id=TICKET, deadline_id=first.deadline_id)
    reach(tx, mark, at("2025-02-05T13:00"))
    assert passed_up(tx, LATE) == [], "the director knows already, by the level above"
    (passed,) = passed_up(tx, NEXT)
    assert (passed.level, passed.to) == (3, ("watchman",))


@pytest.mark.parametrize("state", [DeadlineState.MET, DeadlineState.CANCELLED])
def test_nobody_is_told_of_a_deadline_that_has_ended(tx: Transaction, state: DeadlineState) -> None:
    tx.execute("UPDATE deadlines SET state = %(state)s", state=state)
    assert passed_up(tx, LATE) == passed_up(tx, MUCH_LATER) == []


def test_while_papers_are_awaited_the_time_begins_anew(tx: Transaction) -> None:
    tx.execute("UPDATE deadlines SET state = 'paused'")
    assert passed_up(tx, LATE) == []
    assert passed_up(tx, NEXT) == [], "while it waits, no level is reached either"
    tx.execute("UPDATE deadlines SET state = 'breached', due_at = %(at)s", at=at("2025-02-06T14:00"))
    assert passed_up(tx, at("2025-02-06T14:59")) == []
    assert len(passed_up(tx, at("2025-02-06T15:00"))) == 1


def test_a_void_level_is_passed_to_nobody_and_takes_back_what_was(tx: Transaction, routing: OneService) -> None:
    passed_up(tx, LATE)
    row = escalation(tx)
    void = a_void(a_mark(2, ticket_id=TICKET, deadline_id=row.deadline_id))
    RoutingService().void_escalations([void], tx)
    assert tx.announced[-1].to == ("tax-head", "fang", "director")  # type: ignore[attr-defined]
    assert passed_up(tx, MUCH_LATER) == []


def fails(tx: Transaction, *people: str, notice_id: UUID | None = None) -> None:
    row = escalation(tx)
    notice = notice_id or escalation_notice_id(row.deadline_id, row.level, row.revision)
    events = [
        NoticeFailed(
            center="BC",
            ticket_id=TICKET,
            notice_id=notice,
            template="deadline.breached",
            recipient=who,
            tried=(NoticeChannel.EMAIL,),
            failed_at=tx.now,
        )
        for who in people
    ]
    RoutingService().note_failed_notices(events, tx)


@pytest.mark.parametrize("limit", [HOURS, None], ids=["a limit", "no limit"])
def test_an_escalation_that_reaches_nobody_goes_up_at_once(tx: Transaction, limit: Limit | None) -> None:
    publish(tx, a_city_center(escalation_acknowledgement=limit))
    fails(tx, "tax-head")
    assert passed_up(tx, BROKEN) == [], "the other may have got it"
    fails(tx, "fang")
    (passed,) = passed_up(tx, BROKEN)
    assert passed.to == ("director",)
    notice = escalation_notice_id(passed.deadline_id, passed.level, passed.revision)
    fails(tx, "director", notice_id=passed_up_notice_id(notice, 3))
    (to_the_top,) = passed_up(tx, BROKEN)
    assert to_the_top.to == ("watchman",)


def test_what_one_acknowledged_stays_though_others_are_out_of_reach(tx: Transaction) -> None:
    assert store.acknowledgements.acknowledge(tx, "BC", "fang", escalation(tx).id)
    fails(tx, "tax-head", "fang", "tax-head")
    assert passed_up(tx, MUCH_LATER) == []


def test_a_notice_of_something_else_passes_nothing_up(tx: Transaction) -> None:
    fails(tx, "tax-head", "fang", notice_id=uuid4())
    assert passed_up(tx, IN_TIME) == []


def test_a_center_without_a_limit_waits_for_ever() -> None:
    assert due(a_city_center(), BROKEN) is None
    assert due(a_city_center(escalation_acknowledgement=HOURS), BROKEN) == LATE


def test_a_process_passes_up_by_itself_and_the_timeline_says_so(desk: Desk) -> None:
    with desk.house.database.transaction() as tx:
        publish(tx, a_city_center(code="PAGED", escalation_acknowledgement=HOURS))
    ticket_id = desk.registered(center="PAGED")
    desk.reaches(ticket_id, 2, center="PAGED")
    desk.tap.wait_for(TicketEscalated, ticket_id)
    desk.house.step(LATE)
    (passed,) = desk.tap.wait_for(EscalationPassedUp, ticket_id)
    assert passed.to == ("director",)
    who = bearer("director", Role.DIRECTOR, center="PAGED")
    seen = desk.ticket(ticket_id, who)
    assert seen["escalations"][0]["to"] == ["tax-head", "fang", "director"]
    assert [each["text"] for each in seen["timeline"] if each["what"] == "escalation.passed_up"] == ["director"]
    desk.does(who, f"/escalations/{seen['escalations'][0]['id']}/acknowledge")
