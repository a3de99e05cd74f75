"""What intake decides."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.center.center import Calendar, Center, Department, Roster, Staff
from schemas.enums import BAD_RATINGS, Rating, TicketState
from schemas.errors import Conflict, Invalid
from schemas.requests.intake import RegisterTicket
from services.intake.rules.similarity import COMPARED, Earlier, pairs_of, repeat_of, similarity
from services.intake.rules.tickets import (
    QUERY_CODE_ALPHABET,
    RoundState,
    advanced,
    awaiting_materials,
    check_staff,
    checked_registration,
    declined,
    may_be_rated,
    new_query_code,
    number_of,
    rated,
    registered,
    supplied,
    withdrawn,
)

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2025, 1, 24, 9, 0, tzinfo=BEIJING)
OLD, RECENT, LATEST = (UUID(int=number) for number in (1, 2, 3))


def a_center() -> Center:
    return Center(
        code="BC",
        name="Center",
        departments={"ZRZY": Department(name="自然资源局", liaisons=("wang-fang",))},
        staff={"wang-fang": Staff(name="王芳", title="Clerk")},
        director="wang-fang",
        supervision_office="wang-fang",
        calendar=Calendar(business_hours=()),
        limits={},
        ladder={},
        roster=Roster(sittings=(), leaders=(), starts_on=date(2025, 1, 1)),
        rules=(),
    )


def a_registration(applicant: dict[str, Any] | None = None, **fields: Any) -> RegisterTicket:
    person = {"kind": "person", "name": " 张三 ", "phone": "+86 138-1234-8000", "id_number": "11010519491231002x"}
    ticket = {"title": "不动产证办不下来", "text": "跑了三次。", "channel": "window", "applicant": applicant or person}
    return RegisterTicket.load(ticket | fields)


def a_state(state: TicketState, round: int = 1, resume_state: TicketState | None = None) -> RoundState:
    return RoundState(state, round, NOW, resume_state)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_a_number_tells_the_center_the_day_and_which_of_the_day() -> None:
    assert number_of("BC", date(2025, 1, 24), 7) == "BC-20250124-0007"
    assert number_of("BC", date(2025, 1, 24), 70_000) == "BC-20250124-70000"


def test_a_query_code_has_no_letters_that_are_taken_for_digits() -> None:
    code = new_query_code(random.Random(1).choice)
    assert len(code) == 8
    assert set(code) <= set(QUERY_CODE_ALPHABET)
    assert not set("01OIL") & set(QUERY_CODE_ALPHABET)


def test_a_registration_is_kept_in_plain_form_with_who_follows_it() -> None:
    kept = checked_registration(a_registration(), a_center(), actor="wang-fang")
    assert kept.first_responsible == "wang-fang"
    assert (kept.applicant.name, kept.applicant.phone) == ("张三", "13812348000")
    assert kept.applicant.id_number == "11010519491231002X"


@pytest.mark.parametrize(
    ("registration", "field"),
    [
        (a_registration(first_responsible="nobody"), "first_responsible"),
        (a_registration({"kind": "organisation", "name": "李四", "phone": "0591-87654321"}), "applicant.organisation"),
        (
            a_registration(
                {"kind": "person", "name": "李四", "phone": "0591-87654321", "credit_code": "91350100M000100Y43"}
            ),
            "applicant.kind",
        ),
    ],
)
def test_a_registration_that_cannot_stand_names_the_field(registration: RegisterTicket, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked_registration(registration, a_center(), actor="wang-fang")
    assert refusal.value.field == field


def test_who_is_responsible_must_be_of_the_center() -> None:
    check_staff("first_responsible", "wang-fang", a_center())
    with pytest.raises(Invalid) as refusal:
        check_staff("first_responsible", "stranger", a_center())
    assert refusal.value.field == "first_responsible"


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


def alike(one: str, other: str) -> float:
    return similarity(pairs_of(one), pairs_of(other))


def test_the_same_complaint_in_other_punctuation_is_the_same() -> None:
    assert alike("不动产证 跑了三次，办不成！", "不动产证跑了三次办不成") == 1
    assert alike("ＡＢＣ", "abc") == 1


def test_another_complaint_is_another() -> None:
    assert alike("不动产证跑了三次办不成", "公积金提取被退回两回") == 0
    assert alike("", "") == 0
    assert alike("，。", "办") == 0
    assert alike("办", "办") == 1


@given(st.text(max_size=50), st.text(max_size=50))
def test_similarity_is_symmetric_and_within_bounds(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert 0 <= alike(one, other) <= 1


def test_what_is_compared_of_a_text_is_bounded_where_characters_expand() -> None:
    expanding = "".join("\ufdfa" + chr(0x4E00 + place) for place in range(1000))
    assert len(pairs_of(expanding)) < len(pairs_of("".join(chr(0x4E00 + place) for place in range(5000)))) < COMPARED


def test_the_latest_of_equally_similar_tickets_is_the_one_repeated() -> None:
    text = "不动产证跑了三次办不成"
    earlier = [
        Earlier(RECENT, text, NOW - timedelta(days=20)),
        Earlier(LATEST, text + "。", NOW - timedelta(days=2)),
        Earlier(OLD, text, NOW - timedelta(days=31)),
    ]
    assert repeat_of(pairs_of(text), earlier, NOW) == LATEST
    assert repeat_of(pairs_of(text), earlier[2:], NOW) is None
    assert repeat_of(pairs_of("公积金提取被退回两回"), earlier, NOW) is None


def test_a_now_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        repeat_of(pairs_of("text"), [], datetime.combine(date(2025, 1, 24), time(9)))
