"""Who is told when nobody acknowledges that a level of the ladder was reached. Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from schemas.center.center import Center
from schemas.enums import DeadlineKind, Light, Mark
from services.calendar.calendar import work_calendar
from services.routing.rules.ladder import TicketFacts, holders


class Unacknowledged(NamedTuple):
    """An escalation that nobody acknowledged in time: up to which level people were told of it, and who."""

    kind: DeadlineKind
    department: str | None
    reached_level: int
    recipients: Collection[str]


class NextLevel(NamedTuple):
    """Who is told when nobody acknowledged the levels below: the staff ids, the level's number and its light."""

    to: tuple[str, ...]
    level: int
    light: Light


def next_level(
    center: Center, unacknowledged: Unacknowledged, facts: TicketFacts, duty_leader: str | None
) -> NextLevel | None:
    """The lowest level above the one that nobody acknowledged where somebody can be told who was not; above the
    highest the director. None if all of them were told.
    """
    steps = center.ladder.get(unacknowledged.kind, ())
    for number, step in enumerate(steps[unacknowledged.reached_level :], start=unacknowledged.reached_level + 1):
        found = (holders(center, each, unacknowledged.department, facts, duty_leader) for each in step.tell)
        people = dict.fromkeys(person for each in found for person in each if person not in unacknowledged.recipients)
        if people:
            return NextLevel(tuple(people), number, step.light)
    if center.director in unacknowledged.recipients:
        return None
    return NextLevel((center.director,), len(steps) + 1, Light.RED)


def mark_at(center: Center, kind: DeadlineKind, level: int, due_at: datetime) -> datetime | None:
    """When a level, counted from 1, is reached by a deadline that nothing changes; None above the highest."""
    steps = center.ladder.get(kind, ())
    if level > len(steps):
        return None
    calendar, step = work_calendar(center.calendar), steps[level - 1]
    if step.mark is Mark.APPROACHING:
        return calendar.before(due_at, step.working_days)
    return calendar.after(due_at, step.working_days) if step.mark is Mark.OVERDUE else due_at
