"""What those who look are shown: rows of the store as the records that HTTP replies with."""

import typing
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from schemas.enums import AssignmentOrder, AssignmentState
from schemas.errors import Invalid, NotFound
from schemas.record.record import Record
from schemas.requests.docket import RosterView, ShiftView
from schemas.requests.routing import (
    AssignmentPage,
    AssignmentQuery,
    AssignmentView,
    EscalationView,
    ExtensionView,
    TicketAssignment,
    TicketDeadline,
    TicketPage,
    TicketSummary,
    TicketView,
)
from schemas.requests.timeline import TicketTimelineQuery, TimelineEntry, TimelineLine, TimelinePage
from services.calendar.calendar import work_calendar
from services.calendar.days import LAST
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.plumbing.http.paging import fitting
from services.plumbing.security import centers
from services.routing import store
from services.routing.rules import roster
from services.routing.rules.cursors import DuePlace, due_cursor, due_place, id_place
from services.routing.rules.search import Search, search_for
from services.routing.scope import scope_of

_ROSTER_DAYS = 366
_LATEST = TicketTimelineQuery()
_SHOWN_DAYS = 28
_SEARCH_ROUNDS = 3
"""How many times a page of candidates is looked through, so that one request never takes long."""

_R = TypeVar("_R", bound=Record)


def assignment(call: Call, assignment_id: UUID) -> AssignmentView:
    """One assignment that the actor was let at."""
    return shown(AssignmentView, store.reading.assignment(call.tx, assignment_id))


def assignments(call: Call) -> AssignmentPage:
    """The assignments that were asked for, as far as the actor sees."""
    query = call.query
    scope, wanted = scope_of(call.actor), {"department": query.department, "state": query.state}
    if order_of(query) == AssignmentOrder.DUE:
        place = due_place(query.after) if query.after else None
        rows = store.reading.assignments_due(call.tx, scope, **wanted, after=place, limit=query.limit + 1)
    else:
        after = id_place(query.after) if query.after else None
        rows = store.reading.assignments(call.tx, scope, **wanted, after=after, limit=query.limit + 1)
    items = tuple(shown(AssignmentView, row) for row in rows[: fitting(rows, query.limit)])
    if len(rows) == len(items):
        return AssignmentPage(items=items)
    last = items[-1]
    following = due_cursor(DuePlace(last.next_due_at, last.id)) if order_of(query) == AssignmentOrder.DUE else last.id
    return AssignmentPage(items=items, next=str(following))


def order_of(query: AssignmentQuery) -> AssignmentOrder:
    """The order that was asked for, or that suits what was. Raises Invalid where nothing can break any more."""
    is_open = query.state in (AssignmentState.MADE, AssignmentState.ACCEPTED)
    if query.order == AssignmentOrder.DUE and query.state is not None and not is_open:
        raise Invalid("order", "What is returned, completed or replaced is due at no time; ask for made.")
    return query.order or (AssignmentOrder.DUE if is_open else AssignmentOrder.MADE)


def tickets(call: Call) -> TicketPage:
    """The tickets that were asked for, as far as the actor sees.

    Of a search a page may hold fewer than asked for, or none, and still have a next one.
    """
    query, found, after = call.query, list[Row](), call.query.after
    search = search_for(query.search, call.actor.center, call.tx.now.year) if query.search else Search()
    for _ in range(_SEARCH_ROUNDS):
        rows = store.reading.tickets(
            call.tx,
            scope_of(call.actor),
            state=query.state,
            complexity=query.complexity,
            department=query.department,
            search=search,
            after=after,
            limit=query.limit + 1,
        )
        found += [row for row in rows if not search.pieces or search.fits(row.title, row.text)]
        after = rows[-1].id if len(rows) > query.limit else None
        if len(found) > query.limit or after is None:
            break
    page, following = page_of(found, query.limit)
    return TicketPage(items=tuple(shown(TicketSummary, row) for row in page), next=following or after)


def ticket(call: Call, ticket_id: UUID, part: TicketTimelineQuery = _LATEST) -> TicketView:
    """One ticket with what was decided and done. Raises NotFound beyond the actor's scope."""
    row = store.reading.ticket(call.tx, ticket_id, scope_of(call.actor))
    if row is None:
        raise NotFound("no such ticket")
    parts = store.reading.everything_of(call.tx, ticket_id)
    told, before = store.timeline.page_of_ticket(
        call.tx, ticket_id, before=part.timeline_before, limit=part.timeline_limit
    )
    return shown(
        TicketView,
        row,
        assignments=tuple(shown(TicketAssignment, each) for each in parts["assignments"]),
        deadlines=tuple(shown(TicketDeadline, each) for each in parts["deadlines"]),
        extensions=tuple(shown(ExtensionView, each) for each in parts["extensions"]),
        escalations=tuple(shown(EscalationView, each) for each in parts["escalations"]),
        timeline=tuple(shown(TimelineEntry, each) for each in told),
        timeline_before=before,
    )


def timeline(call: Call) -> TimelinePage:
    """What has happened to the center's tickets since an entry."""
    after, limit = call.query.after, call.query.limit
    rows = store.timeline.page_of_center(call.tx, call.actor.center, after=after, limit=limit)
    return TimelinePage(items=tuple(shown(TimelineLine, each) for each in rows), next=rows[-1].seq if rows else after)


def sittings(call: Call) -> RosterView:
    """Who sits when. Raises Invalid on a span that is none, or longer than a year."""
    center = centers.current(call.tx, call.actor.center)
    calendar = work_calendar(center.calendar)
    since = call.query.since or calendar.local(call.tx.now).date()
    until = call.query.until or min(since + timedelta(days=_SHOWN_DAYS - 1), LAST)
    if not 0 <= (until - since).days < _ROSTER_DAYS:
        raise Invalid("until", f"Must not be before since, nor more than {_ROSTER_DAYS} days in all.")
    held = roster.shifts(center.roster, calendar, since, until)
    return RosterView(shifts=tuple(map(shift_view, held)))


def shift_view(shift: roster.Shift) -> ShiftView:
    """A sitting."""
    return ShiftView(**shift._asdict())


def page_of(rows: list[Row], limit: int) -> tuple[list[Row], UUID | None]:
    """The rows of a page, of which one more was asked for than it holds, and its last one's id (the first column)
    if more follow."""
    count = fitting(rows, limit)
    return rows[:count], rows[count - 1][0] if len(rows) > count else None


def shown(record: type[_R], row: Row, **more: Any) -> _R:
    """What ``record`` wants of a row: words become those of the closed lists, arrays become tuples."""
    kind: Any = record
    words, fields = _words_of(kind), _fields_of(kind)
    values = {
        name: tuple(value) if isinstance(value, list) else words[name](value) if value and name in words else value
        for name, value in row._asdict().items()
        if name in fields
    }
    return record(**values, **more)


@cache
def _fields_of(record: Any) -> frozenset[str]:
    return frozenset(record.schema().fields)


@cache
def _words_of(record: Any) -> dict[str, type[StrEnum]]:
    """The fields of a record that hold a word of a closed list."""
    found = {}
    for name, hint in typing.get_type_hints(record).items():
        for each in (hint, *typing.get_args(hint)):
            if isinstance(each, type) and issubclass(each, StrEnum):
                found[name] = each
    return found
