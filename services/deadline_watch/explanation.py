"""Why a clock is due when it is: day by day, what counted and what did not, and why. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from schemas.deadline_requests import DayView
from services.calendar import WorkCalendar
from services.deadline_watch.clocks import Clock

_WAITING = "waiting for the applicant's materials 等待补正"


def days_of(clock: Clock, calendar: WorkCalendar) -> Iterator[DayView]:
    """Every local day from the start to the due time, by the calendar under which the clock was counted."""
    plain = {line.day: line.why for line in calendar.explain(clock.started_at, clock.time_limit)}
    counted = {day: place for place, day in enumerate(clock.counted, start=1)}
    first, last = calendar.local(clock.started_at).date(), calendar.local(clock.due_at).date()
    for n in range(max(0, (last - first).days) + 1):
        day = first + timedelta(days=n)
        why = plain.get(day) or _why(day, calendar)
        if day not in counted and day > first and calendar.is_open(day) and _would_count(day, clock, calendar):
            why = _WAITING
        elif clock.remaining is not None and day in counted and day in _halves(clock, calendar):
            why += ", in part 部分计入"
        yield DayView(day=day, counted=day in counted, count=counted.get(day), why=why)


def _why(day: date, calendar: WorkCalendar) -> str:
    why = calendar.why(day)
    return why if day <= calendar.announced_through else f"{why}, not announced yet 尚未公布"


def _would_count(day: date, clock: Clock, calendar: WorkCalendar) -> bool:
    """Whether an open day would have counted if nobody had waited: not where it was treated as the day of receipt."""
    due = calendar.due(clock.started_at, clock.time_limit)
    return day in due.counted or day > calendar.local(due.due_at).date()


def _halves(clock: Clock, calendar: WorkCalendar) -> set[date]:
    """The days on which the last pause began and ended: only their other part counted."""
    return {calendar.local(at).date() for at in (clock.asked_at, clock.counted_from) if at is not None}
