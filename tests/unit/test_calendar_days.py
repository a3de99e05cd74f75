from datetime import date, datetime, time, timedelta
from typing import Any

import chinese_calendar
import pytest

from schemas.center.center import Limit, Window
from schemas.errors import Invalid
from services.calendar.calendar import WorkCalendar, work_calendar
from tests.builders import a_calendar

FIVE = Limit(working_days=5)


def a_work_calendar(**changes: Any) -> WorkCalendar:
    return work_calendar(a_calendar(**changes))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_every_day_from_2010_to_2026_is_open_as_chinesecalendar_says() -> None:
    calendar, first, last = a_work_calendar(), date(2010, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert [day for day in days if calendar.is_open(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize(
    ("day", "is_open", "reason"),
    [
        (date(2025, 1, 24), True, "working_day"),
        (date(2025, 1, 25), False, "weekend"),
        (date(2025, 1, 26), True, "make_up_working_day"),
        (date(2025, 1, 29), False, "statutory_holiday:春节"),
        (date(2025, 2, 3), False, "day_off_in_exchange:2025-01-26"),
        (date(2025, 3, 3), False, "closed_by_center"),
        (date(2025, 3, 8), True, "opened_by_center"),
    ],
)
def test_each_day_says_why_it_is_open_or_closed(day: date, is_open: bool, reason: str) -> None:
    calendar = a_work_calendar(closed_days=(date(2025, 3, 3),), open_days=(date(2025, 3, 8),))
    assert (calendar.is_open(day), calendar.reasons(day)) == (is_open, (reason,))


def test_the_centers_own_days_count() -> None:
    closed = a_work_calendar(closed_days=(date(2025, 3, 4),), open_days=(date(2025, 3, 8),))
    assert closed.due(at("2025-03-03T10:00"), FIVE).due_at == at("2025-03-10T17:00")


def test_beyond_the_announced_calendar_the_statutory_days_are_still_closed() -> None:
    assert not a_work_calendar().is_open(date(2031, 10, 1))
    assert a_work_calendar().is_open(date(2031, 10, 15))


def test_a_year_that_nobody_knows_cannot_be_claimed_as_announced() -> None:
    with pytest.raises(Invalid, match="2040"):
        WorkCalendar(
            a_calendar(announced_through=date(2040, 12, 24), open_days=tuple(date(y, 1, 4) for y in range(2027, 2040)))
        )
    known = WorkCalendar(a_calendar(announced_through=date(2027, 12, 24), open_days=(date(2027, 2, 20),)))
    assert known.announced_through == date(2027, 12, 24)


@pytest.mark.parametrize("day", [date(2000, 12, 31), date(2100, 1, 1)])
def test_a_day_for_which_no_calendar_is_kept_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match="no calendar is kept"):
        a_work_calendar().is_open(day)
    with pytest.raises(ValueError, match="no calendar is kept"):
        a_work_calendar().due(at("2099-12-30T10:00"), FIVE)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("calendar.time_zone", {"time_zone": "Asia/Nowhere"}),
        ("calendar.time_zone", {"time_zone": "../etc/passwd"}),
        ("calendar.time_zone", {"time_zone": "Asia"}),
        ("calendar.business_hours", {"business_hours": ()}),
        ("calendar.business_hours", {"business_hours": (Window(opens=time(12), closes=time(9)),)}),
    ],
)
def test_a_calendar_that_nobody_could_count_by_is_refused(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        WorkCalendar(a_calendar(**changes))
    assert refusal.value.field == field


def test_the_version_changes_with_the_centers_days_not_with_their_order() -> None:
    two_days = (date(2025, 3, 3), date(2025, 3, 4))
    one_way, other_way = a_work_calendar(closed_days=two_days), a_work_calendar(closed_days=two_days[::-1])
    assert one_way.version == other_way.version != a_work_calendar().version
