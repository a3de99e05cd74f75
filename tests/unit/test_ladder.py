import dataclasses
from typing import Any

import pytest

from schemas.enums import DeadlineKind, DeadlineState, Light, Post, TicketState
from services.routing.rules.ladder import Recipients, is_outdated, light_of, recipients
from tests.builders import a_step
from tests.routing_builders import a_city_center, a_deadline, a_mark, at, some_facts


def who(level: int = 2, *, leader: str | None = "gu", facts: Any = None, **mark: Any) -> Recipients:
    return recipients(a_city_center(), a_mark(level, **mark), facts or some_facts(), leader)


def test_a_feed_that_registered_a_ticket_is_nobody_who_can_be_told() -> None:
    feed = some_facts(first_responsible="hotline")
    assert who(1, facts=feed) == Recipients(("tax-clerk",), (Post.FIRST_RESPONSIBLE,))
    nobody = some_facts(first_responsible="hotline", departments=())
    assert who(1, facts=nobody, department=None).to == ("gu",), "the next rung up is told"


def test_a_day_before_the_liaison_and_the_first_responsible_clerk_are_told() -> None:
    assert who(1) == Recipients(("tax-clerk", "he-jing"), ())


def test_of_a_breach_the_department_head_and_the_duty_leader_are_told() -> None:
    assert who(2) == Recipients(("tax-head", "gu"), ())


def test_a_day_late_the_director_is_told() -> None:
    assert who(3) == Recipients(("director",), ())


def test_five_days_late_the_supervision_office_is_told() -> None:
    assert who(4) == Recipients(("watchman",), ())


def test_a_post_that_nobody_holds_is_skipped_and_named() -> None:
    assert who(2, department="ZJJ") == Recipients(("gu",), (Post.DEPARTMENT_HEAD,))


def test_a_rung_that_nobody_holds_falls_to_the_next_one_up() -> None:
    assert who(2, department="ZJJ", leader=None) == Recipients(("director",), (Post.DEPARTMENT_HEAD, Post.DUTY_LEADER))


def test_above_the_last_rung_stands_the_director() -> None:
    center = a_city_center(ladder={DeadlineKind.ANSWER: (a_step(tell=["department_head"]),)})
    assert recipients(center, a_mark(department="ZJJ"), some_facts(), "gu") == Recipients(
        ("director",), (Post.DEPARTMENT_HEAD,)
    )


def test_without_a_department_all_that_have_the_ticket_are_told() -> None:
    facts = some_facts(departments=("SWJ", "GAJ"))
    assert who(1, department=None, facts=facts).to == ("tax-clerk", "police-clerk", "police-deputy", "he-jing")
    assert who(2, department=None, facts=facts).to == ("tax-head", "police-head", "gu")


def test_a_person_with_two_posts_is_told_once() -> None:
    center = a_city_center()
    tax = dataclasses.replace(center.departments["SWJ"], head="gu")
    center = dataclasses.replace(center, departments=center.departments | {"SWJ": tax})
    assert recipients(center, a_mark(), some_facts(), "gu").to == ("gu",)


def test_a_department_that_was_abolished_meanwhile_holds_no_post() -> None:
    assert who(2, department="GONE") == Recipients(("gu",), (Post.DEPARTMENT_HEAD,))


def test_a_rung_is_found_by_its_mark_when_the_ladder_was_changed_meanwhile() -> None:
    steps = a_city_center().ladder[DeadlineKind.ANSWER]
    shorter = a_city_center(ladder={DeadlineKind.ANSWER: steps[2:]})
    assert recipients(shorter, a_mark(4), some_facts(), "gu").to == ("watchman",)
    assert recipients(shorter, a_mark(2), some_facts(), "gu").to == (
        "watchman",
    )  # that rung is gone: the second of the rest
    assert recipients(a_city_center(ladder={}), a_mark(2), some_facts(), "gu").to == ("director",)


def test_the_light_of_a_level_is_in_the_center_file_or_that_of_its_mark() -> None:
    steps = (a_step(mark="breached", light="yellow"),)
    assert light_of(a_city_center(ladder={DeadlineKind.ANSWER: steps}), a_mark(2)) is Light.YELLOW
    lights = [light_of(a_city_center(ladder={}), a_mark(level)) for level in (1, 2, 3)]
    assert lights == [Light.YELLOW, Light.RED, Light.RED]


def outdated(*, deadline: Any = None, facts: Any = None, **mark: Any) -> bool:
    return is_outdated(a_mark(**mark), deadline or a_deadline(), facts or some_facts())


def test_a_breach_is_news() -> None:
    assert not outdated()


def test_a_mark_of_an_earlier_due_time_is_none() -> None:
    assert outdated(deadline=a_deadline(revision=2, due_at=at("2025-02-06T17:00")))


