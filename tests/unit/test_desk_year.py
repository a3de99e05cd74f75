"""The calendar page's year: every day once, and what is not as its weekday would have it."""

from datetime import date

import pytest

from services.calendar.calendar import work_calendar
from services.desk.rules.year import months_of, special_days, year_day
from tests.builders import a_calendar

CALENDAR = work_calendar(a_calendar(closed_days=(date(2026, 5, 13),), open_days=(date(2026, 5, 16),)))


@pytest.mark.parametrize(("year", "days"), [(2026, 365), (2028, 366), (2001, 365), (2099, 365)])
def test_a_year_has_every_day_once(year: int, days: int) -> None:
    shown = [day.day for weeks in months_of(year, CALENDAR) for week in weeks for day in week if day]
    assert len(shown) == len(set(shown)) == days
    assert all(len(week) == 7 for weeks in months_of(year, CALENDAR) for week in weeks)


def test_a_day_says_what_it_is() -> None:
    assert year_day(date(2026, 5, 9), CALENDAR).sign == "work", "a make-up Saturday"
    assert year_day(date(2026, 5, 1), CALENDAR).sign == "rest"
    assert (year_day(date(2026, 5, 13), CALENDAR).sign, year_day(date(2026, 5, 16), CALENDAR).sign) == ("rest", "work")
    assert year_day(date(2026, 5, 12), CALENDAR).sign == ""
    assert not year_day(CALENDAR.announced_through.replace(month=12, day=31), CALENDAR).is_announced


def test_days_in_a_row_for_one_reason_stand_together() -> None:
    runs = {(each.first, each.last): each.is_open for each in special_days(2026, CALENDAR)}
    assert runs[date(2026, 5, 9), date(2026, 5, 9)]
    assert (date(2026, 5, 1), date(2026, 5, 2)) in runs
    assert sum((last - first).days + 1 for first, last in runs) == len(
        [1 for weeks in months_of(2026, CALENDAR) for week in weeks for day in week if day and day.sign]
    )
