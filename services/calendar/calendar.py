"""Working-day arithmetic of one center: when a promise ends, how much of it is left, how late it is. Pure.

The day of receipt is not counted (Civil Code art. 201); a limit ends at close of business of its last day (art. 203);
working days leave out the statutory holidays (Administrative Licensing Law art. 82) and include the make-up days.

    calendar = work_calendar(center.calendar)
    calendar.due(datetime.fromisoformat("2025-01-24T10:00+08:00"), Limit(working_days=2)).due_at   # 2025-01-27 17:00

All instants given must carry an offset: a naive one raises ValueError. All instants returned are in the center's zone.
Days outside 2001-2099 raise ValueError.
"""

import hashlib
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from holidays.version import __version__ as holidays_version

from schemas.center.center import Calendar, Limit
from schemas.center.findings import zone_of
from schemas.errors import Invalid
from schemas.reasons import DayReason
from services.calendar.days import OpenDays, announced_through
from services.calendar.hours import BusinessHours


class Due(NamedTuple):
    """When a limit ends, the working days counted on the way, and whether the calendar so far is only expected."""

    due_at: datetime
    counted: tuple[date, ...]
    provisional: bool


class Day(NamedTuple):
    """One line of an explanation: a local day, whether it counted, and why (DayReason, with parameters)."""

    day: date
    counted: bool
    reasons: tuple[str, ...]


