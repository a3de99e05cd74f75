"""Why a deadline is due when it is: day by day, what counted and what did not, and why. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from schemas.enums import DayReason
from schemas.requests.deadlines import DayView
from services.calendar.calendar import WorkCalendar
from services.deadline_watch.rules.deadline import Deadline


def days_of(deadline: Deadline, calendar: WorkCalendar) -> Iterator[DayView]:
    """Every local day from the start to the due time, by the calendar under which the deadline was counted."""
    plain = {line.day: line.reasons for line in calendar.explain(deadline.started_at, deadline.time_limit)}
    counted = {day: place for place, day in enumerate(deadline.counted, start=1)}
    first, last = calendar.local(deadline.started_at).date(), calendar.local(deadline.due_at).date()
    for n in range(max(0, (last - first).days) + 1):
        day = first + timedelta(days=n)
        reasons = plain.get(day) or calendar.reasons(day)
        if day not in counted and day > first and calendar.is_open(day) and _would_count(day, deadline, calendar):
            reasons = (DayReason.WAITING_FOR_MATERIALS,)
        elif deadline.remaining is not None and day in counted and day in _halves(deadline, calendar):
            reasons = (*reasons, DayReason.COUNTED_IN_PART)
        yield DayView(day=day, counted=day in counted, count=counted.get(day), reasons=reasons)


def _would_count(day: date, deadline: Deadline, calendar: WorkCalendar) -> bool:
    """Whether an open day would have counted if nobody had waited: not where it was treated as the day of receipt."""
    due = calendar.due(deadline.started_at, deadline.time_limit)
    return day in due.counted or day > calendar.local(due.due_at).date()


def _halves(deadline: Deadline, calendar: WorkCalendar) -> set[date]:
    """The days on which the last pause began and ended: only their other part counted."""
    return {calendar.local(at).date() for at in (deadline.asked_at, deadline.counted_from) if at is not None}
