"""The figures of a center as overseers read them, and the tickets behind each, as far as the actor sees."""

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from typing import Any

from schemas.center.center import Center
from schemas.cursors import cursor_of, place_of
from schemas.errors import Invalid
from schemas.figures import Figure
from schemas.requests.statistics import (
    CountedPage,
    CountedTicket,
    StatisticsQuery,
    StatisticsRow,
    StatisticsView,
)
from services.access import centers
from services.calendar.calendar import work_calendar
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.replies import page_of, scope_of, shown, zone_of
from services.routing.rules.statistics import groups_in_order, open_windows, parts_of, with_sums
from services.routing.rules.ticket import Scope
from services.routing.store.statistics import Period

LONGEST = 366
"""Days of a period, both ends included."""


def statistics(call: Call) -> StatisticsView:
    """The figures of some days. Raises Invalid on a span that is none."""
    query, center = call.query, centers.current(call.tx, call.actor.center)
    found: dict[str | None, Counter[Figure]] = defaultdict(Counter)
    total: Counter[Figure] = Counter()
    times: dict[Any, dict[str, int | None]] = {}
    if (period := _period(call, center)) is not None:
        store.statistics.prepare(call.tx)
        for row in store.statistics.counts(call.tx, period, query.by):
            for figure in filter(None, (row.figure, row.also)):
                found[row.group][Figure(figure)] += row.count
                total[Figure(figure)] += row.count
        for row in _working_times(call, center, period):
            key = (None, True) if row.is_total else (row.group, False)
            times[key] = {"median_seconds": row.median_seconds, "p90_seconds": row.p90_seconds}
    rows = groups_in_order((group, with_sums(counts)) for group, counts in found.items())
    return StatisticsView(
        since=query.since,
        until=query.until,
        total=_row(None, with_sums(total), times.get((None, True), {})),
        rows=tuple(_row(group, counts, times.get((group, False), {})) for group, counts in rows),
    )


def _row(group: str | None, counts: dict[str, int], times: dict[str, int | None]) -> StatisticsRow:
    values: dict[str, Any] = {"group": group, **counts, **times}
    return StatisticsRow(**values)


def _working_times(call: Call, center: Center, period: Period) -> list[Any]:
    first = store.statistics.first_registered(call.tx, center.code)
    if first is None:
        return []
    calendar = work_calendar(center.calendar)
    days = calendar.local(first).date(), calendar.local(period.until).date()
    windows = open_windows(center.calendar, *days)
    return store.statistics.working_times(call.tx, period, call.query.by, windows)


def counted(call: Call) -> CountedPage:
    """The tickets behind a figure. Raises Invalid on a span that is none, or a cursor."""
    query = call.query
    after = place_of(query.after) if query.after else None
    period = _period(call, centers.current(call.tx, call.actor.center))
    if period is None:
        return CountedPage(items=())
    rows = store.statistics.counted(
        call.tx,
        period,
        parts_of(query.figure),
        query.by,
        group=query.group,
        ungrouped=query.ungrouped,
        after=after,
        limit=query.limit + 1,
    )
    page, following = page_of(rows, query.limit)
    zone = zone_of(call)
    return CountedPage(
        items=tuple(shown(CountedTicket, row, zone) for row in page),
        next=cursor_of(page[-1].counted_at, page[-1].key) if following else None,
    )


def _period(call: Call, center: Center) -> Period | None:
    """What is asked for, up to now, as far as the actor sees; None for a department that is not the actor's.

    What will be is left out: of promises that are due later only those are known that were kept early.
    """
    query: StatisticsQuery = call.query
    if not 0 <= (query.until - query.since).days < LONGEST:
        raise Invalid("until", f"Must not be before the first day, nor more than {LONGEST} days in all.")
    scope = scope_of(call.actor)
    if scope.department is not None and query.department not in (None, scope.department):
        return None
    zone = work_calendar(center.calendar).zone
    begins, ends = (datetime.combine(day, time.min, zone) for day in (query.since, query.until + timedelta(days=1)))
    department = query.department if scope.department is None else scope.department
    return Period(begins, min(ends, call.tx.now), Scope(scope.center, department))
