"""The story in the order of time: what happens on which day, and at which hours the deadlines are looked at."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from schemas.center.center import Center
from services.calendar.calendar import work_calendar
from services.demo.story import Moment, Story, StoryTicket

Act = tuple[StoryTicket, Moment | None]
"""What is done about a ticket; None is its arrival."""

EVENING = time(20, 0)
"""When the story ends, on its last day."""


class Step(NamedTuple):
    """All that happens at one instant; nothing, at the hours when only deadlines reach their marks."""

    at: datetime
    acts: tuple[Act, ...]


def steps(story: Story, center: Center) -> Iterator[tuple[date, list[Step]]]:
    """Each day of the story with its steps: what people do, opening and closing hours of working days, the end."""
    calendar = work_calendar(center.calendar)
    acts: list[tuple[datetime, Act | None]] = []
    for ticket in story.tickets:
        acts.append((story.instant(ticket.received, calendar.zone), (ticket, None)))
        acts += [(story.instant(moment.at, calendar.zone), (ticket, moment)) for moment in ticket.moments]
    days = [story.begins + timedelta(days=n) for n in range((story.ends - story.begins).days + 1)]
    for day in filter(calendar.is_open, days):
        acts += [(calendar.opening_of(day), None), (calendar.close_of(day), None)]
    acts.append((datetime.combine(story.ends, EVENING, calendar.zone), None))
    acts.sort(key=lambda act: act[0])
    for day in days:
        groups = groupby((act for act in acts if act[0].date() == day), key=lambda act: act[0])
        yield day, [Step(at, tuple(act for _, act in group if act is not None)) for at, group in groups]
