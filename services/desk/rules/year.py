"""A year as a calendar shows it: weeks of months, and what each day is to the center. Pure."""

from calendar import Calendar as Weeks
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from schemas.reasons import DayReason
from services.calendar.calendar import WorkCalendar
from services.calendar.days import FIRST, LAST

YEARS = range(FIRST.year, LAST.year + 1)
_SIGNS = {
    DayReason.MAKE_UP_WORKING_DAY: "work",
    DayReason.OPENED_BY_CENTER: "work",
    DayReason.STATUTORY_HOLIDAY: "rest",
    DayReason.DAY_OFF_IN_EXCHANGE: "rest",
    DayReason.CLOSED_BY_CENTER: "rest",
}
"""What is not as its weekday would have it."""


class YearDay(NamedTuple):
    """A day: whether the center works, why, whether that is only expected, and a ``sign``: work, rest, or none."""

    day: date
    is_open: bool
    reasons: tuple[str, ...]
    is_announced: bool
    sign: str


class SpecialDays(NamedTuple):
    """Days in a row that are as they are for one reason."""

    first: date
    last: date
    is_open: bool
    reasons: tuple[str, ...]


def months_of(year: int, calendar: WorkCalendar) -> Iterator[list[list[YearDay | None]]]:
    """The months of a year, each in weeks from Monday on; None where a week begins or ends in another month."""
    for month in range(1, 13):
        weeks = Weeks().monthdatescalendar(year, month)
        yield [[year_day(day, calendar) if day.month == month else None for day in week] for week in weeks]


def year_day(day: date, calendar: WorkCalendar) -> YearDay:
    """What a day is to the center."""
    reasons = calendar.reasons(day)
    sign = _SIGNS.get(DayReason(reasons[0].partition(":")[0]), "")
    return YearDay(day, calendar.is_open(day), reasons, day <= calendar.announced_through, sign)


def special_days(year: int, calendar: WorkCalendar) -> Iterator[SpecialDays]:
    """The days of a year that are not as their weekday would have it, those in a row together.

    Weekends within a holiday belong to it.
    """
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    special = (each for each in (year_day(day, calendar) for day in days) if each.sign)
    together = groupby(enumerate(special), lambda each: (each[1].day.toordinal() - each[0], each[1].reasons))
    for (_, reasons), run in together:
        members = [each for _, each in run]
        yield SpecialDays(members[0].day, members[-1].day, members[0].is_open, reasons)