def test_a_breach_of_an_earlier_revision_with_the_same_due_time_is_news() -> None:
    assert not outdated(deadline=a_deadline(revision=2, state=DeadlineState.RUNNING))
    assert outdated(deadline=a_deadline(revision=2, state=DeadlineState.RUNNING), level=1), "another warning follows"


@pytest.mark.parametrize("state", [DeadlineState.MET, DeadlineState.CANCELLED])
def test_a_mark_on_a_deadline_that_has_ended_is_none(state: DeadlineState) -> None:
    assert outdated(deadline=a_deadline(state=state))


def test_a_waiting_deadline_warns_nobody_and_a_breach_holds_until_void() -> None:
    paused = a_deadline(state=DeadlineState.PAUSED)
    assert outdated(deadline=paused, level=1)
    assert not outdated(deadline=paused), "the pause may have ended before its working time began"


@pytest.mark.parametrize(("ended", "is_none"), [("16:59", True), ("17:00", True), ("17:01", False)])
def test_a_mark_after_the_end_of_the_ticket_is_none_and_one_before_it_is(ended: str, is_none: bool) -> None:
    facts = some_facts(state=TicketState.WITHDRAWN, ended_at=at(f"2025-01-27T{ended}"))
    assert outdated(facts=facts) == is_none


def test_a_breach_answered_late_escalates_though_closed_or_reopened_since() -> None:
    late = at("2025-01-28T10:00")
    assert not outdated(facts=some_facts(state=TicketState.CLOSED, answered_at=late))
    assert not outdated(facts=some_facts(round=2))


def test_a_warning_is_no_news_once_the_thing_is_done_or_in_another_round() -> None:
    answered = some_facts(state=TicketState.ANSWERED, answered_at=at("2025-01-27T18:00"))
    for facts in (answered, some_facts(round=2)):
        assert is_outdated(a_mark(1), a_deadline(state=DeadlineState.RUNNING), facts)


def test_what_was_decided_here_counts_before_its_deadline_knows_it() -> None:
    before, after = at("2025-01-27T16:00"), at("2025-01-27T17:30")
    for decided in ("extended_at", "complex_since", "awaiting_since"):
        assert outdated(facts=some_facts(**{decided: before})), decided
        assert not outdated(facts=some_facts(**{decided: after})), decided


@pytest.mark.parametrize("decided", ["extended_at", "awaiting_since", "complex_since"])
def test_what_comes_after_the_due_time_mends_no_broken_promise(decided: str) -> None:
    overdue = a_mark(3, mark_at=at("2025-01-28T17:00"))
    assert not is_outdated(overdue, a_deadline(), some_facts(**{decided: at("2025-01-27T18:00")}))


@pytest.mark.parametrize("decided", ["extended_at", "awaiting_since"])
def test_what_the_due_time_knows_does_not_hide_its_next_breach(decided: str) -> None:
    known = at("2025-01-24T11:00")
    assert not outdated(facts=some_facts(**{decided: known}), revised_at=known)


def test_a_mark_of_a_round_that_is_still_to_be_heard_of_is_news() -> None:
    assert not outdated(facts=some_facts(state=TicketState.CLOSED), round=2)


@pytest.mark.parametrize(("answered", "is_none"), [("16:59", True), ("17:00", True), ("17:01", False)])
def test_what_was_answered_by_then_is_no_news(answered: str, is_none: bool) -> None:
    facts = some_facts(state=TicketState.ANSWERED, answered_at=at(f"2025-01-27T{answered}"))
    assert outdated(facts=facts) == is_none


def test_a_report_in_time_keeps_its_promise_before_the_answer() -> None:
    facts = some_facts(reported_at=at("2025-01-27T16:00"))
    assert outdated(facts=facts, kind=DeadlineKind.REPORT)
    assert not outdated(facts=facts, kind=DeadlineKind.ANSWER)


def test_only_the_department_that_signed_in_time_has_done_so() -> None:
    facts = some_facts(signed={"SWJ": at("2025-01-27T16:00")})
    assert outdated(facts=facts, kind=DeadlineKind.ACKNOWLEDGE, department="SWJ")
    assert not outdated(facts=facts, kind=DeadlineKind.ACKNOWLEDGE, department="ZJJ")


def test_a_department_whose_assignment_was_replaced_need_not_sign() -> None:
    for kept, replaced in ((True, "2025-01-27T16:00"), (False, "2025-01-27T17:01")):
        facts = some_facts(departments=(), signed={"SWJ": at(replaced)})
        assert outdated(facts=facts, kind=DeadlineKind.ACKNOWLEDGE, department="SWJ", confirmed=False) == kept


def test_an_arbitration_decided_in_time_escalates_only_for_another_one() -> None:
    facts = some_facts(decided_at=at("2025-01-27T16:00"))
    assert outdated(facts=facts, kind=DeadlineKind.ARBITRATE, department=None)
    again = facts._replace(state=TicketState.IN_ARBITRATION)
    assert not outdated(facts=again, kind=DeadlineKind.ARBITRATE, department=None)
