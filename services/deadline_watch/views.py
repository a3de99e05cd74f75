"""What can be read of the deadlines. ``department`` limits each reply to one department; None is the whole center."""

from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from schemas.cursors import cursor_of, place_of
from schemas.enums import DeadlineKind, DeadlineState, Light
from schemas.errors import NotFound
from schemas.reasons import DayReason
from schemas.requests.deadlines import (
    BoardRow,
    BoardView,
    DayView,
    DeadlinePage,
    DeadlineQuery,
    DeadlineView,
    ExplainedDeadline,
    ExplanationView,
    ProvisionalQuery,
    RevisionView,
)
from services.access import centers
from services.calendar.calendar import WorkCalendar
from services.deadline_watch import store
from services.deadline_watch.actions import policies
from services.deadline_watch.rules.deadline import DUE_TIMES, Deadline
from services.plumbing.database.transaction import Row, Transaction


def page(tx: Transaction, center: str, department: str | None, query: DeadlineQuery) -> DeadlinePage:
    """Deadlines by due time: those that are still open, or those in ``query.state``. Raises Invalid on a bad cursor."""
    place = place_of(query.after) if query.after else None
    return _page_of(store.reading.page(tx, center, department, query, place), query.limit)


def provisional(tx: Transaction, center: str, query: ProvisionalQuery) -> DeadlinePage:
    """The deadlines that will be counted anew with the next calendar. Raises Invalid on a bad cursor."""
    place = place_of(query.after) if query.after else None
    return _page_of(store.reading.provisional_page(tx, center, place, limit=query.limit + 1), query.limit)


def _page_of(rows: Sequence[Row], limit: int) -> DeadlinePage:
    items = []
    for row in rows[:limit]:
        codes = {"kind": DeadlineKind(row.kind), "state": DeadlineState(row.state)}
        items.append(DeadlineView(**row._asdict() | codes | {"light": Light(row.light) if row.light else None}))
    following = cursor_of(rows[limit - 1].due_at, rows[limit - 1].id) if len(rows) > limit else None
    return DeadlinePage(items=tuple(items), next=following)


def explanation(tx: Transaction, center: str, department: str | None, ticket_id: UUID) -> ExplanationView:
    """A ticket's deadlines, each with all due times that it has had. Raises NotFound."""
    deadlines = store.reading.deadlines_of(tx, center, department, ticket_id)
    if not deadlines:
        raise NotFound("no deadline of such a ticket is known")
    number = store.reading.number_of(tx, ticket_id)
    explained = tuple(_explained(tx, deadline, number) for deadline in deadlines)
    return ExplanationView(ticket_id=ticket_id, deadlines=explained)


def _explained(tx: Transaction, deadline: Deadline, number: str | None) -> ExplainedDeadline:
    calendar = policies.at_version(tx, deadline.center, deadline.center_version).calendar
    return ExplainedDeadline(
        id=deadline.id,
        ticket_id=deadline.ticket_id,
        number=number,
        kind=deadline.kind,
        round=deadline.round,
        department=deadline.department,
        state=deadline.state,
        light=deadline.light,
        started_at=deadline.started_at,
        due_at=deadline.due_at,
        revision=deadline.revision,
        provisional=deadline.provisional,
        ended_at=deadline.ended_at,
        revisions=tuple(
            RevisionView(
                revision=each.revision,
                due_at=each.due_at,
                since=each.at,
                why=each.why,
                calendar_version=each.calendar_version,
                center_version=each.center_version,
            )
            for each in deadline.announced_changes
            if each.what in DUE_TIMES
        ),
        days=tuple(days_of(deadline, calendar)),
    )


def days_of(deadline: Deadline, calendar: WorkCalendar) -> Iterator[DayView]:
    """Every local day from the start to the due time, by the calendar under which the deadline was counted."""
    due = calendar.due(deadline.started_at, deadline.time_limit)
    unpaused = {line.day: line.reasons for line in calendar.explain(deadline.started_at, deadline.time_limit)}
    counted = {day: place for place, day in enumerate(deadline.counted, start=1)}
    # Of the days on which the last pause began and ended, only the part outside the pause counted.
    pause = {calendar.local(at).date() for at in (deadline.asked_at, deadline.counted_from) if at is not None}
    first, last = calendar.local(deadline.started_at).date(), calendar.local(deadline.due_at).date()
    for n in range(max(0, (last - first).days) + 1):
        day = first + timedelta(days=n)
        reasons = unpaused.get(day) or calendar.reasons(day)
        if day in counted:
            if deadline.remaining is not None and day in pause:
                reasons = (*reasons, DayReason.COUNTED_IN_PART)
        elif day > first and calendar.is_open(day) and (day in due.counted or day > due.due_at.date()):
            # An open day after the first that would have counted if nobody had waited.
            reasons = (DayReason.WAITING_FOR_MATERIALS,)
        yield DayView(day=day, counted=day in counted, count=counted.get(day), reasons=reasons)


def board(tx: Transaction, center: str, department: str | None) -> BoardView:
    """How many open deadlines of each kind show which light, by department."""
    rows = tuple(
        BoardRow(light=Light(row.light), department=row.department, kind=DeadlineKind(row.kind), count=row.count)
        for row in store.reading.board(tx, center, department)
    )
    today = tx.now.astimezone(_zone(tx, center)).replace(hour=0, minute=0, second=0, microsecond=0)
    counts = store.reading.of_today(tx, center, department, today, today + timedelta(days=1))
    return BoardView(
        as_of=tx.now,
        rows=rows,
        broken_today=counts.broken,
        due_today=counts.due,
        oldest_due_at=store.reading.oldest_broken(tx, center, department),
    )


def _zone(tx: Transaction, center: str) -> tzinfo:
    version = centers.current_version(tx, center)
    return ZoneInfo(centers.at_version(tx, center, version).calendar.time_zone) if version else UTC
