"""Promises and their deadlines as routing hears of them, and who is told when one is about to be broken."""

from datetime import datetime
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from schemas.channels import NoticeChannel
from schemas.enums import DeadlineState, Light
from schemas.events.deadlines import DeadlineMet, DeadlineMoved, DeadlinePaused, DeadlineResumed
from schemas.events.notices import NoticeFailed, NoticeRequested
from schemas.events.tickets import EscalationVoided, TicketEscalated
from services.plumbing.database.transaction import new_id
from services.routing import store
from services.routing.rules.deadlines import DeadlineEvent
from tests.integration.routing.desk import DUE, RECEIVED, Desk, a_deadline_set, a_void, about_deadline
from tests.routing_builders import a_mark, at
from tests.stack.eventually import eventually


@pytest.mark.parametrize(
    ("level", "told"),
    [(1, ("tax-clerk", "he-jing")), (2, ("tax-head", "fang")), (3, ("director",)), (4, ("watchman",))],
)
def test_each_rung_of_the_ladder_tells_the_right_people(desk: Desk, level: int, told: tuple[str, ...]) -> None:
    ticket_id = desk.registered()
    mark = desk.reaches(ticket_id, level)
    (escalated,) = desk.tap.wait_for(TicketEscalated, ticket_id)
    assert (escalated.to, escalated.level, escalated.deadline_id) == (told, level, mark.deadline_id)
    assert (escalated.due_at, escalated.template) == (mark.due_at, mark.TYPE.removesuffix(".v1"))
    assert escalated.light == (Light.YELLOW if level == 1 else Light.RED)
    (notice,) = desk.tap.of(NoticeRequested, ticket_id)
    assert notice.template == "assignment.made", "an escalation asks for no notice besides"


def test_a_post_nobody_holds_is_named_and_an_empty_rung_falls_to_the_next(desk: Desk) -> None:
    ticket_id = desk.registered()
    desk.reaches(ticket_id, 2, department="ZJJ")
    (escalated,) = desk.tap.wait_for(TicketEscalated, ticket_id)
    assert (escalated.to, escalated.skipped) == (("fang",), ("department_head",))
    other = desk.registered(center="CALM")
    desk.reaches(other, 2, center="CALM", department="ZJJ")
    (escalated,) = desk.tap.wait_for(TicketEscalated, other)
    assert (escalated.to, escalated.skipped) == (("director",), ("department_head",))
    assert desk.house.rows("SELECT skipped FROM escalations WHERE ticket_id = %(id)s", id=str(other))[0].skipped == [
        "department_head"
    ]


def test_a_mark_takes_effect_once_and_a_stale_one_not_at_all(desk: Desk) -> None:
    ticket_id = desk.registered()
    deadline_id = desk.deadline_set(ticket_id)
    mark = desk.reaches(ticket_id, 1, deadline_id=deadline_id, mark_at=at("2025-01-27T09:00"))
    desk.house.announce(mark, source="deadline_watch")
    moved = DeadlineMoved(
        **about_deadline(ticket_id, deadline_id),
        due_at=at("2025-02-06T17:00"),
        revision=2,
        sequence=3,
        state=DeadlineState.RUNNING,
        provisional=False,
        why="extension",
    )
    desk.hears(moved, source="deadline_watch", until=lambda: desk.deadline(deadline_id).revision == 2)
    desk.reaches(ticket_id, 2, deadline_id=deadline_id)
    desk.reaches(
        ticket_id, 2, deadline_id=deadline_id, revision=2, sequence=4, mark_at=moved.due_at, due_at=moved.due_at
    )
    escalated = desk.tap.wait_for(TicketEscalated, ticket_id, times=2)
    assert [(each.level, each.revision) for each in escalated] == [(1, 1), (2, 2)]
    assert datetime.fromisoformat(desk.ticket(ticket_id)["due_at"]) == moved.due_at


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_deadline_that_was_met_warns_nobody_in_any_order_of_events(desk: Desk, order: tuple[int, int]) -> None:
    ticket_id, other = desk.registered(), desk.registered()
    deadline_id = desk.deadline_set(ticket_id)
    paused = DeadlinePaused(
        **about_deadline(ticket_id, deadline_id),
        revision=1,
        sequence=2,
        paused_at=at("2025-01-24T12:00"),
        remaining_seconds=1,
    )
    met = DeadlineMet(
        **about_deadline(ticket_id, deadline_id), revision=1, sequence=3, due_at=DUE, met_at=at("2025-01-27T16:59")
    )
    desk.house.announce(*((paused, met)[each] for each in order), source="deadline_watch")
    desk.reaches(ticket_id, 2, deadline_id=deadline_id)
    desk.reaches(other, 2)
    desk.tap.wait_for(TicketEscalated, other)
    assert desk.tap.of(TicketEscalated, ticket_id) == []
    assert desk.deadline(deadline_id).state == "met"


