"""What becomes of a promise in time and late, and which marks are announced."""

from datetime import date

from schemas.center.center import Limit
from schemas.enums import DeadlineState, Light
from tests import deadline_builders as given
from tests.builders import a_center
from tests.deadline_builders import a_policy, at
from tests.deadline_story import ANSWER, Story


def test_an_answer_is_due_at_close_of_business_of_the_second_working_day() -> None:
    deadline = Story(given.registered("2025-01-24 10:00")).deadline()
    assert deadline.due_at == at("2025-01-27 17:00")
    assert deadline.counted == (date(2025, 1, 26), date(2025, 1, 27))
    assert (deadline.state, deadline.light, deadline.revision) == (DeadlineState.RUNNING, Light.GREEN, 1)


def test_the_marks_of_a_promise_are_reached_in_order_each_at_its_level() -> None:
    story = Story(given.registered("2025-01-24 10:00"))
    assert story.now("2025-01-27 08:59").names == ["set"]
    assert story.now("2025-01-27 09:00").names == ["set", "approaching 1"]
    assert story.deadline().light is Light.YELLOW
    story.now("2025-01-27 17:01")
    assert (story.deadline().state, story.deadline().light) == (DeadlineState.BREACHED, Light.RED)
    story.now("2025-02-05 17:00").now("2025-02-10 17:00").now("2025-03-01 09:00")
    assert story.names == ["set", "approaching 1", "breached 2", "overdue 3", "overdue 4"]


def test_nobody_is_warned_at_the_moment_at_which_a_deadline_is_set() -> None:
    """A limit of one working day has one working day left from the start: the light says so, nobody is told."""
    policy = a_policy(a_center(limits={**a_center().limits, ANSWER: Limit(working_days=1)}))
    story = Story(given.registered("2025-01-24 18:00"), policy=policy).now("2025-01-25 12:00")
    assert (story.names, story.deadline().light) == (["set"], Light.GREEN)
    story = Story(given.registered("2025-01-26 09:00"), policy=policy)
    assert story.now("2025-01-27 16:00").names == ["set", "approaching 1"]


def test_an_answer_in_time_meets_the_promise() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.answered("2025-01-26 11:00"))
    assert story.names == ["set", "met"]
    assert (story.deadline().state, story.deadline().light) == (DeadlineState.MET, None)
    assert story.now("2025-03-01 09:00").names == ["set", "met"]


def test_what_is_done_at_the_due_time_is_done_in_time() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.answered("2025-01-27 17:00"))
    assert story.names == ["set", "approaching 1", "met"]


def test_a_late_answer_ends_a_broken_promise_without_mending_it() -> None:
    story = Story(given.registered("2025-01-24 10:00"), given.answered("2025-02-05 18:00"))
    assert story.names == ["set", "approaching 1", "breached 2", "overdue 3"]
    assert (story.deadline().state, story.deadline().ended_at) == (DeadlineState.BREACHED, at("2025-02-05 18:00"))
    assert story.now("2025-03-01 09:00").names[-1] == "overdue 3"


def test_an_answer_in_time_heard_after_the_breach_counts_as_in_time() -> None:
    story = Story(given.registered("2025-01-24 10:00")).now("2025-01-27 17:01")
    story.record(given.answered("2025-01-27 16:59"))
    assert story.names == ["set", "approaching 1", "breached 2", "met", "voided 2"]
    assert story.now("2025-03-01 09:00").names[-1] == "voided 2"


def test_an_answer_heard_twice_changes_nothing_the_second_time() -> None:
    story = Story(given.registered("2025-01-24 10:00"), *[given.answered("2025-01-26 11:00")] * 2)
    assert story.names == ["set", "met"]
