"""How much working time is left of a promise, and which light that is. Pure."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from schemas.center.center import Calendar, ExtensionRule
from schemas.enums import Light
from services.calendar.calendar import WorkCalendar


class TimeLeft(NamedTuple):
    """Working time until a due time, or since it."""

    working_time: timedelta
    is_late: bool

    def light(self, day: timedelta) -> Light:
        """Red once it is late, yellow with a working day (of ``day`` hours) or less left, else green."""
        if self.is_late:
            return Light.RED
        return Light.YELLOW if self.working_time <= day else Light.GREEN


def time_left(due_at: datetime, now: datetime, calendar: WorkCalendar) -> TimeLeft:
    """The working time between ``now`` and ``due_at``; what is done exactly at the due time is in time."""
    if now > due_at:
        return TimeLeft(calendar.remaining(due_at, now), True)
    return TimeLeft(calendar.remaining(now, due_at), False)


def may_extend(due_at: datetime, now: datetime, calendar: WorkCalendar, rule: ExtensionRule) -> bool:
    """Whether more time may still be asked for, so long before the due time as ``rule`` has it."""
    return now <= calendar.before(due_at, rule.notice_working_days)


def working_day(calendar: Calendar) -> timedelta:
    """How many hours of work a working day has."""
    day = date.min
    return sum(
        (datetime.combine(day, each.closes) - datetime.combine(day, each.opens) for each in calendar.business_hours),
        timedelta(),
    )
