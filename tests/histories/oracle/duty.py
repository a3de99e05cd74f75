"""Who sits at the window when: the roster's turns laid out on the days, once, from its first day to the end."""

from datetime import date, datetime, timedelta
from typing import Any

from tests.histories.oracle.days import DAY, Days

_END = date(2027, 1, 20)
_MOVED_AT_MOST = 31


class Duty:
    """The sittings of a center file's ``roster``."""

    def __init__(self, roster: dict[str, Any], days: Days) -> None:
        self._roster, self._days = roster, days
        self._swaps = {swap["day"]: swap["leader"] for swap in roster.get("swaps", ())}
        self._turns = sorted(self._laid_out())

    def leader(self, at: datetime) -> str:
        """Whoever sits now, or next: the first sitting that has not closed yet."""
        return next(leader for closes, leader in self._turns if closes > at)

    def _regular(self, day: date) -> list[dict[str, Any]]:
        found = [sitting for sitting in self._roster["sittings"] if sitting["weekday"] == day.isoweekday()]
        return sorted(found, key=lambda sitting: sitting["opens"])

    def _laid_out(self) -> list[tuple[datetime, str]]:
        turns, taken, served = [], set[date](), 0
        day = date.fromisoformat(self._roster["starts_on"])
        while day < _END:
            sittings = self._regular(day)
            held_on = self._held_on(day, taken) if sittings else None
            for sitting in sittings:
                in_turn = self._roster["leaders"][served % len(self._roster["leaders"])]
                served += 1
                if held_on:
                    closes = datetime.fromisoformat(f"{held_on}T{sitting['closes']}").replace(tzinfo=self._days.zone)
                    turns.append((closes, self._swaps.get(held_on.isoformat(), in_turn)))
            day += DAY
        return turns

    def _held_on(self, day: date, taken: set[date]) -> date | None:
        """The day itself; for a closed one the next open day that is free, or none when it is dropped."""
        if self._days.is_open(day):
            return day
        if self._roster.get("on_closed_day", "shift") == "drop":
            return None
        for n in range(1, _MOVED_AT_MOST + 1):
            other = day + timedelta(days=n)
            if self._days.is_open(other) and other not in taken and not self._regular(other):
                taken.add(other)
                return other
        return None
