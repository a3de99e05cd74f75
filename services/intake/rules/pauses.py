"""How often and how long a promise may wait for the applicant's papers in one round. Pure.

Asking stops the deadline, so it is limited: a clerk asks once in a round, for everything that is missing; a leader may
ask again, within the number and the working days of the center file (``pause``).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from schemas.center.center import PauseRule
from schemas.errors import Conflict, Forbidden, Invalid
from services.calendar.calendar import WorkCalendar

LONGEST_PROMISE_DAYS = 180
"""For how long at most an applicant may promise papers that are tolerated to be missing."""


class Pause(NamedTuple):
    """A pause of this round: it could last ``working_days_left``, and ended when the papers were supplied."""

    requested_at: datetime
    supplied_at: datetime | None
    working_days_left: int


def days_left(rule: PauseRule, calendar: WorkCalendar, earlier: Sequence[Pause], *, by_leader: bool) -> int:
    """For how many working days at most the deadline may wait if papers are asked for now.

    Raises Conflict when the round has had all its pauses, Forbidden when only a leader may ask for the next one.
    """
    if len(earlier) >= rule.most_per_round:
        raise Conflict(
            f"Papers were asked for {len(earlier)} times in this round, which is all that pause.most_per_round allows."
        )
    left = rule.cap_working_days - sum(_working_days(calendar, pause) for pause in earlier)
    if left <= 0:
        raise Conflict(
            f"The promise has waited for {rule.cap_working_days} working days in this round, which is all that"
            " pause.cap_working_days allows."
        )
    if earlier and not by_leader:
        raise Forbidden("A clerk asks for papers once a round; asking again is a leader's to do.")
    return left


def due_day(calendar: WorkCalendar, wanted: date | None, now: datetime, days_left: int) -> date:
    """The day until which papers are to be brought: the one that was named, else the last one of the pause.

    Raises Invalid for a day that has passed, or after which the promise goes on already.
    """
    today, last = calendar.local(now).date(), calendar.local(calendar.after(now, days_left)).date()
    if wanted is not None and not today <= wanted <= last:
        raise Invalid("due_on", f"Must be between {today} and {last}, when the promise goes on.")
    return wanted or last


def check_promised_day(calendar: WorkCalendar, promised_on: date, now: datetime) -> None:
    """Raises Invalid for a day that has passed, or that nobody will remember."""
    today = calendar.local(now).date()
    if not 0 <= (promised_on - today).days <= LONGEST_PROMISE_DAYS:
        raise Invalid("promised_on", f"Must be from {today} on, at most {LONGEST_PROMISE_DAYS} days later.")


def _working_days(calendar: WorkCalendar, pause: Pause) -> int:
    """The working days after the day of the request, up to the day of the supply, at most those that were left then."""
    if pause.supplied_at is None:
        return pause.working_days_left
    return min(pause.working_days_left, calendar.working_days_between(pause.requested_at, pause.supplied_at))
