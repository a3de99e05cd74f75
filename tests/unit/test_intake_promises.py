"""Why an answer is promised when it is: the days that the citizen reads are those that deadline_watch counts."""

from datetime import date, timedelta

import pytest

from schemas.errors import Invalid
from services.calendar.calendar import WorkCalendar
from services.intake.rules.pauses import Pause, due_day
from services.intake.rules.promises import days_of_promise, ends_at
from tests.builders import a_calendar, at

CALENDAR = WorkCalendar(a_calendar())


def _told(calendar: WorkCalendar, started: str, due: str, *pauses: Pause) -> list[tuple[str, int | None, str]]:
    return [
        (f"{each.day:%m-%d}", each.count, each.reasons[-1])
        for each in days_of_promise(calendar, at(started), at(due), pauses)
    ]


def test_weekend_holiday_and_make_up_day_are_told_one_by_one() -> None:
    """Labour Day of 2026: Friday 1 to Tuesday 5 May are free, Saturday 9 May is worked."""
    told = _told(CALENDAR, "2026-04-30 10:00", "2026-05-09 17:00")
    assert told[0] == ("04-30", None, "day_of_receipt")
    assert [each[1] for each in told[1:6]] == [None] * 5
    assert told[6:] == [
        ("05-06", 1, "working_day"),
        ("05-07", 2, "working_day"),
        ("05-08", 3, "working_day"),
        ("05-09", 4, "make_up_working_day"),
    ]


@pytest.mark.parametrize("days", [1, 2, 5])
@pytest.mark.parametrize("started", ["2026-04-30 10:00", "2026-05-02 08:00", "2026-05-08 18:30"])
@pytest.mark.parametrize("roll_forward", [False, True])
def test_without_a_pause_it_counts_the_days_of_the_calendar(days: int, started: str, roll_forward: bool) -> None:
    calendar = WorkCalendar(a_calendar(roll_forward=roll_forward))
    due = calendar.due_days(at(started), days)
    counted = tuple(each.day for each in days_of_promise(calendar, at(started), due.due_at, ()) if each.counted)
    assert counted == due.counted


@pytest.mark.parametrize("supplied", ["2026-04-29 08:30", "2026-04-30 15:00", "2026-04-30 18:00", "2026-05-03 10:00"])
def test_a_pause_takes_its_days_out(supplied: str) -> None:
    asked, started = at("2026-04-28 15:00"), at("2026-04-27 10:00")
    due = CALENDAR.due_days(started, 2)
    resumed = CALENDAR.resume(at(supplied), CALENDAR.remaining(asked, due.due_at))
    pause = Pause(asked, at(supplied), 10)
    told = {each.day: each for each in days_of_promise(CALENDAR, started, resumed.due_at, (pause,))}
    counted = {day for day, each in told.items() if each.counted}
    assert counted == {asked.date(), *resumed.counted}
    assert [each.count for each in told.values() if each.counted] == [*range(1, len(counted) + 1)]


def test_a_pause_that_nobody_ends_ends_by_itself() -> None:
    pause = Pause(at("2026-04-28 15:00"), None, 3)
    assert ends_at(pause, CALENDAR) == at("2026-05-06 17:00")
    assert ends_at(pause._replace(supplied_at=at("2026-04-29 10:00")), CALENDAR) == at("2026-04-29 10:00")


def test_an_endless_promise_is_not_told_to_its_end() -> None:
    started = at("2026-01-05 10:00")
    assert len(list(days_of_promise(CALENDAR, started, started + timedelta(days=4000), ()))) == 120


def test_papers_are_wanted_within_the_pause() -> None:
    now = at("2026-04-28 15:00")
    assert due_day(CALENDAR, None, now, 3) == date(2026, 5, 6)
    assert due_day(CALENDAR, date(2026, 4, 30), now, 3) == date(2026, 4, 30)
    for wrong in (date(2026, 4, 27), date(2026, 5, 7)):
        with pytest.raises(Invalid):
            due_day(CALENDAR, wrong, now, 3)
