"""When a deadline is due: the limit from its start, what a pause left of it, what was granted since. Pure."""

from dataclasses import replace
from datetime import datetime

from schemas.center.center import Limit
from services.calendar.calendar import Due, WorkCalendar
from services.deadline_watch.rules.deadline import Deadline, Policy
from services.deadline_watch.rules.marks import armed, moved


def further(due: Due, working_days: int, calendar: WorkCalendar) -> Due:
    """``due``, later by so many working days."""
    if working_days == 0:
        return due
    due_at = calendar.after(due.due_at, working_days)
    first = calendar.days.count_to(calendar.local(due.due_at).date())
    counted = (*due.counted, *calendar.days.slice(first, first + working_days))
    return Due(due_at, counted, calendar.is_provisional(due_at))


def count(deadline: Deadline, calendar: WorkCalendar) -> Due:
    """When ``deadline`` is due by ``calendar``; for a paused one, when it would be if it went on at once."""
    if deadline.remaining is None or deadline.asked_at is None:
        return further(calendar.due(deadline.started_at, deadline.time_limit), deadline.extended, calendar)
    base = calendar.resume(deadline.counted_from, deadline.remaining)
    before = [day for day in deadline.counted if day <= calendar.local(deadline.asked_at).date()]
    counted = (*before, *(day for day in base.counted if day not in before))
    return further(Due(base.due_at, counted, base.provisional), deadline.extended, calendar)


def revised(deadline: Deadline, due: Due, at: datetime, why: str, policy: Policy) -> Deadline:
    """The deadline with a new revision, which holds from ``at``: its marks are moved, and the past ones left out."""
    again = replace(
        deadline,
        due_at=due.due_at,
        counted=due.counted,
        provisional=due.provisional,
        calendar_version=policy.calendar.version,
        center_version=policy.version,
        revision=deadline.revision + 1,
        revised_at=at,
        why=why,
        marks=moved(deadline.marks, due.due_at, policy.calendar),
    )
    return armed(again, at)


def as_limit(deadline: Deadline, limit: Limit, calendar: WorkCalendar) -> Deadline:
    """The deadline as if ``limit`` had been its limit from the start: the time spent so far stays spent."""
    if deadline.remaining is None:
        return replace(deadline, time_limit=limit)
    more = calendar.remaining(
        calendar.due(deadline.started_at, deadline.time_limit).due_at, calendar.due(deadline.started_at, limit).due_at
    )
    return replace(deadline, time_limit=limit, remaining=max(deadline.remaining + more, deadline.remaining * 0))