def test_who_was_told_of_a_mark_that_is_void_is_told_so_once(desk: Desk) -> None:
    ticket_id = desk.registered()
    mark = desk.reaches(ticket_id, 2)
    (escalated,) = desk.tap.wait_for(TicketEscalated, ticket_id)
    void = a_void(mark)
    desk.house.announce(void, void, source="deadline_watch")
    (voided,) = desk.tap.wait_for(EscalationVoided, ticket_id)
    assert (voided.to, voided.level, voided.revision) == (escalated.to, 2, 1)
    shown = desk.ticket(ticket_id)
    assert [bool(each["voided_at"]) for each in shown["escalations"]] == [True]
    assert [each["what"] for each in shown["timeline"]][-2:] == ["ticket.escalated", "escalation.voided"]
    assert desk.deadline(mark.deadline_id).state == "met"


def test_a_mark_that_is_heard_of_after_it_is_void_tells_nobody(desk: Desk) -> None:
    ticket_id, other = desk.registered(), desk.registered()
    mark = a_mark(2, ticket_id=ticket_id)
    desk.house.announce(a_void(mark), source="deadline_watch")
    assert eventually(lambda: desk.deadline(mark.deadline_id) is not None)
    desk.house.announce(mark, source="deadline_watch")
    desk.reaches(other, 2)
    desk.tap.wait_for(TicketEscalated, other)
    assert (desk.tap.of(TicketEscalated, ticket_id), desk.ticket(ticket_id)["escalations"]) == ([], [])


def test_a_breach_answered_late_while_the_watch_was_away_escalates(desk: Desk) -> None:
    ticket_id = desk.answered()
    desk.reaches(ticket_id, 2, mark_at=at("2025-01-20T17:00"), due_at=at("2025-01-20T17:00"))
    (escalated,) = desk.tap.wait_for(TicketEscalated, ticket_id)
    assert escalated.level == 2


def test_a_breach_of_what_was_answered_in_time_tells_nobody(desk: Desk) -> None:
    ticket_id, other = desk.answered(), desk.registered()
    desk.reaches(ticket_id, 2)
    desk.reaches(other, 2)
    desk.tap.wait_for(TicketEscalated, other)
    assert desk.tap.of(TicketEscalated, ticket_id) == []


def test_deadlines_are_the_same_in_whatever_order_their_news_comes(desk: Desk) -> None:
    deadline_id = new_id()
    of_deadline = about_deadline(new_id(), deadline_id)
    later, latest = at("2025-02-06T17:00"), at("2025-02-07T17:00")
    news: tuple[DeadlineEvent, ...] = (
        a_deadline_set(of_deadline["ticket_id"], deadline_id=deadline_id),
        DeadlineMoved(
            **of_deadline,
            due_at=later,
            revision=2,
            sequence=2,
            state=DeadlineState.RUNNING,
            provisional=False,
            why="extension",
        ),
        DeadlinePaused(**of_deadline, revision=2, sequence=3, paused_at=at("2025-01-26T10:00"), remaining_seconds=9),
        DeadlineResumed(
            **of_deadline,
            revision=3,
            sequence=4,
            resumed_at=at("2025-02-05T10:00"),
            due_at=latest,
            provisional=False,
            why="supplied",
        ),
    )
    met = DeadlineMet(**of_deadline, revision=3, sequence=5, due_at=latest, met_at=at("2025-02-05T11:00"))
    for expected, events in (("running", news), ("met", (*news, met))):
        for order in permutations(events):
            with desk.house.database.transaction() as tx:
                tx.execute("DELETE FROM deadlines WHERE deadline_id = %(id)s", id=deadline_id)
                store.deadlines.merge(tx, order)
                (row,) = tx.rows("SELECT * FROM deadlines WHERE deadline_id = %(id)s", id=deadline_id)
            assert (row.state, row.due_at, row.revision, row.department) == (expected, latest, 3, "SWJ"), order


def test_the_timeline_says_whom_no_channel_reached(desk: Desk) -> None:
    ticket_id = desk.registered()
    failed = NoticeFailed(
        center="BC",
        ticket_id=ticket_id,
        notice_id=uuid4(),
        recipient="luo-min",
        template="assignment.made",
        tried=(NoticeChannel.EMAIL,),
        failed_at=RECEIVED,
    )

    def lines() -> list[dict[str, Any]]:
        return [each for each in desk.ticket(ticket_id)["timeline"] if each["what"] == "notice.failed"]

    desk.hears(failed, source="notify", until=lines)
    assert [each["text"] for each in lines()] == ["luo-min"]
