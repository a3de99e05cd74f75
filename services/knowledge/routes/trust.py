"""How often suggestions were right, beside the rules alone, and which rules were overruled."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from schemas.cursors import cursor_of, place_of
from schemas.enums import Role
from schemas.errors import Invalid
from schemas.requests import trust as api
from services.access import centers
from services.access.admission import route
from services.calendar.calendar import work_calendar
from services.knowledge import store
from services.knowledge.store.trust import TrustPeriod
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.plumbing.http.replies import page_length

JUDGES = {Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.OPS}
LONGEST = 366
"""Days of a period, both ends included."""
PLACES = {1: "first", 2: "second", 3: "third", None: "none"}


@route("GET", "/suggestions/hits", query=api.TrustQuery, reply=api.TrustView, roles=JUDGES)
def show_hits(service: Any, call: Call) -> api.TrustView:
    """How often the department that solved a ticket had been suggested, and how often the rules alone named it, by
    month and department; and in which place what leaders decided stood among what they were shown.
    """
    period = _period(call)
    rows = store.trust.hits(call.tx, period)
    taken: dict[str, dict[str, int]] = defaultdict(dict)
    for row in store.trust.taken(call.tx, period):
        taken[row.month][PLACES[row.place]] = row.decisions
    total = [row for row in rows if row.of_all_months and row.of_all_departments and row.tickets]
    return api.TrustView(
        since=call.query.since,
        until=call.query.until,
        total=next(iter(_hits(total)), None),
        by_month=_hits(row for row in rows if not row.of_all_months),
        by_department=_hits(row for row in rows if not row.of_all_departments),
        taken=tuple(api.TakenRow(month=month, **places) for month, places in taken.items()),
    )


@route("GET", "/suggestions/rules", query=api.TrustQuery, reply=api.RuleRows, roles=JUDGES)
def list_rules(service: Any, call: Call) -> api.RuleRows:
    """Each rule of the center file that decided something, and how often another department got the ticket later."""
    rows = store.trust.rules(call.tx, _period(call))
    return api.RuleRows(items=tuple(api.RuleRow(**row._asdict()) for row in rows))


@route(
    "GET", "/suggestions/rules/<string:rule>/tickets", query=api.OverruledQuery, reply=api.OverruledPage, roles=JUDGES
)
def list_overruled(service: Any, call: Call, rule: str) -> api.OverruledPage:
    """The tickets in which a rule was overruled, the latest first."""
    query, period = call.query, _period(call)
    after = place_of(query.after) if query.after else None
    rows = store.trust.overruled(call.tx, period, rule, after=after, limit=query.limit + 1)
    count = page_length(rows, query.limit)
    page, zone = rows[:count], work_calendar(centers.current(call.tx, period.center).calendar).zone
    items = []
    for row in page:
        values = {name: value for name, value in row._asdict().items() if name != "key"}
        times = {name: values[name].astimezone(zone) for name in ("routed_at", "overruled_at")}
        items.append(api.OverruledTicket(**values | times))
    return api.OverruledPage(
        items=tuple(items), next=cursor_of(page[-1].routed_at, page[-1].key) if len(rows) > count else None
    )


def _hits(rows: Iterable[Row]) -> tuple[api.HitRow, ...]:
    left_out = ("of_all_months", "of_all_departments")
    return tuple(
        api.HitRow(**{name: value for name, value in row._asdict().items() if name not in left_out}) for row in rows
    )


def _period(call: Call) -> TrustPeriod:
    """The days that are asked for. Raises Invalid on a span that is none."""
    since, until = call.query.since, call.query.until
    if not 0 <= (until - since).days < LONGEST:
        raise Invalid("until", f"Must not be before the first day, nor more than {LONGEST} days in all.")
    calendar = centers.current(call.tx, call.actor.center).calendar
    zone = work_calendar(calendar).zone
    begins, ends = (datetime.combine(day, time.min, zone) for day in (since, until + timedelta(days=1)))
    return TrustPeriod(call.actor.center, begins, ends, calendar.time_zone)
