"""The roster as people see it: who sits when, what was changed, and what nobody would hold."""

from datetime import timedelta

from schemas.errors import Invalid
from schemas.requests.roster import RosterChangeView, RosterQuery, RosterView, ShiftView
from services.access import centers
from services.calendar.calendar import work_calendar
from services.calendar.days import LAST
from services.plumbing.http.group_commit import Call
from services.routing import duty, store
from services.routing.replies import shown, zone_of

LONGEST = 366
"""How many days are shown at most."""
SHOWN_DAYS = 28
GAP_DAYS = 14
"""How far ahead a sitting that nobody would hold is warned of."""


def roster(call: Call) -> RosterView:
    """Who sits when. Raises Invalid on a span that is none, or longer than a year."""
    tx, query = call.tx, call.query or RosterQuery()
    center = centers.current(tx, call.actor.center)
    today = work_calendar(center.calendar).local(tx.now).date()
    since = query.since or today
    until = query.until or min(since + timedelta(days=SHOWN_DAYS - 1), LAST)
    if not 0 <= (until - since).days < LONGEST:
        raise Invalid("until", f"Must not be before since, nor more than {LONGEST} days in all.")
    zone = zone_of(call)
    return RosterView(
        shifts=tuple(ShiftView(**each._asdict()) for each in duty.shifts(tx, center, since, until)),
        changes=tuple(shown(RosterChangeView, row, zone) for row in store.roster.shown(tx, center.code, since)),
        gaps=tuple(ShiftView(**each._asdict()) for each in duty.gaps(tx, center, GAP_DAYS)),
    )
