"""Why an answer is promised when it is, day by day, for the citizen. Pure.

deadline_watch counts; here its due time is explained from what intake knows by itself: the calendar, when the promise
began, and when it waited for papers.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from schemas.reasons import DayReason
from schemas.requests.deadlines import DayView
from services.calendar.calendar import WorkCalendar
from services.intake.rules.pauses import Pause

MOST_DAYS = 120
"""A list that nobody reads to its end explains nothing; the days beyond are left out."""


def ends_at(pause: Pause, calendar: WorkCalendar) -> datetime:
    """When the promise goes on: when the papers came, at the close of the last day of the pause at the latest."""
    at_latest = calendar.after(pause.requested_at, pause.working_days_left)
    return at_latest if pause.supplied_at is None else min(pause.supplied_at, at_latest)


def days_of_promise(
    calendar: WorkCalendar, started_at: datetime, due_at: datetime, pauses: Sequence[Pause]
) -> Iterator[DayView]:
    """Every local day from the start of the promise to its due time: counted as which, or why not.

    A day on which papers were asked for or came counts in part. Raises ValueError on a naive instant.
    """
    first, last = calendar.local(started_at).date(), calendar.local(due_at).date()
    waits = [
        (calendar.local(pause.requested_at).date(), _first_counted(calendar, ends_at(pause, calendar)))
        for pause in pauses
    ]
    uncounted = _uncounted_beginning(calendar, started_at)
    count = 0
    for n in range(min(max(0, (last - first).days) + 1, MOST_DAYS)):
        day = first + timedelta(days=n)
        reasons = calendar.reasons(day)
        if day in uncounted:
            yield DayView(day=day, counted=False, reasons=(*reasons, uncounted[day]))
        elif not calendar.is_open(day):
            yield DayView(day=day, counted=False, reasons=reasons)
        elif any(asked < day < resumed for asked, resumed in waits):
            yield DayView(day=day, counted=False, reasons=(DayReason.WAITING_FOR_MATERIALS,))
        else:
            count += 1
            if any(day in wait for wait in waits):
                reasons = (*reasons, DayReason.COUNTED_IN_PART)
            yield DayView(day=day, counted=True, count=count, reasons=reasons)


def _uncounted_beginning(calendar: WorkCalendar, started_at: datetime) -> dict[date, DayReason]:
    """The day of receipt, and the day that is treated as that where the center counts so."""
    first = calendar.local(started_at).date()
    uncounted = {first: DayReason.DAY_OF_RECEIPT}
    counted_first = calendar.local(calendar.after(started_at, 1)).date()
    promised_first = calendar.due_days(started_at, 1).counted[0]
    if promised_first != counted_first:
        uncounted[counted_first] = DayReason.TREATED_AS_DAY_OF_RECEIPT
    return uncounted


def _first_counted(calendar: WorkCalendar, resumed_at: datetime) -> date:
    """The day on which a promise goes on: that of the instant, or the next open one after the close of business."""
    local = calendar.local(resumed_at)
    is_worked_on = calendar.is_open(local.date()) and local < calendar.close_of(local.date())
    return local.date() if is_worked_on else calendar.local(calendar.after(local, 1)).date()
