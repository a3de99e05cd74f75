"""What is learnt of a ticket and when, what a text weighs, and which departments are suggested by it."""

import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from schemas.enums import ApplicantKind, Channel, Complexity, Outcome, Rating
from schemas.events.event import Event
from schemas.events.tickets import (
    TicketAnswered,
    TicketClosed,
    TicketRated,
    TicketRegistered,
    TicketReopened,
    TicketRouted,
    TicketWithdrawn,
)
from services.knowledge.rules.suggesting import is_clear, rank
from services.knowledge.rules.ticket import KnownTicket, after
from services.knowledge.rules.weighing import HEAVIEST, heaviest, term_of, terms_between, times_in, weights

ID = UUID("00000000-0000-7000-8000-000000000001")
NOW = datetime.fromisoformat("2025-01-24T10:00+08:00")


def at(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def the_course_of_a_ticket(*, outcome: Outcome = Outcome.RESOLVED) -> list[Event]:
    base: dict[str, Any] = {"center": "BC", "ticket_id": ID}
    return [
        TicketRegistered(
            **base,
            number="BC-1",
            title="发票开不出来",
            text="跑了三次",
            channel=Channel.WINDOW,
            applicant_kind=ApplicantKind.PERSON,
            first_responsible="liu",
            registered_by="liu",
            registered_at=at(0),
        ),
        TicketRouted(**base, round=1, complexity=Complexity.ORDINARY, lead="ZJJ", why="x", routed_at=at(1)),
        TicketRouted(**base, round=1, complexity=Complexity.ORDINARY, lead="SWJ", why="x", routed_at=at(2)),
        TicketAnswered(**base, round=1, department="SWJ", answer="可以了", answered_by="a", answered_at=at(3)),
        TicketClosed(**base, round=1, outcome=outcome, closed_by="liu", closed_at=at(4)),
    ]


def known(*events: Event) -> KnownTicket:
    ticket = KnownTicket(ID, "BC")
    for event in events:
        ticket = after(ticket, event)
    return ticket


def test_whatever_the_order_of_its_events_the_same_is_learnt() -> None:
    for order in itertools.permutations(the_course_of_a_ticket()):
        case = known(*order).case
        assert case is not None
        assert (case.department, case.answer) == ("SWJ", "可以了")


def test_a_ticket_is_learnt_when_it_is_closed_and_not_before() -> None:
    *before, _closed = the_course_of_a_ticket()
    assert known(*before).case is None
    assert known(*the_course_of_a_ticket(outcome=Outcome.EXPLAINED)).case is not None
    assert known(*the_course_of_a_ticket(outcome=Outcome.PHASED)).case is None, "it is not solved yet"


@pytest.mark.parametrize(
    "last",
    [
        TicketReopened(center="BC", ticket_id=ID, round=2, reopened_at=at(5)),
        TicketWithdrawn(center="BC", ticket_id=ID, withdrawn_at=at(5)),
        TicketRated(center="BC", ticket_id=ID, round=1, rating=Rating.DISSATISFIED, rated_at=at(5)),
    ],
    ids=["reopened", "withdrawn", "rated badly"],
)
def test_what_turns_out_not_to_be_solved_is_not_learnt(last: Event) -> None:
    course = the_course_of_a_ticket()
    assert known(*course, last).case is None
    assert known(last, *course).case is None, "whichever comes first"


def test_the_title_counts_three_times_and_of_an_answer_the_beginning() -> None:
    times = times_in("发票", "发票，开票", "可以" + "，" * 300 + "遗失")
    assert times["发票"] == 3 + 1
    assert times["开票"] == 1
    assert times["可以"] == 1
    assert "遗失" not in times
    assert "票开" not in times, "a comma divides"


def test_a_pair_that_stands_in_every_case_gives_way_to_a_rare_one() -> None:
    pairs = [f"{chr(0x4E00 + n)}{chr(0x5E00 + n)}" for n in range(HEAVIEST + 1)]
    weighed = dict.fromkeys(pairs, 1.0)
    rarities = dict.fromkeys(pairs, 5.0) | {pairs[0]: 0.01}
    assert set(heaviest(weighed, rarities, HEAVIEST)) == set(pairs[1:])


def test_once_more_counts_less_and_less_and_less_in_a_long_text() -> None:
    once, twice, often = (weights(times_in("", "，".join(["发票"] * n)))["发票"] for n in (1, 2, 20))
    assert once < twice < often < 3
    assert twice - once < once
    assert weights(times_in("", "发票"), 4.0)["发票"] < once


def test_the_terms_of_two_centers_do_not_meet() -> None:
    first, last = terms_between(1)
    assert first <= term_of(1, "发票") < last <= term_of(2, "\x00\x00")
    assert term_of(1, "\U0010ffff\U0010ffff") < last
    assert term_of((1 << 21) - 1, "\U0010ffff\U0010ffff") < 1 << 63


def test_without_anything_learnt_the_rules_decide_alone() -> None:
    assert [each.department for each in rank({}, 0, ["SWJ", "GAJ"], {"GAJ", "SWJ", "ZJJ"})] == ["SWJ", "GAJ"]
    few = rank({"ZJJ": 0.4, "GAJ": 0.1}, 1, ["SWJ"], {"GAJ", "SWJ", "ZJJ"})
    assert few[0].department == "SWJ", "one case is no experience"


def test_what_was_learnt_of_many_cases_outweighs_a_rule() -> None:
    ranked = rank({"ZJJ": 0.4, "SWJ": 0.2}, 1000, ["SWJ"], {"SWJ", "ZJJ"})
    assert [each.department for each in ranked] == ["ZJJ", "SWJ"]
    assert sum(each.likelihood for each in ranked) == pytest.approx(1, abs=0.05)
    assert rank({"ZJJ": 0.4}, 1, [], {"ZJJ"})[0].likelihood < 0.05, "one case is not worth saying"


def test_who_returned_it_or_is_no_department_any_more_is_left_out() -> None:
    ranked = rank({"ZJJ": 0.4, "SWJ": 0.2, "OLD": 0.9}, 1000, ["GAJ"], {"SWJ", "ZJJ", "GAJ"}, without={"ZJJ", "GAJ"})
    assert [each.department for each in ranked] == ["SWJ"]


def test_nothing_is_said_where_the_first_is_hardly_ahead() -> None:
    ranked = rank({"ZJJ": 0.4, "SWJ": 0.4}, 1000, [], {"SWJ", "ZJJ"})
    assert not is_clear(ranked, 0.05)
    assert is_clear(ranked, 0)
    assert not is_clear([], 0)
