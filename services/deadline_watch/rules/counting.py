"""When a deadline is due, and at which instants its marks are reached. Pure."""

from collections.abc import Iterable
from datetime import datetime

from schemas.enums import Light, Mark
from services.calendar.calendar import Due, WorkCalendar
from services.deadline_watch.rules.deadline import Deadline, MarkAt, Policy


def count(deadline: Deadline, calendar: WorkCalendar) -> Due:
    """When ``deadline`` is due by ``calendar``: its limit counted from the start, or from the end of the last pause
    what was left of it, plus the extensions granted since. For a paused deadline: when it would be due if it went on at
    once.
    """
    if deadline.remaining is None or deadline.asked_at is None:
        return calendar.extend(calendar.due(deadline.started_at, deadline.time_limit), deadline.extended)
    due = calendar.resume(deadline.counted_from, deadline.remaining)
    asked = calendar.local(deadline.asked_at).date()
    before = [day for day in deadline.counted if day <= asked]
    counted = (*before, *(day for day in due.counted if day not in before))
    return calendar.extend(due._replace(counted=counted), deadline.extended)


def revised(deadline: Deadline, due: Due, at: datetime, why: str, policy: Policy) -> Deadline:
    """The deadline with a new revision, in force from ``at``: its marks move, and warnings of the past are left out."""
    moved = deadline._replace(
        due_at=due.due_at,
        counted=due.counted,
        provisional=due.provisional,
        calendar_version=policy.calendar.version,
        center_version=policy.version,
        revision=deadline.revision + 1,
        revised_at=at,
        why=why,
        marks=place_marks(deadline.marks, due.due_at, policy.calendar),
    )
    return without_past_warnings(moved, at)


def ladder_of(deadline: Deadline, policy: Policy) -> tuple[MarkAt, ...]:
    """The marks of the deadline: one for each level of the center's ladder, counted from 1."""
    steps = enumerate(policy.center.ladder[deadline.kind], start=1)
    marks = (MarkAt(step.mark, level, step.working_days, step.light, deadline.due_at) for level, step in steps)
    return place_marks(marks, deadline.due_at, policy.calendar)


def place_marks(marks: Iterable[MarkAt], due_at: datetime, calendar: WorkCalendar) -> tuple[MarkAt, ...]:
    """The marks with their instants for ``due_at``: some working days before it, at it, or some after it."""
    placed = []
    for mark in marks:
        match mark.mark:
            case Mark.APPROACHING:
                at = calendar.before(due_at, mark.working_days)
            case Mark.BREACHED:
                at = due_at
            case Mark.OVERDUE:
                at = calendar.after(due_at, mark.working_days)
        placed.append(mark._replace(at=at))
    return tuple(sorted(placed, key=lambda mark: (mark.at, mark.level)))


def without_past_warnings(deadline: Deadline, at: datetime) -> Deadline:
    """The deadline as it goes on from ``at``: warnings whose instant has passed are left out, a breach never is.

    So nobody is warned at the moment at which a deadline is set or moved; the light shows how little time is left.
    """
    passed = 0
    while passed < len(deadline.marks) and deadline.marks[passed].mark is Mark.APPROACHING:
        if deadline.marks[passed].at > at:
            break
        passed += 1
    return deadline._replace(next_mark=passed, light=deadline.marks[passed - 1].light if passed else Light.GREEN)
