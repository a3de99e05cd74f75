"""Who is on duty: the leaders' shifts at the window, worked out from the roster and the calendar. Pure.

Whatever asks for the duty leader asks ``on_duty``, or ``duty_leader``, which asks it: there is no second way.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from schemas.center.center import Center, Roster, Sitting
from services.calendar.calendar import WorkCalendar, work_calendar
from services.calendar.days import LAST
from services.routing.rules.roster_changes import NO_CHANGES, RosterChanges, Shift

_SHIFT_WITHIN = 31
"""How many days a sitting may be moved on; one that finds no free open day by then is left out."""

_LOOK_AHEAD = 3
"""How many years of shifts are searched for the next one: closings of the center end some time."""


def shifts(
    roster: Roster, calendar: WorkCalendar, first: date, last: date, changes: RosterChanges = NO_CHANGES
) -> list[Shift]:
    """The sittings held on the local days from ``first`` to ``last``, both included, in order."""
    plan = _plan(roster, calendar, last.year)
    held = plan[bisect_left(plan, first, key=_day) : bisect_right(plan, last, key=_day)]
    return [changes.applied_to(shift) for shift in held]


def on_duty(roster: Roster, calendar: WorkCalendar, at: datetime, changes: RosterChanges = NO_CHANGES) -> Shift:
    """The sitting in progress at ``at``, otherwise the next one to come: whoever sits next finds the docket.

    A sitting that has just closed is over. Raises ValueError on a naive ``at``, LookupError if nobody ever sits again.
    """
    now = calendar.local(at)
    for year in (now.year + 1, max(now.year, roster.starts_on.year) + _LOOK_AHEAD):
        plan = _plan(roster, calendar, min(year, LAST.year))
        following = bisect_right(plan, now, key=_closing)
        if following < len(plan):
            return changes.applied_to(plan[following])
    raise LookupError("the roster holds no sitting to come")


def duty_leader(center: Center, at: datetime, changes: RosterChanges = NO_CHANGES) -> str | None:
    """The staff id of whoever is on duty; None when the roster holds no sitting to come, or nobody to hold it."""
    try:
        shift = on_duty(center.roster, work_calendar(center.calendar), at, changes)
    except LookupError:
        return None
    return None if shift.gap else shift.leader


def _day(shift: Shift) -> date:
    return shift.opens_at.date()


def _closing(shift: Shift) -> datetime:
    return shift.closes_at


@lru_cache(maxsize=256)
def _plan(roster: Roster, calendar: WorkCalendar, through_year: int) -> tuple[Shift, ...]:
    """All shifts due from the start of the roster to the end of that year, in the order in which they are held.

    Counted from the start every time, so that a sitting has the same day and leader whichever span is asked for.
    """
    swaps = {swap.day: swap.leader for swap in roster.swaps}
    held: list[Shift] = []
    moved_to: set[date] = set()
    for regular_day, sittings in _regular(roster, date(through_year, 12, 31)):
        day: date | None = regular_day
        if not calendar.is_open(regular_day):
            day = _day_to_move_to(roster, calendar, regular_day, moved_to)
        if day is None:
            continue
        if day != regular_day:
            moved_to.add(day)
        for sitting, leader in sittings:
            held.append(
                Shift(
                    datetime.combine(day, sitting.opens, calendar.zone),
                    datetime.combine(day, sitting.closes, calendar.zone),
                    swaps.get(day, leader),
                    None if day == regular_day else regular_day,
                )
            )
    return tuple(sorted(held, key=_closing))


def _regular(roster: Roster, last: date) -> Iterator[tuple[date, list[tuple[Sitting, str]]]]:
    """The days of regular sittings, open or not, and who is to sit: a sitting that is not held takes its shift too."""
    nth = 0
    for n in range((last - roster.starts_on).days + 1):
        day = roster.starts_on + timedelta(days=n)
        sittings = sorted(_sittings_on(roster, day), key=lambda sitting: sitting.opens)
        if sittings:
            turn_of = [roster.leaders[(nth + at) % len(roster.leaders)] for at in range(len(sittings))]
            yield day, list(zip(sittings, turn_of, strict=True))
            nth += len(sittings)


def _sittings_on(roster: Roster, day: date) -> list[Sitting]:
    return [sitting for sitting in roster.sittings if sitting.weekday == day.isoweekday()]


def _day_to_move_to(roster: Roster, calendar: WorkCalendar, closed: date, taken: set[date]) -> date | None:
    """The next open day that has no sitting of its own and was not moved to; None where it is left out."""
    if roster.on_closed_day == "drop":
        return None
    candidates = (closed + timedelta(days=n) for n in range(1, _SHIFT_WITHIN + 1))
    free = (day for day in candidates if calendar.is_open(day) and day not in taken and not _sittings_on(roster, day))
    return next(free, None)
