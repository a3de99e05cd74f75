"""帮办代办: who helped a visitor records it, sees the own records, and the center its report by month."""

from datetime import datetime, time, timedelta

from schemas.enums import Role
from schemas.errors import Invalid
from schemas.events.helps import HelpGiven
from schemas.helps import HelpKind, HelpNeed
from schemas.requests import helps as api
from services.access import centers
from services.access.admission import route
from services.calendar.calendar import work_calendar
from services.intake import store
from services.intake.actions.applicants import HasKeys
from services.intake.rules.helps import check_times
from services.plumbing.database.transaction import new_id
from services.plumbing.http.group_commit import Call

HELPERS = {Role.CLERK, Role.DUTY_LEADER}
READERS = HELPERS | {Role.DIRECTOR, Role.SUPERVISOR}
LONGEST = 366
"""Days of a report, both ends included."""


@route("POST", "/helps", body=api.GiveHelp, reply=api.HelpView, status=201, roles=HELPERS)
def give_help(service: HasKeys, call: Call) -> api.HelpView:
    """Record help that the actor has given."""
    given, tx = call.body, call.tx
    check_times(given.started_at, given.ended_at, tx.now)
    about = store.tickets.ticket(tx, call.actor.center, given.ticket_id) if given.ticket_id else None
    id_, helper = new_id(), call.actor.staff
    store.helps.insert(tx, id_, call.actor.center, helper, given)
    tx.announce(HelpGiven(center=call.actor.center, help_id=id_, helper=helper, **vars(given)))
    return api.HelpView(id=id_, helper=helper, number=about.number if about else None, **vars(given))


@route("GET", "/helps", query=api.HelpsQuery, reply=api.HelpPage, roles=HELPERS)
def list_helps(service: HasKeys, call: Call) -> api.HelpPage:
    """The help that the actor has given, the latest first."""
    limit, zone = call.query.limit, work_calendar(centers.current(call.tx, call.actor.center).calendar).zone
    rows = store.helps.of_helper(call.tx, call.actor.center, call.actor.staff, after=call.query.after, limit=limit + 1)
    items = []
    for row in rows[:limit]:
        times = {name: getattr(row, name).astimezone(zone) for name in ("started_at", "ended_at")}
        items.append(api.HelpView(**row._asdict() | times | {"kind": HelpKind(row.kind), "need": HelpNeed(row.need)}))
    return api.HelpPage(items=tuple(items), next=items[-1].id if len(rows) > limit else None)


@route("GET", "/helps/report", query=api.HelpReportQuery, reply=api.HelpReport, roles=READERS)
def report_helps(service: HasKeys, call: Call) -> api.HelpReport:
    """What was done by month: how often, how long, and of those who were asked how many were satisfied."""
    since, until = call.query.since, call.query.until
    if not 0 <= (until - since).days < LONGEST:
        raise Invalid("until", f"Must not be before the first day, nor more than {LONGEST} days in all.")
    calendar = centers.current(call.tx, call.actor.center).calendar
    zone = work_calendar(calendar).zone
    begins, ends = (datetime.combine(day, time.min, zone) for day in (since, until + timedelta(days=1)))
    rows = store.helps.months(call.tx, call.actor.center, begins, ends, calendar.time_zone)
    return api.HelpReport(since=since, until=until, months=tuple(api.HelpMonth(**row._asdict()) for row in rows))
