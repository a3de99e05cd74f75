"""Who really sits at the window: the roster of the center file with the changes on top of it.

Whatever asks for the duty leader or for a sitting asks here; the rules count, this reads what was changed.
"""

from datetime import date, datetime, timedelta

from schemas.center.center import Center
from schemas.duty import RosterChangeState
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction
from services.routing import store
from services.routing.rules import roster
from services.routing.rules.roster_changes import RosterChanges, Shift

FORESEEN_DAYS = 366
"""How far ahead sittings are swapped."""


def changes_since(tx: Transaction, center: Center, day: date) -> RosterChanges:
    """What is in force for ``day`` or later."""
    return RosterChanges(
        tuple(store.roster.changes(tx, center.code, RosterChangeState.IN_FORCE, day)), center.staff.keys()
    )


def changes_today(tx: Transaction, center: Center) -> RosterChanges:
    """What is in force for today in the center, or later."""
    return changes_since(tx, center, work_calendar(center.calendar).local(tx.now).date())


def duty_leader(tx: Transaction, center: Center) -> str | None:
    """The staff id of whoever sits now, or next; None when nobody will, and while a gap is not filled."""
    return roster.duty_leader(center, tx.now, changes_today(tx, center))


def sitting_now_or_next(tx: Transaction, center: Center) -> tuple[Shift | None, datetime | None]:
    """The sitting in progress, or the next one, and when the one after it opens; None where the roster holds none."""
    calendar, changes, sitting = work_calendar(center.calendar), changes_today(tx, center), None
    try:
        sitting = roster.on_duty(center.roster, calendar, tx.now, changes)
        return sitting, roster.on_duty(center.roster, calendar, sitting.closes_at, changes).opens_at
    except LookupError:
        return sitting, None


def shifts(tx: Transaction, center: Center, first: date, last: date) -> list[Shift]:
    """The sittings of these days, both included."""
    changes = changes_since(tx, center, first)
    return roster.shifts(center.roster, work_calendar(center.calendar), first, last, changes)


def sitting_at(tx: Transaction, center: Center, opens_at: datetime) -> Shift | None:
    """The sitting that opens at that instant, of those to come within a year; None if there is none."""
    local = work_calendar(center.calendar).local
    day = local(opens_at).date()
    if not 0 <= (day - local(tx.now).date()).days <= FORESEEN_DAYS:
        return None
    return next((each for each in shifts(tx, center, day, day) if each.opens_at == opens_at), None)


def gaps(tx: Transaction, center: Center, days: int) -> list[Shift]:
    """The sittings of the next days, today among them, that nobody would hold."""
    today = work_calendar(center.calendar).local(tx.now).date()
    return [each for each in shifts(tx, center, today, today + timedelta(days=days - 1)) if each.gap]
