"""What ends, begins or redirects the deadlines of a ticket; what departments and leaders owe; what comes too early."""

import pytest

from schemas.enums import Complexity, DeadlineKind, DeadlineState
from schemas.events.event import Event
from tests import deadline_builders as given
from tests.deadline_builders import at
from tests.deadline_story import REPORT, Story


def test_a_withdrawn_ticket_owes_nothing_and_gets_no_new_deadlines() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.assignment_made("2025-01-24 10:01"),
        given.withdrawn("2025-01-24 11:00"),
        given.assignment_made("2025-01-24 11:01", assignment_id=given.named("other")),
        given.assignment_accepted("2025-01-24 11:02", assignment_id=given.named("other")),
        given.reopened("2025-01-25 11:00"),
        given.answered("2025-01-25 11:00", round=2),
    )
    assert story.names == ["set", "set", "cancelled", "cancelled"]
    assert story.now("2025-03-01 09:00").names[-1] == "cancelled"


def test_withdrawing_ends_a_broken_promise_without_mending_it() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.withdrawn("2025-02-05 10:00")).now("2025-03-01 09:00")
    assert story.names == ["set", "approaching 1", "breached 2"]
    assert (story.deadline().state, story.deadline().ended_at) == (DeadlineState.BREACHED, at("2025-02-05 10:00"))


def test_what_was_withdrawn_in_time_was_never_broken_however_late_heard() -> None:
    story = (
        Story(given.registered("2025-01-24 10:00")).now("2025-02-05 10:00").record(given.withdrawn("2025-01-27 16:59"))
    )
    assert story.names == ["set", "approaching 1", "breached 2", "cancelled", "voided 2"]
    assert (story.deadline().state, story.deadline().light) == (DeadlineState.CANCELLED, None)


def test_a_declined_ticket_owes_nothing() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.declined("2025-01-24 11:00"))
    assert story.names == ["set", "cancelled"]


def test_a_bad_rating_starts_a_new_round_with_the_last_kind_of_promise() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.routed("2025-01-24 10:01", complexity=Complexity.COMPLEX),
        given.report_filed("2025-01-26 10:00"),
        given.answered("2025-01-26 10:00"),
        *[given.reopened("2025-02-05 10:00")] * 2,
    )
    assert story.deadline(REPORT, round=2).due_at == at("2025-02-11 17:00")
    assert (story.deadline(REPORT, round=2).department, story.names.count("set")) == ("SWJ", 3)


def test_a_round_that_is_heard_of_before_the_one_between_starts_with_it() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.reopened("2025-02-06 10:00", round=3), fires_late=True)
    assert story.names == ["set"]
    story.record(given.reopened("2025-02-05 10:00", round=2))
    assert story.names == ["set", "set", "set"]


def test_a_department_that_signs_or_returns_in_time_has_met_its_duty() -> None:
    for done in (given.assignment_accepted("2025-01-26 16:00"), given.assignment_returned("2025-01-26 16:00")):
        story = Story(given.registered("2025-01-24 10:00"), given.assignment_made("2025-01-24 10:01"), done)
        assert story.deadline(DeadlineKind.ACKNOWLEDGE).state is DeadlineState.MET


def test_a_replaced_assignment_need_not_be_signed_for() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.assignment_made("2025-01-24 10:01"),
        given.assignment_replaced("2025-01-24 11:00"),
        given.assignment_accepted("2025-01-24 11:01"),
    )
    assert story.deadline(DeadlineKind.ACKNOWLEDGE).state is DeadlineState.CANCELLED


def test_the_duty_leader_has_four_working_hours_to_decide() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.arbitration_requested("2025-01-24 16:00"))
    assert story.deadline(DeadlineKind.ARBITRATE).due_at == at("2025-01-26 12:00")
    story.record(given.arbitration_decided("2025-01-26 11:00"))
    assert story.deadline(DeadlineKind.ARBITRATE).state is DeadlineState.MET


EFFECTS = [
    (given.reopened("2025-01-24 10:05"), given.routed("2025-01-24 10:06", round=2)),
    (given.reopened("2025-01-24 10:05"), given.reclassified("2025-01-24 10:06", round=2)),
    (given.reopened("2025-01-24 10:05"), given.answered("2025-01-24 10:06", round=2)),
    (given.reclassified("2025-01-24 10:05"), given.report_filed("2025-01-24 10:06")),
    (given.reopened("2025-01-24 10:05"), given.extension_granted("2025-01-24 10:06", round=2)),
    (given.materials_requested("2025-01-24 10:05"), given.materials_supplied("2025-01-24 10:06")),
    (given.assignment_made("2025-01-24 10:05"), given.assignment_accepted("2025-01-24 10:06")),
    (given.assignment_made("2025-01-24 10:05"), given.assignment_replaced("2025-01-24 10:06")),
    (given.arbitration_requested("2025-01-24 10:05"), given.arbitration_decided("2025-01-24 10:06")),
]


@pytest.mark.parametrize(("cause", "effect"), EFFECTS, ids=lambda event: event.TYPE)
def test_an_effect_that_overtakes_its_cause_takes_effect_with_it(cause: Event, effect: Event) -> None:
    registered = given.registered("2025-01-24 10:00")
    in_turn, overtaken = Story(registered, cause, effect), Story(effect, cause, registered)
    assert {deadline.id: deadline.state for deadline in overtaken.rows.values()} == {
        deadline.id: deadline.state for deadline in in_turn.rows.values()
    }
    assert sorted(overtaken.names) == sorted(in_turn.names)


def test_an_older_routing_heard_later_does_not_take_the_promise_back() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.routed("2025-01-24 12:00", lead="ZJJ"),
        given.routed("2025-01-24 10:01", lead="SWJ"),
    )
    assert story.deadline().department == "ZJJ"
