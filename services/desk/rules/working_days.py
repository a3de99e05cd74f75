"""The working-day clock of the wall board: today, the next working day, what is unusual in the next weeks. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from schemas.reasons import DayReason
from services.calendar.calendar import WorkCalendar

FORESEEN = 21
"""How many days ahead what is unusual is said."""


class ClosedDays(NamedTuple):
    """Days off in a row that are no mere weekend, and why the first of them is one (DayReason, with its parameter)."""

    first: date
    last: date
    reason: str


class WorkingDays(NamedTuple):
    """``open_until`` is when today's work ends, None where it has ended or there is none; ``make_up`` are weekend days
    that are worked; ``closed`` the next holiday.
    """

    is_open: bool
    reasons: tuple[str, ...]
    open_until: datetime | None
    next_day: date
    make_up: tuple[date, ...]
    closed: ClosedDays | None


def working_days(calendar: WorkCalendar, now: datetime) -> WorkingDays:
    """What people who promise something for in two working days want to know at ``now``."""
    today = calendar.local(now).date()
    ahead = [today + timedelta(days=n) for n in range(1, FORESEEN + 1)]
    close = calendar.close_of(today)
    return WorkingDays(
        is_open=calendar.is_open(today),
        reasons=calendar.reasons(today),
        open_until=close if calendar.is_open(today) and now < close else None,
        next_day=calendar.after(now, 1).date(),
        make_up=tuple(day for day in ahead if _is(calendar, day, DayReason.MAKE_UP_WORKING_DAY)),
        closed=next(_closed(calendar, [today, *ahead]), None),
    )


def _is(calendar: WorkCalendar, day: date, reason: DayReason) -> bool:
    return calendar.reasons(day)[0].partition(":")[0] == reason


def _closed(calendar: WorkCalendar, days: list[date]) -> Iterator[ClosedDays]:
    for day in days:
        if calendar.is_open(day) or _is(calendar, day, DayReason.WEEKEND):
            continue
        first = last = day
        while not calendar.is_open(first - timedelta(days=1)) and first > days[0]:
            first -= timedelta(days=1)
        while not calendar.is_open(last + timedelta(days=1)):
            last += timedelta(days=1)
        yield ClosedDays(first, last, calendar.reasons(day)[0])


def end_of_week(calendar: WorkCalendar, now: datetime) -> datetime:
    """Midnight after the Sunday of the week at ``now``, in the center's time; of the next week that is worked in, once
    this one has no business hour left: who looks on a Sunday evening wants to know of tomorrow.
    """
    days = working_days(calendar, now)
    worked = days.open_until.date() if days.open_until else days.next_day
    return datetime.combine(worked + timedelta(days=7 - worked.weekday()), time.min, calendar.zone)
