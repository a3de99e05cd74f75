"""Why a clock is due when it is: day by day, what counted and what did not, and why. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from schemas.deadline_requests import DayView
from schemas.words import DayReason
from services.calendar import WorkCalendar
from services.deadline_watch.clocks import Clock


def days_of(clock: Clock, calendar: WorkCalendar) -> Iterator[DayView]:
    """Every local day from the start to the due time, by the calendar under which the clock was counted."""
    plain = {line.day: line.reasons for line in calendar.explain(clock.started_at, clock.time_limit)}
    counted = {day: place for place, day in enumerate(clock.counted, start=1)}
    first, last = calendar.local(clock.started_at).date(), calendar.local(clock.due_at).date()
    for n in range(max(0, (last - first).days) + 1):
        day = first + timedelta(days=n)
        reasons = plain.get(day) or calendar.reasons(day)
        if day not in counted and day > first and calendar.is_open(day) and _would_count(day, clock, calendar):
            reasons = (DayReason.WAITING_FOR_MATERIALS,)
        elif clock.remaining is not None and day in counted and day in _halves(clock, calendar):
            reasons = (*reasons, DayReason.COUNTED_IN_PART)
        yield DayView(day=day, counted=day in counted, count=counted.get(day), reasons=reasons)


def _would_count(day: date, clock: Clock, calendar: WorkCalendar) -> bool:
    """Whether an open day would have counted if nobody had waited: not where it was treated as the day of receipt."""
    due = calendar.due(clock.started_at, clock.time_limit)
    return day in due.counted or day > calendar.local(due.due_at).date()


def _halves(clock: Clock, calendar: WorkCalendar) -> set[date]:
    """The days on which the last pause began and ended: only their other part counted."""
    return {calendar.local(at).date() for at in (clock.asked_at, clock.counted_from) if at is not None}
