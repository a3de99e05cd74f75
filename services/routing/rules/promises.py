"""What may be done about the promise to the citizen: more time, asked for in time, and a report instead of an answer.

Pure. What may not be raises Conflict, with the last moment at which it could have been.
"""

from datetime import datetime

from schemas.center.center import ExtensionRule
from schemas.enums import Complexity, DeadlineState
from schemas.errors import Conflict, Invalid
from services.calendar.calendar import WorkCalendar
from services.routing.rules.progress import ensure_open
from services.routing.rules.ticket import Promise, Ticket


def ensure_may_extend(
    rule: ExtensionRule,
    calendar: WorkCalendar,
    promise: Promise | None,
    *,
    working_days: int,
    granted: int,
    requested_at: datetime,
    now: datetime,
) -> None:
    """An extension is requested before the due time, by so many working days, of a promise that runs, and is granted
    while it runs still.

    ``granted`` extensions were given in this round. Raises Invalid when too much is asked for.
    """
    if working_days > rule.max_working_days:
        raise Invalid("working_days", f"At most {rule.max_working_days} working days are granted.")
    known = _known(promise)
    if known.state == DeadlineState.PAUSED:
        raise Conflict("the deadline waits for the applicant; ask when it runs again")
    if known.state == DeadlineState.MET:
        raise Conflict("the promise was kept already")
    if granted >= rule.times:
        raise Conflict(f"it was extended {granted} times already, which is all that is allowed")
    until = calendar.before(known.due_at, rule.notice_working_days)
    if requested_at > until:
        raise Conflict(f"an extension could be asked for until {until:%Y-%m-%d %H:%M}")
    if now > known.due_at:
        raise Conflict(f"an extension could be granted until {calendar.local(known.due_at):%Y-%m-%d %H:%M}")


def ensure_may_reclassify(
    ticket: Ticket, to: Complexity, promise: Promise | None, calendar: WorkCalendar, now: datetime
) -> None:
    """An ordinary ticket becomes complex before its promise is due: afterwards it is broken, and stays so."""
    ensure_open(ticket)
    if to != Complexity.COMPLEX:
        raise Invalid("complexity", "Only from ordinary to complex: a report that was promised is owed.")
    if ticket.complexity is None:
        raise Conflict("nobody has decided yet who handles this ticket")
    if ticket.is_complex:
        raise Conflict("this ticket is complex already")
    known = _known(promise)
    if now > known.due_at and known.state != DeadlineState.PAUSED:
        raise Conflict(f"it could be reclassified until {calendar.local(known.due_at):%Y-%m-%d %H:%M}")


def _known(promise: Promise | None) -> Promise:
    if promise is None:
        raise Conflict("the deadline is not known yet; try again")
    return promise
