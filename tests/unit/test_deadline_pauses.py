"""Waiting for the applicant: what is kept, what goes on, and what ends it."""

from datetime import date, timedelta

from schemas.enums import DeadlineKind, DeadlineState
from tests import deadline_builders as given
from tests.deadline_builders import at
from tests.deadline_story import REPORT, Story


def test_a_pause_over_the_spring_festival_keeps_the_working_time_left() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.materials_requested("2025-01-26 17:00"))
    assert (story.deadline().state, story.deadline().remaining) == (DeadlineState.PAUSED, timedelta(hours=7))
    story.record(given.materials_supplied("2025-02-05 10:00"))
    assert story.deadline().due_at == at("2025-02-06 17:00")
    assert story.names == ["set", "paused", "resumed"]
    assert story.deadline().counted == (date(2025, 1, 26), date(2025, 2, 5), date(2025, 2, 6))


def test_marks_wait_while_the_deadline_waits() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.materials_requested("2025-01-26 10:00"))
    assert story.now("2025-02-08 16:59").names == ["set", "paused"]


def test_resuming_before_working_time_has_passed_gives_the_same_due_time() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.materials_requested("2025-01-26 18:00"),
        given.materials_supplied("2025-01-26 20:00"),
    )
    assert story.deadline().due_at == at("2025-01-27 17:00")
    assert story.now("2025-01-27 09:00").names == ["set", "paused", "resumed", "approaching 1"]


def test_a_pause_ends_by_itself_when_it_has_lasted_as_long_as_it_may() -> None:
    asked = given.materials_requested("2025-01-26 10:00", working_days_left=3)
    story = Story(given.registered("2025-01-24 10:00"), asked)
    assert story.now("2025-02-06 16:59").names == ["set", "paused"]
    assert story.now("2025-02-06 17:00").names == ["set", "paused", "resumed"]
    assert story.deadline().due_at == at("2025-02-08 17:00")
    story.record(given.materials_supplied("2025-02-07 10:00"))
    assert story.names == ["set", "paused", "resumed"]


def test_papers_before_the_cap_end_the_pause_even_if_heard_of_after_it() -> None:
    asked = given.materials_requested("2025-01-26 10:00", working_days_left=3)
    story = Story(given.registered("2025-01-24 10:00"), asked)
    story.now("2025-02-06 17:00").record(given.materials_supplied("2025-02-05 10:00"))
    assert story.deadline().due_at == at("2025-02-06 17:00")
    assert story.names == ["set", "paused", "resumed", "resumed"]


def test_asking_for_materials_does_not_mend_a_broken_promise() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.materials_requested("2025-02-05 10:00"),
        given.materials_supplied("2025-02-06 10:00"),
    )
    assert story.names == ["set", "approaching 1", "breached 2", "overdue 3"]
    assert story.deadline().state is DeadlineState.BREACHED


def test_an_answer_while_the_deadline_waits_is_in_time() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.materials_requested("2025-01-26 10:00"),
        given.answered("2025-02-07 10:00"),
    )
    assert (story.names, story.deadline().state) == (["set", "paused", "met"], DeadlineState.MET)
    assert story.deadline().due_at >= at("2025-02-07 10:00")


def test_waiting_for_the_applicant_does_not_stop_what_departments_owe() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.assignment_made("2025-01-24 10:01"),
        given.materials_requested("2025-01-24 11:00"),
    ).now("2025-01-26 17:01")
    assert story.deadline(DeadlineKind.ACKNOWLEDGE).state is DeadlineState.BREACHED
    assert story.deadline().state is DeadlineState.PAUSED


def test_a_waiting_ticket_that_becomes_complex_goes_on_waiting() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.materials_requested("2025-01-26 17:00"),
        given.reclassified("2025-01-27 10:00"),
        given.materials_supplied("2025-02-05 18:00"),
    )
    assert story.names == ["set", "paused", "cancelled", "set", "paused", "resumed"]
    assert story.deadline(REPORT).due_at == at("2025-02-10 17:00")  # one of five days was spent


def test_a_ticket_that_becomes_complex_keeps_the_time_it_has_waited() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.materials_requested("2025-01-26 17:00"),
        given.materials_supplied("2025-02-05 18:00"),
        given.reclassified("2025-02-06 10:00"),
    )
    assert story.deadline(REPORT).due_at == at("2025-02-10 17:00")


def test_an_extension_is_kept_over_a_pause() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.extension_granted("2025-01-26 10:00"),
        given.materials_requested("2025-01-27 17:00"),
        given.materials_supplied("2025-02-10 18:00"),
    )
    assert story.deadline().due_at == at("2025-02-13 17:00")  # three days were left
