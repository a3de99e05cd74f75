"""How figures are shown: which plots there are, what stands in each, and which days are asked for. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from schemas.figures import Figure


class Plot(NamedTuple):
    """Bars by group: ``parts`` stand one behind the other and make ``whole``, of which the first is a rate."""

    parts: tuple[Figure, ...]
    whole: Figure
    has_rate: bool = True

    @property
    def columns(self) -> tuple[Figure, ...]:
        """What is said in numbers."""
        return (*self.parts, self.whole) if self.has_rate else self.parts


PLOTS = {
    "promises": Plot((Figure.KEPT, Figure.BROKEN), Figure.DUE),
    "ratings": Plot((Figure.RATED_WELL, Figure.RATED_BADLY), Figure.RATED),
    "returns": Plot((Figure.RETURNED,), Figure.ASSIGNED),
    "repeats": Plot((Figure.REPEATED,), Figure.REGISTERED),
    "escalations": Plot((Figure.ESCALATED, Figure.VOIDED), Figure.ESCALATED, has_rate=False),
    "handled": Plot((Figure.REGISTERED, Figure.ANSWERED, Figure.CLOSED), Figure.REGISTERED, has_rate=False),
}
"""Besides the working time, which is not counted but measured."""
TIMES = ("median_seconds", "p90_seconds")
WORKING_TIME = "working_time"
PLOT_NAMES = ("promises", WORKING_TIME, *tuple(PLOTS)[1:])


def rows_of(plot: Plot, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The groups of which a plot has something to say."""
    return [row for row in rows if any(row[each] for each in plot.columns)]


class Bar(NamedTuple):
    """A piece of a plot: where it begins and how long it is, in hundredths of the plot's width."""

    part: str
    start: float
    length: float


def bars(plot: Plot, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[Bar]:
    """The pieces of a row's bar; the longest bar of ``rows`` is as long as the plot is wide."""
    if plot.has_rate:
        scale = 100 / max(1, *(each[plot.whole] for each in rows))
        pieces, start = [], 0.0
        rest = row[plot.whole] - sum(row[part] for part in plot.parts)
        for part, count in (*((str(part), row[part]) for part in plot.parts), ("rest", rest)):
            if count:
                pieces.append(Bar(part, round(start, 2), round(count * scale, 2)))
            start += count * scale
        return pieces
    scale = 100 / max(1, *(each[part] for each in rows for part in plot.parts))
    return [Bar(part, 0.0, round(row[part] * scale, 2)) for part in plot.parts if row[part]]


def time_bars(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[Bar]:
    """The median, and from there on to the 90th percentile."""
    if row["median_seconds"] is None:
        return []
    scale = 100 / max(1, *(each["p90_seconds"] or 0 for each in rows))
    median, most = row["median_seconds"] * scale, row["p90_seconds"] * scale
    return [Bar("median", 0.0, round(median, 2)), Bar("p90", round(median, 2), round(most - median, 2))]


def rate(part: int, whole: int) -> str:
    """A share in percent with one decimal; a dash of nothing."""
    return f"{100 * part / whole:.1f}%" if whole else "—"


def periods(today: date) -> dict[str, tuple[date, date]]:
    """Spans that people ask for, by name; both days are included."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    before = first - timedelta(days=1)
    return {
        "this_week": (monday, today),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this_month": (first, today),
        "last_month": (before.replace(day=1), before),
        "this_year": (today.replace(month=1, day=1), today),
    }


def day_or(text: str | None, otherwise: date) -> date:
    """The day that an address names, or the other one."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise
