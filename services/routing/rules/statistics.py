"""What the figures of a center are made of: the facts that each counts, and the hours of which working time is the sum.

Pure. Working time is a sum over windows of business hours. The database sums it, so it is given the windows as three
lists: when each opens and closes, and how much was worked before.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from schemas.center.center import Calendar
from schemas.figures import Figure
from services.calendar.calendar import work_calendar
from services.calendar.days import FIRST

RATINGS = (
    Figure.VERY_SATISFIED,
    Figure.SATISFIED,
    Figure.BASICALLY_SATISFIED,
    Figure.DISSATISFIED,
    Figure.VERY_DISSATISFIED,
)
SUMS: dict[Figure, tuple[Figure, ...]] = {
    Figure.DUE: (Figure.KEPT, Figure.BROKEN),
    Figure.RATED: RATINGS,
    Figure.RATED_WELL: RATINGS[:3],
    Figure.RATED_BADLY: RATINGS[3:],
}
"""Figures that are sums of others. The top three levels of a rating are good ones (好差评)."""


def parts_of(figure: Figure) -> tuple[Figure, ...]:
    """The figures that are counted by themselves of which this one is the sum; else itself."""
    return SUMS.get(figure, (figure,))


def with_sums(counts: dict[Figure, int]) -> dict[str, int]:
    """What was counted by itself, with the sums."""
    sums = {figure: sum(counts.get(part, 0) for part in parts) for figure, parts in SUMS.items()}
    return {str(figure): count for figure, count in (counts | sums).items()}


class OpenWindows(NamedTuple):
    """Windows of business hours in order, and the seconds that were worked before each opened."""

    opens: list[datetime]
    closes: list[datetime]
    before: list[float]


def open_windows(calendar: Calendar, first: date, last: date) -> OpenWindows:
    """The windows of the open days from ``first`` to ``last``, in the center's zone."""
    days, windows = work_calendar(calendar), OpenWindows([], [], [])
    hours = sorted((window.opens, window.closes) for window in calendar.business_hours)
    day, worked = max(first, FIRST), 0.0
    while day <= last:
        for opens, closes in hours if days.is_open(day) else ():
            begins, ends = (datetime.combine(day, edge, days.zone) for edge in (opens, closes))
            windows.opens.append(begins)
            windows.closes.append(ends)
            windows.before.append(worked)
            worked += (ends - begins).total_seconds()
        day += timedelta(days=1)
    return windows


def groups_in_order(groups: Iterable[tuple[str | None, dict[str, Any]]]) -> list[tuple[str | None, dict[str, Any]]]:
    """Groups with their figures, those with most registered tickets first; what has no group last."""
    return sorted(groups, key=lambda each: (each[0] is None, -each[1].get(Figure.REGISTERED, 0), each[0] or ""))
