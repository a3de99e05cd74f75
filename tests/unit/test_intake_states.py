"""What may be done with a ticket in which state, and where what is heard of it brings it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.enums import BAD_RATINGS, Rating, TicketState
from schemas.errors import Conflict
from services.intake.rules.tickets import (
    RoundState,
    advanced,
    awaiting_materials,
    declined,
    may_be_rated,
    rated,
    registered,
    supplied,
    withdrawn,
)
from tests.builders import at

NOW = at("2025-01-24 09:00")


def a_state(state: TicketState, round: int = 1, resume_state: TicketState | None = None) -> RoundState:
    return RoundState(state, round, NOW, resume_state)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def attempts() -> dict[str, Callable[[RoundState], RoundState]]:
    return {
        "decline": lambda state: declined(state, NOW),
        "withdraw": lambda state: withdrawn(state, NOW),
        "request": awaiting_materials,
        "supply": supplied,
        "rate": lambda state: rated(state, Rating.SATISFIED, (), NOW),
    }


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (TicketState.REGISTERED, {"decline", "withdraw", "request"}),
        (TicketState.IN_ARBITRATION, {"decline", "withdraw", "request"}),
        (TicketState.ASSIGNED, {"decline", "withdraw", "request"}),
        (TicketState.AWAITING_MATERIALS, {"decline", "withdraw", "supply"}),
        (TicketState.ANSWERED, {"rate"}),
        (TicketState.CLOSED, {"rate"}),
        (TicketState.DECLINED, set()),
        (TicketState.WITHDRAWN, set()),
    ],
)
def test_what_may_be_done_in_a_state_and_nothing_else(state: TicketState, allowed: set[str]) -> None:
    done, refusals = set(), []
    for name, attempt in attempts().items():
        try:
            attempt(a_state(state))
            done.add(name)
        except Conflict as refusal:
            refusals.append(refusal.detail)
    assert done == allowed
    assert all(f"is {state.value.replace('_', ' ')}:" in detail for detail in refusals)


def test_a_reopened_ticket_cannot_be_declined() -> None:
    with pytest.raises(Conflict):
        declined(a_state(TicketState.ASSIGNED, round=2), NOW)


@pytest.mark.parametrize("rating", sorted(BAD_RATINGS))
def test_a_bad_rating_opens_a_new_round(rating: Rating) -> None:
    assert rated(a_state(TicketState.CLOSED), rating, (), later(5)) == registered(later(5), round=2)


def test_a_good_rating_leaves_the_ticket_where_it_is() -> None:
    answered = a_state(TicketState.ANSWERED)
    assert rated(answered, Rating.BASICALLY_SATISFIED, (), later(5)) == answered


def test_a_round_is_rated_once() -> None:
    second = a_state(TicketState.ANSWERED, round=2)
    assert may_be_rated(second, {1})
    assert not may_be_rated(second, {1, 2})
    with pytest.raises(Conflict):
        rated(second, Rating.SATISFIED, {1, 2}, NOW)


def test_a_ticket_that_waited_goes_on_from_where_it_got_to_meanwhile() -> None:
    waiting = awaiting_materials(registered(NOW))
    waiting = advanced(waiting, TicketState.ASSIGNED, 1, later(1))
    assert waiting.state is TicketState.AWAITING_MATERIALS
    assert supplied(waiting) == RoundState(TicketState.ASSIGNED, 1, later(1))


def test_an_answer_ends_the_waiting() -> None:
    assert (
        advanced(awaiting_materials(registered(NOW)), TicketState.ANSWERED, 1, later(1)).state is TicketState.ANSWERED
    )


def test_news_of_an_earlier_round_changes_nothing() -> None:
    second = registered(NOW, round=2)
    assert advanced(second, TicketState.CLOSED, 1, later(1)) == second


@pytest.mark.parametrize("state", [TicketState.DECLINED, TicketState.WITHDRAWN])
def test_a_ticket_that_is_over_stays_over(state: TicketState) -> None:
    assert advanced(a_state(state), TicketState.ANSWERED, 1, later(1)).state is state


@given(st.permutations(range(6)), st.sampled_from(range(6)))
def test_news_in_any_order_and_twice_gives_the_same_standing(order: list[int], again: int) -> None:
    news = [
        (TicketState.ASSIGNED, later(1)),
        (TicketState.IN_ARBITRATION, later(2)),
        (TicketState.ASSIGNED, later(3)),
        (TicketState.IN_ARBITRATION, later(4)),
        (TicketState.ASSIGNED, later(5)),
        (TicketState.ANSWERED, later(6)),
    ]
    for known, expected in ((news, TicketState.ANSWERED), (news[:4], TicketState.IN_ARBITRATION)):
        state = registered(NOW)
        for place in [*order, again]:
            if place < len(known):
                state = advanced(state, known[place][0], 1, known[place][1])
        assert state.state is expected
