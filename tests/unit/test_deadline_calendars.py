"""Deadlines beyond the announced calendar, and why a deadline is due when it is."""

from datetime import date

from services.deadline_watch.rules.transitions import recount
from services.deadline_watch.views import days_of
from tests import deadline_builders as given
from tests.builders import a_calendar, a_center
from tests.deadline_builders import a_policy, at
from tests.deadline_story import Story


def test_a_deadline_beyond_the_announced_calendar_is_counted_anew_later() -> None:
    unknown = a_center(calendar=a_calendar(announced_through=date(2025, 1, 26)))
    story = Story(given.registered("2025-01-24 10:00"), policy=a_policy(unknown))
    assert story.deadline().provisional
    known = a_center(calendar=a_calendar(closed_days=(date(2025, 1, 27),)))
    turn = recount(story.deadline(), at("2025-01-24 12:00"), a_policy(known, unknown))
    assert (turn.deadline.due_at, turn.deadline.provisional, turn.deadline.revision) == (
        at("2025-02-05 17:00"),
        False,
        2,
    )
    assert [each.what for each in turn.transitions] == ["moved"]


def test_a_calendar_that_changes_nothing_for_a_deadline_only_settles_it() -> None:
    unknown = a_center(calendar=a_calendar(announced_through=date(2025, 1, 26)))
    deadline = Story(given.registered("2025-01-24 10:00"), policy=a_policy(unknown)).deadline()
    turn = recount(deadline, at("2025-01-24 12:00"), a_policy(a_center(), unknown))
    assert (turn.transitions, turn.deadline.provisional, turn.deadline.revision) == ((), False, 1)


def test_recounting_keeps_pauses_and_extensions() -> None:
    unknown = a_center(calendar=a_calendar(announced_through=date(2025, 1, 26)))
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.materials_requested("2025-01-26 17:00"),
        given.materials_supplied("2025-02-05 08:00"),
        given.extension_granted("2025-02-05 09:00"),
        policy=a_policy(unknown),
    )
    assert story.deadline().due_at == at("2025-02-08 17:00")
    known = a_center(calendar=a_calendar(closed_days=(date(2025, 2, 8),)))
    turn = recount(story.deadline(), at("2025-02-05 12:00"), a_policy(known, unknown))
    assert turn.deadline.due_at == at("2025-02-10 17:00")


def test_the_explanation_says_of_each_day_whether_it_counted_and_why() -> None:
    story = Story(
        given.registered("2025-01-24 10:00"),
        given.materials_requested("2025-01-26 17:00"),
        given.materials_supplied("2025-02-06 12:00"),
    )
    days = list(days_of(story.deadline(), story.policy.calendar))
    assert [day.day.isoformat() for day in days if day.counted] == ["2025-01-26", "2025-02-06", "2025-02-07"]
    why = {day.day: day.reasons for day in days}
    assert "day_of_receipt" in why[date(2025, 1, 24)]
    assert "weekend" in why[date(2025, 1, 25)]
    assert "make_up_working_day" in why[date(2025, 1, 26)]
    assert "waiting_for_materials" in why[date(2025, 1, 27)]
    assert "statutory_holiday:春节" in why[date(2025, 1, 29)]
    assert "waiting_for_materials" in why[date(2025, 2, 5)]
    assert "counted_in_part" in why[date(2025, 2, 6)]