class WorkCalendar:
    """Which days and hours count, and sums over them. Raises Invalid on a calendar that nobody could count by."""

    def __init__(self, calendar: Calendar) -> None:
        zone = zone_of(calendar.time_zone)
        if zone is None:
            raise Invalid("calendar.time_zone", "No such time zone.")
        self.zone = zone
        self.version = _version_of(calendar)
        self.announced_through = announced_through(calendar)
        self.days = OpenDays(calendar)
        self._hours = BusinessHours(calendar.business_hours)
        self._roll_forward = calendar.roll_forward

    def local(self, instant: datetime) -> datetime:
        """``instant`` on the center's clocks. Raises ValueError on a naive one."""
        if instant.tzinfo is None or instant.utcoffset() is None:
            raise ValueError("a naive datetime names no instant: it needs an offset")
        return instant.astimezone(self.zone)

    def is_open(self, day: date) -> bool:
        """Whether ``day`` is a working day of the center."""
        return self.days.is_open(day)

    def reasons(self, day: date) -> tuple[str, ...]:
        """Why ``day`` is open or closed (DayReason, with parameters), and whether that is only expected."""
        reason = self.days.reason(day)
        return (reason, DayReason.NOT_ANNOUNCED_YET) if day > self.announced_through else (reason,)

    def opening_of(self, day: date) -> datetime:
        """When the first window opens on ``day``, supposing that it is open."""
        return datetime.combine(day, self._hours.opening, self.zone)

    def close_of(self, day: date) -> datetime:
        """When the last window closes on ``day``, supposing that it is open."""
        return datetime.combine(day, self._hours.close, self.zone)

    def due(self, started_at: datetime, limit: Limit) -> Due:
        """When ``limit`` ends for what began at ``started_at``. Raises ValueError on a limit that sets nothing."""
        if limit.working_days is not None:
            return self.due_days(started_at, limit.working_days)
        if limit.working_hours is None:
            raise ValueError("a limit needs working days or working hours")
        start = self._position(started_at)
        end = start + limit.working_hours * 3_600_000_000
        due_at = self._ending_at(end)
        counted = self.days.slice(start // self._hours.length, -(-end // self._hours.length))
        return Due(due_at, counted, due_at.date() > self.announced_through)

    def due_days(self, started_at: datetime, working_days: int) -> Due:
        """Close of business of the n-th working day after the local day of ``started_at``.

        Under ``roll_forward`` what came in on a closed day counts as having come in on the next open one.
        """
        day = self.local(started_at).date()
        first = self.days.count_to(day)
        if self._roll_forward and not self.days.is_open(day):
            first += 1
        counted = self.days.slice(first, first + working_days)
        return Due(self.close_of(counted[-1]), counted, counted[-1] > self.announced_through)

    def extend(self, due: Due, working_days: int) -> Due:
        """``due``, later by so many working days: at the close of the last of them."""
        if working_days == 0:
            return due
        first = self.days.count_to(self.local(due.due_at).date())
        added = self.days.slice(first, first + working_days)
        return Due(self.close_of(added[-1]), (*due.counted, *added), added[-1] > self.announced_through)

    def after(self, instant: datetime, working_days: int) -> datetime:
        """Close of business of the n-th working day (n from 1) after the local day of ``instant``."""
        return self.close_of(self.days.nth(self.days.count_to(self.local(instant).date()) + working_days - 1))

    def before(self, due_at: datetime, working_days: int) -> datetime:
        """The instant at which ``working_days`` are left, ``due_at`` itself for none.

        That working instant has two names, the close of one day and the opening of the next. It is given as the
        opening, so that people are told when their desk opens: one day before Tuesday's close is Tuesday's opening.
        """
        if working_days == 0:
            return self.local(due_at)
        position = self._position(due_at) - working_days * self._hours.length
        nth, into = divmod(position, self._hours.length)
        return datetime.combine(self.days.nth(nth), self._hours.starting_after(into), self.zone)

    def remaining(self, at: datetime, due_at: datetime) -> timedelta:
        """The working time from ``at`` to ``due_at``; negative when ``at`` is later."""
        return timedelta(microseconds=self._position(due_at) - self._position(at))

    def resume(self, at: datetime, remaining: timedelta) -> Due:
        """Where a limit ends of which ``remaining`` is left at ``at``: counted on, then up to close of business.

        With no working time since the pause it is the same close as before; parts of a second cut off change nothing.
        It never lies before ``at``: of what paused at the very end the next close of business is the end.
        Raises ValueError on a negative ``remaining``: what is late cannot be resumed.
        """
        if remaining < timedelta(0):
            raise ValueError("a late limit cannot be resumed")
        position = self._position(at)
        end = position + remaining // timedelta(microseconds=1)
        last = self._ending_at(end).date()
        if self.close_of(last) < self.local(at):
            last = self._ending_at(end + 1).date()
        counted = self.days.slice(position // self._hours.length, self.days.count_to(last))
        return Due(self.close_of(last), counted, last > self.announced_through)

    def working_days_late(self, due_at: datetime, at: datetime) -> int:
        """How many working days since that of ``due_at`` have closed by ``at``: the last n of ``after(due_at, n)``."""
        now = self.local(at)
        count = self.days.count_to if now.time() >= self._hours.close else self.days.count_before
        return max(0, count(now.date()) - self.days.count_to(self.local(due_at).date()))

    def working_days_between(self, earlier: datetime, later: datetime) -> int:
        """How many working days begin after the local day of ``earlier``, through that of ``later``."""
        return self.days.count_to(self.local(later).date()) - self.days.count_to(self.local(earlier).date())

    def explain(self, started_at: datetime, limit: Limit) -> tuple[Day, ...]:
        """Day by day from receipt to the end of the limit: what counted, what did not, and why."""
        due = self.due(started_at, limit)
        received, counted = self.local(started_at).date(), frozenset(due.counted)
        span = range(max(1, (due.due_at.date() - received).days + 1))
        lines = []
        for day in (received + timedelta(days=n) for n in span):
            reasons = self.reasons(day)
            if day == received and day not in counted:
                reasons = (*reasons, DayReason.DAY_OF_RECEIPT)
            elif day not in counted and self.days.is_open(day):
                reasons = (*reasons, DayReason.TREATED_AS_DAY_OF_RECEIPT)
            lines.append(Day(day, day in counted, reasons))
        return tuple(lines)

    def _position(self, instant: datetime) -> int:
        """The microseconds of working time from 2001 to ``instant``."""
        local = self.local(instant)
        day = local.date()
        position = self.days.count_before(day) * self._hours.length
        return position + self._hours.worked_until(local.time()) if self.days.is_open(day) else position

    def _ending_at(self, position: int) -> datetime:
        """The first instant by which ``position`` was worked: a full day ends at its close, not at the next opening."""
        nth = -(-position // self._hours.length) - 1
        at = self._hours.ending_after(position - nth * self._hours.length)
        return datetime.combine(self.days.nth(nth), at, self.zone)


@lru_cache(maxsize=256)
def work_calendar(calendar: Calendar) -> WorkCalendar:
    """The arithmetic of ``calendar``, made once for all equal ones. Raises Invalid as WorkCalendar does."""
    return WorkCalendar(calendar)


def _version_of(calendar: Calendar) -> str:
    """Under which calendar a deadline was counted: the package's version and a digest of the center's own part."""
    days = [sorted(set(own)) for own in (calendar.closed_days, calendar.open_days)]
    hours = sorted((window.opens, window.closes) for window in calendar.business_hours)
    own = repr((calendar.time_zone, hours, days, calendar.roll_forward, calendar.announced_through))
    return f"holidays-{holidays_version}+{hashlib.sha256(own.encode()).hexdigest()[:12]}"
