"""Which days are open, and why: the State Council's days from the ``holidays`` package, then the center's own.

The package's China data holds the make-up working days of every notice since 2001 and needs no table of ours beside
it: with the following year loaded too (a December make-up day belongs to next January's holiday), it agrees with
chinesecalendar on every day of 2006-2026. Years without a notice hold the days that follow from the statutory rules
alone (Order 795); whoever counts through them must say so (``WorkCalendar.announced_through``).
"""

import re
from array import array
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate

from holidays.countries.china import China

from schemas.center.center import Calendar
from schemas.errors import Invalid
from schemas.reasons import DayReason

FIRST, LAST = date(2001, 1, 1), date(2099, 12, 31)
"""The days a calendar is kept for: from the first notice in the package's data to the end of its lunar calendar."""

_ORIGIN = FIRST.toordinal()
_SUBSTITUTED = "调休"
"""How the package's Chinese names mark a weekday that is free in exchange for a make-up day, whose date they hold."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@cache
def statutory(language: str = "zh_CN") -> China:
    """The holidays of all the kept years, and their make-up days, named in ``language`` (zh_CN or en_US)."""
    return China(years=range(FIRST.year, LAST.year + 1), language=language, expand=False)  # type: ignore[no-untyped-call]


def announced_through(calendar: Calendar) -> date:
    """The last settled day: what the center claims, else 24 December of the last announced year.

    Raises Invalid when the center claims a year of which neither the package nor its own days say anything.
    """
    known: int = max(statutory().special_public_holidays)
    claimed = calendar.announced_through
    if claimed is None:
        return date(known, 12, 24)
    own = {day.year for day in (*calendar.closed_days, *calendar.open_days)}
    unknown = next((year for year in range(known + 1, claimed.year + 1) if year not in own), None)
    if unknown is not None:
        raise Invalid(
            "calendar.announced_through",
            f"The holidays of {unknown} are unknown here: upgrade the holidays package or give the center's own days.",
        )
    return claimed


@cache
def _kept_days() -> tuple[date, ...]:
    return tuple(FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


@cache
def _statutory_flags() -> bytes:
    """1 for each kept day on which the public service works, 0 for the others."""
    free, made_up = statutory(), statutory().weekend_workdays
    return bytes(day in made_up or (day.weekday() < 5 and day not in free) for day in _kept_days())


@lru_cache(maxsize=64)
def holiday_in_english(chinese: str) -> str:
    """The English name of a statutory holiday; the Chinese one if the package has none."""
    english = statutory("en_US")
    names: dict[str, str] = {name: english[day] for day, name in statutory().items()}
    return names.get(chinese, chinese)


class OpenDays:
    """The open days of one center in order, with their count up to each day, so that counting on costs no search.

    Every method raises ValueError for a day outside 2001-2099.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._closed, self._opened = frozenset(calendar.closed_days), frozenset(calendar.open_days)
        flags = bytearray(_statutory_flags())
        for days, is_open in ((self._opened, 1), (self._closed, 0)):
            for day in days:
                if FIRST <= day <= LAST:
                    flags[day.toordinal() - _ORIGIN] = is_open
        self._flags = bytes(flags)
        self._days = tuple(day for day, is_open in zip(_kept_days(), flags, strict=True) if is_open)
        self._counts = array("H", accumulate(flags))

    @staticmethod
    def _at(day: date) -> int:
        at = day.toordinal() - _ORIGIN
        if 0 <= at < len(_statutory_flags()):
            return at
        raise ValueError(f"no calendar is kept for {day:%Y-%m-%d}")

    def is_open(self, day: date) -> bool:
        """Whether the center works on ``day``."""
        return self._flags[self._at(day)] == 1

    def count_to(self, day: date) -> int:
        """How many open days there are from 2001 up to and including ``day``."""
        return self._counts[self._at(day)]

    def count_before(self, day: date) -> int:
        """How many open days there are from 2001 up to the day before ``day``."""
        at = self._at(day)
        return self._counts[at] - self._flags[at]

    def nth(self, n: int) -> date:
        """The open day that ``n`` others precede."""
        if 0 <= n < len(self._days):
            return self._days[n]
        raise ValueError("no calendar is kept that far")

    def slice(self, first: int, after_last: int) -> tuple[date, ...]:
        """The open days that ``first`` to ``after_last - 1`` others precede."""
        if first >= 0 and after_last <= len(self._days):
            return self._days[first:after_last]
        raise ValueError("no calendar is kept that far")

    def reason(self, day: date) -> str:
        """Why ``day`` is open or closed: a DayReason, with its parameter if it has one."""
        self._at(day)
        if day in self._closed:
            return DayReason.CLOSED_BY_CENTER
        if day in self._opened:
            return DayReason.OPENED_BY_CENTER
        if day in statutory().weekend_workdays:
            return DayReason.MAKE_UP_WORKING_DAY
        if name := statutory().get(day):
            if _SUBSTITUTED in name and (made_up := _DATE.search(name)):
                return f"{DayReason.DAY_OFF_IN_EXCHANGE}:{made_up[0]}"
            return f"{DayReason.STATUTORY_HOLIDAY}:{name}"
        return DayReason.WEEKEND if day.weekday() >= 5 else DayReason.WORKING_DAY
