"""What the wall board says of working days."""

from datetime import date

import pytest

from services.calendar.calendar import work_calendar
from services.desk.rules.working_days import ClosedDays, WorkingDays, end_of_week, working_days
from tests.builders import a_calendar, at


def clock(now: str) -> WorkingDays:
    return working_days(work_calendar(a_calendar()), at(now))


def test_a_working_day_says_until_when_and_what_comes() -> None:
    days = clock("2026-04-28T10:00")
    assert (days.is_open, days.open_until, days.next_day) == (True, at("2026-04-28T17:00"), date(2026, 4, 29))
    assert days.closed == ClosedDays(date(2026, 5, 1), date(2026, 5, 5), "statutory_holiday:劳动节")
    assert days.make_up == (date(2026, 5, 9),)


def test_after_the_close_the_next_working_day_counts() -> None:
    days = clock("2026-04-30T17:00")
    assert (days.is_open, days.open_until, days.next_day) == (True, None, date(2026, 5, 6))


@pytest.mark.parametrize("now", ["2026-05-02T10:00", "2026-05-05T10:00"])
def test_within_a_holiday_it_says_how_long_it_lasts(now: str) -> None:
    days = clock(now)
    assert (days.is_open, days.open_until, days.next_day) == (False, None, date(2026, 5, 6))
    assert days.closed
    assert (days.closed.first, days.closed.last) == (at(now).date(), date(2026, 5, 5))


def test_a_make_up_saturday_is_a_working_day() -> None:
    days = clock("2026-05-09T10:00")
    assert (days.is_open, days.next_day) == (True, date(2026, 5, 11))
    assert days.closed is None, "a weekend is nothing unusual"


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-04-29T10:00", "2026-05-04T00:00"),
        ("2026-04-30T17:00", "2026-05-11T00:00"),  # the rest of the week is a holiday
        ("2026-05-08T17:00", "2026-05-11T00:00"),  # Saturday is worked
        ("2026-05-10T20:00", "2026-05-18T00:00"),
    ],
)
def test_the_week_is_the_one_that_has_still_a_business_hour(now: str, ends: str) -> None:
    assert end_of_week(work_calendar(a_calendar()), at(now)) == at(ends)
