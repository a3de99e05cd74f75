"""Working time by walking it, day by day, window by window, over chinesecalendar's days: slow, and easy to believe."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

DAY = timedelta(days=1)
_KNOWN_THROUGH = date(2026, 12, 31)
_EXPECTED_FREE = {date(2027, 1, 1)}
"""Beyond the last notice only New Year's Day is looked at here: whoever uses the oracle ends before the festival."""
ANNOUNCED_THROUGH = date(2026, 12, 24)


@cache
def is_workday(day: date) -> bool:
    """Whether the public service works on ``day``. Raises ValueError where the oracle does not know."""
    if day <= _KNOWN_THROUGH:
        return bool(chinese_calendar.is_workday(day))
    if day > date(2027, 1, 31):
        raise ValueError(f"the oracle does not see as far as {day}")
    return day.weekday() < 5 and day not in _EXPECTED_FREE


class Days:
    """The days and hours of one center file's ``calendar``, as it is written in the file."""

    def __init__(self, calendar: dict[str, Any]) -> None:
        self.zone = ZoneInfo(calendar.get("time_zone", "Asia/Shanghai"))
        self._closed = {date.fromisoformat(day) for day in calendar.get("closed_days", ())}
        self._opened = {date.fromisoformat(day) for day in calendar.get("open_days", ())}
        self._rolls = calendar.get("roll_forward", False)
        self._windows = sorted(
            (time.fromisoformat(window["opens"]), time.fromisoformat(window["closes"]))
            for window in calendar["business_hours"]
        )
        self._announced = date.fromisoformat(calendar.get("announced_through") or ANNOUNCED_THROUGH.isoformat())

    def is_open(self, day: date) -> bool:
        """Whether the center works on ``day``."""
        return day not in self._closed and (day in self._opened or is_workday(day))

    def day_of(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(self.zone).date()

    def is_provisional(self, at: datetime) -> bool:
        """Whether an instant lies beyond what is announced."""
        return self.day_of(at) > self._announced

    def close(self, day: date) -> datetime:
        """Close of business."""
        return datetime.combine(day, self._windows[-1][1], self.zone)

    def nth_after(self, day: date, n: int) -> date:
        """The n-th open day after ``day``."""
        while n:
            day += DAY
            n -= self.is_open(day)
        return day

    def open_days_after(self, at: datetime, until: datetime) -> int:
        """How many open days come after the day of ``at``, that of ``until`` included."""
        day, last, found = self.day_of(at), self.day_of(until), 0
        while day < last:
            day += DAY
            found += self.is_open(day)
        return found

    def due(self, start: datetime, limit: dict[str, int]) -> datetime:
        """The end of a limit of working days (the day of receipt not counted) or of working hours."""
        if "working_hours" in limit:
            return self.ending(start, timedelta(hours=limit["working_hours"]))
        day = self.day_of(start)
        if self._rolls and not self.is_open(day):
            day = self.nth_after(day, 1)
        return self.close(self.nth_after(day, limit["working_days"]))

    def after(self, at: datetime, n: int) -> datetime:
        """Close of the n-th working day after the day of ``at``."""
        return self.close(self.nth_after(self.day_of(at), n))

    def ending(self, at: datetime, work: timedelta) -> datetime:
        """The first instant by which so much has been worked since ``at``."""
        for opens, closes in self._spans(self.day_of(at), DAY):
            begins = max(opens, at)
            if begins <= closes and begins + work <= closes:
                return begins + work
            work -= max(closes - begins, timedelta())
        raise AssertionError("spans never end")

    def resumed(self, at: datetime, work: timedelta) -> datetime:
        """Close of business of the day on which so much has been worked since ``at``."""
        return self.close(self.day_of(self.ending(at, work)))

    def before(self, due: datetime, n: int) -> datetime:
        """The last instant at which ``n`` whole days of work are still left until ``due``."""
        work = n * sum((closes - opens for opens, closes in self._on(self.day_of(due))), timedelta())
        if not work:
            return due
        for opens, closes in self._spans(self.day_of(due), -DAY):
            ends = min(closes, due)
            if opens < ends and work <= ends - opens:
                return ends - work
            work -= max(ends - opens, timedelta())
        raise AssertionError("spans never end")

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """The working time between two instants."""
        total, day = timedelta(), self.day_of(since)
        while day <= self.day_of(until):
            if self.is_open(day):
                for opens, closes in self._on(day):
                    total += max(min(closes, until) - max(opens, since), timedelta())
            day += DAY
        return total

    def _on(self, day: date) -> list[tuple[datetime, datetime]]:
        at = [(datetime.combine(day, a, self.zone), datetime.combine(day, b, self.zone)) for a, b in self._windows]
        return [(opens.astimezone(UTC), closes.astimezone(UTC)) for opens, closes in at]

    def _spans(self, day: date, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
        while True:
            if self.is_open(day):
                yield from self._on(day)[:: 1 if step > timedelta() else -1]
            day += step
