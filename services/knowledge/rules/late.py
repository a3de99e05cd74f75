"""When something in the question base is due, and whom it is told when it is late. Pure."""

from datetime import date, datetime, timedelta

from schemas.center.center import Center
from schemas.center.question_base import LateStep
from schemas.enums import Post
from services.calendar.calendar import work_calendar


def due(center: Center, now: datetime, working_days: int) -> datetime:
    """The close of business after so many working days, as promises are counted."""
    return work_calendar(center.calendar).due_days(now, working_days).due_at


def level_at(center: Center, due_at: datetime, level: int) -> datetime | None:
    """When a level of the ladder (from 1) is reached; None above the last."""
    steps = center.question_base.ladder
    if level > len(steps):
        return None
    days = steps[level - 1].working_days
    return work_calendar(center.calendar).after(due_at, days) if days else due_at


def step_of(center: Center, level: int) -> LateStep:
    """The level (from 1) of the ladder, the last one where the file has fewer by now."""
    steps = center.question_base.ladder
    return steps[min(level, len(steps)) - 1]


def recipients(center: Center, department: str, level: int) -> tuple[str, ...]:
    """Whom a level tells (staff ids); if nobody holds its posts those of the next level, at last the director."""
    steps = center.question_base.ladder
    for step in steps[min(level, len(steps)) - 1 :]:
        people = dict.fromkeys(each for post in step.tell for each in _holders(center, post, department))
        if people:
            return tuple(people)
    return (center.director,)


def _holders(center: Center, post: Post, department: str) -> tuple[str, ...]:
    known = center.departments.get(department)
    match post:
        case Post.LIAISON:
            return known.liaisons if known else ()
        case Post.DEPARTMENT_HEAD:
            return (known.head,) if known and known.head else ()
        case Post.SUPERVISION_OFFICE:
            return (center.supervision_office,)
        case _:
            return (center.director,)


def week_of(center: Center, now: datetime) -> date:
    """The Monday of the week in which ``now`` lies, on the center's clocks."""
    today = work_calendar(center.calendar).local(now).date()
    return today - timedelta(days=today.weekday())


def is_list_due(center: Center, now: datetime) -> bool:
    """Whether the lists of the week are to be made by ``now``."""
    local = work_calendar(center.calendar).local(now)
    rule = center.question_base
    return (local.isoweekday(), local.time()) >= (rule.review_weekday, rule.review_at)


def list_due_at(center: Center, week: date) -> datetime:
    """By when the lists of a week are worked off; a closed day gives way to the next open one."""
    calendar = work_calendar(center.calendar)
    day = week + timedelta(days=center.question_base.review_due_weekday - 1)
    while not calendar.is_open(day):
        day += timedelta(days=1)
    return calendar.close_of(day)
