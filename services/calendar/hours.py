"""The hours of a working day: one or more windows, the same on every open day, make-up Saturdays included."""

from datetime import time

from schemas.center.center import Window
from schemas.errors import Invalid


class BusinessHours:
    """Sums over the windows of one day, in whole microseconds of working time; ``length`` is a whole day's.

    Raises Invalid on windows that overlap, do not open before they close, carry an offset, or are none at all.
    """

    def __init__(self, windows: tuple[Window, ...]) -> None:
        if not windows or any(edge.tzinfo for window in windows for edge in (window.opens, window.closes)):
            raise Invalid("calendar.business_hours", "At least one window of local time is needed.")
        edges = sorted((_since_midnight(window.opens), _since_midnight(window.closes)) for window in windows)
        flat = [edge for window in edges for edge in window]
        if any(earlier >= later for earlier, later in edges) or flat != sorted(flat):
            raise Invalid("calendar.business_hours", "A window must open before it closes; windows must not overlap.")
        self._windows = tuple(edges)
        self.length = sum(closes - opens for opens, closes in edges)
        self.opening, self.close = _time_at(edges[0][0]), _time_at(edges[-1][1])

    def worked_until(self, at: time) -> int:
        """The working time of the day that has passed at ``at``."""
        now = _since_midnight(at)
        return sum(min(max(now - opens, 0), closes - opens) for opens, closes in self._windows)

    def ending_after(self, worked: int) -> time:
        """The first time of day by which ``worked`` (1 to ``length``) has passed: rather a closing than an opening."""
        for opens, closes in self._windows:
            if worked <= closes - opens:
                return _time_at(opens + worked)
            worked -= closes - opens
        raise ValueError("longer than a working day")

    def starting_after(self, worked: int) -> time:
        """The last time of day until which ``worked`` (0 to less than ``length``) has passed: rather an opening."""
        for opens, closes in self._windows:
            if worked < closes - opens:
                return _time_at(opens + worked)
            worked -= closes - opens
        raise ValueError("as long as a working day")


def _since_midnight(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


def _time_at(since_midnight: int) -> time:
    seconds, microsecond = divmod(since_midnight, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return time(hour, minute, second, microsecond)
