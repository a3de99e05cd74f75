"""When a clock is due: the limit from its start, what a pause left of it, what was granted since. Pure."""

from dataclasses import replace
from datetime import datetime

from schemas.center import Limit
from services.calendar import Due, WorkCalendar
from services.deadline_watch.clocks import Clock, Policy
from services.deadline_watch.marks import armed, moved


def further(due: Due, working_days: int, calendar: WorkCalendar) -> Due:
    """``due``, later by so many working days."""
    if working_days == 0:
        return due
    due_at = calendar.after(due.due_at, working_days)
    first = calendar.days.count_to(calendar.local(due.due_at).date())
    counted = (*due.counted, *calendar.days.slice(first, first + working_days))
    return Due(due_at, counted, calendar.is_provisional(due_at))


def count(clock: Clock, calendar: WorkCalendar) -> Due:
    """When ``clock`` is due by ``calendar``; for a paused one, when it would be if it went on at once."""
    if clock.remaining is None or clock.asked_at is None:
        return further(calendar.due(clock.started_at, clock.time_limit), clock.extended, calendar)
    base = calendar.resume(clock.counted_from, clock.remaining)
    before = [day for day in clock.counted if day <= calendar.local(clock.asked_at).date()]
    counted = (*before, *(day for day in base.counted if day not in before))
    return further(Due(base.due_at, counted, base.provisional), clock.extended, calendar)


def revised(clock: Clock, due: Due, at: datetime, why: str, policy: Policy) -> Clock:
    """The clock with a new revision, which holds from ``at``: its marks are moved, and the past ones left out."""
    again = replace(
        clock,
        due_at=due.due_at,
        counted=due.counted,
        provisional=due.provisional,
        calendar_version=policy.calendar.version,
        center_version=policy.version,
        revision=clock.revision + 1,
        revised_at=at,
        why=why,
        marks=moved(clock.marks, due.due_at, policy.calendar),
    )
    return armed(again, at)


def as_limit(clock: Clock, limit: Limit, calendar: WorkCalendar) -> Clock:
    """The clock as if ``limit`` had been its limit from the start: the time spent so far stays spent."""
    if clock.remaining is None:
        return replace(clock, time_limit=limit)
    more = calendar.remaining(
        calendar.due(clock.started_at, clock.time_limit).due_at, calendar.due(clock.started_at, limit).due_at
    )
    return replace(clock, time_limit=limit, remaining=max(clock.remaining + more, clock.remaining * 0))
