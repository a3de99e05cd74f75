"""What may be recorded of help that was given. Pure."""

from datetime import datetime, timedelta

from schemas.errors import Invalid

LONGEST = timedelta(hours=12)
OLDEST = timedelta(days=31)
"""What is recorded later is remembered by nobody."""


def check_times(started_at: datetime, ended_at: datetime, now: datetime) -> None:
    """It has ended, after it began, on one day, and not long ago. Raises Invalid. Aware instants."""
    if ended_at > now:
        raise Invalid("ended_at", "Must not be later than now.")
    if not timedelta() < ended_at - started_at <= LONGEST:
        raise Invalid("ended_at", "Must be later than it began, by 12 hours at most.")
    if now - started_at > OLDEST:
        raise Invalid("started_at", "Is longer ago than 31 days.")
