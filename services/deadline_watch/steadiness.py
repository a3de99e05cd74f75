"""Whether the clock by which everybody is judged goes on as time does. Pure.

A database that wakes up in another year, or fails over to a machine that is hours off, would make every deadline
overdue at once and wake every leader. So a jump holds the watch until the clock is back, or until somebody who has
looked starts the watch anew.
"""

from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
"""More than clocks are corrected by, less than a working hour."""


class Steadiness:
    """Compares the database's real time with a clock that nobody sets, since the last time that they agreed."""

    def __init__(self) -> None:
        self._trusted: tuple[datetime, float] | None = None

    def judge(self, read: datetime, elapsed: float) -> timedelta:
        """By how much ``read`` is off, nothing within TOLERANCE; ``elapsed`` is a clock that only goes on."""
        if self._trusted is None:
            self._trusted = read, elapsed
        jump = read - self._trusted[0] - timedelta(seconds=elapsed - self._trusted[1])
        if abs(jump) > TOLERANCE:
            return jump
        self._trusted = read, elapsed
        return timedelta()
