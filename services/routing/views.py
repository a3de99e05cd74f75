"""What HTTP replies with of tickets and assignments, as far as the actor sees."""

from uuid import UUID

from schemas.enums import AssignmentState
from schemas.errors import Invalid, NotFound
from schemas.requests.assignments import (
    AssignmentOrder,
    AssignmentPage,
    AssignmentQuery,
    AssignmentView,
    TicketAssignment,
)
from schemas.requests.escalations import EscalationView
from schemas.requests.meetings import MeetingView, ReportSignature
from schemas.requests.routing import (
    ExtensionView,
    TicketDeadline,
    TicketPage,
    TicketSummary,
    TicketView,
)
from schemas.requests.timeline import TicketTimelineQuery, TimelineEntry, TimelineLine, TimelinePage
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.routing import escalations, store
from services.routing.replies import page_of, scope_of, shown, zone_of
from services.routing.rules.lists import DuePlace, Search, due_cursor, due_place, id_place, search_for

_LATEST = TicketTimelineQuery()
_SEARCH_ROUNDS = 3
"""How many times a page of candidates is looked through, so that one request never takes long."""


def assignment(call: Call, assignment_id: UUID) -> AssignmentView:
    """One assignment that the actor was let at."""
    return shown(AssignmentView, store.lists.assignment(call.tx, assignment_id), zone_of(call))


def assignments(call: Call) -> AssignmentPage:
    """The assignments that were asked for, as far as the actor sees."""
    query, order = call.query, order_of(call.query)
    by_due = order == AssignmentOrder.DUE
    rows = store.lists.assignments(
        call.tx,
        scope_of(call.actor),
        department=query.department,
        state=query.state,
        handled_by=call.actor.staff if query.mine else None,
        after=(due_place if by_due else id_place)(query.after) if query.after else None,
        by_due=by_due,
        limit=query.limit + 1,
    )
    page, following = page_of(rows, query.limit)
    last = due_cursor(DuePlace(page[-1].next_due_at, page[-1].id)) if page and by_due else str(following)
    zone = zone_of(call)
    return AssignmentPage(
        items=tuple(shown(AssignmentView, row, zone) for row in page), next=last if following else None
    )


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
    query, found, after, pause = call.query, list[Row](), call.query.after, TimeSlice()
    search = search_for(query.search, call.actor.center, call.tx.now.year) if query.search else Search()
    for _ in range(_SEARCH_ROUNDS):
        rows = store.lists.tickets(
            call.tx,
            scope_of(call.actor),
            state=query.state,
            complexity=query.complexity,
            department=query.department,
            search=search,
            after=after,
            limit=query.limit + 1,
        )
        found += [row for row in pause.between(rows) if not search.pieces or search.fits(row.title, row.text)]
        after = rows[-1].id if len(rows) > query.limit else None
        if len(found) > query.limit or after is None:
            break
    page, following = page_of(found, query.limit)
    zone = zone_of(call)
    return TicketPage(items=tuple(shown(TicketSummary, row, zone) for row in page), next=following or after)


def ticket(call: Call, ticket_id: UUID, section: TicketTimelineQuery = _LATEST) -> TicketView:
    """One ticket with what was decided and done. Raises NotFound beyond the actor's scope."""
    row = store.lists.ticket(call.tx, ticket_id, scope_of(call.actor))
    if row is None:
        raise NotFound("no such ticket")
    zone, related = zone_of(call), store.related.everything_of(call.tx, ticket_id)
    entries, before = store.timeline.page_of_ticket(
        call.tx, ticket_id, before=section.timeline_before, limit=section.timeline_limit
    )
    return shown(
        TicketView,
        row,
        zone,
        assignments=tuple(shown(TicketAssignment, each, zone) for each in related["assignments"]),
        deadlines=tuple(shown(TicketDeadline, each, zone) for each in related["deadlines"]),
        extensions=tuple(shown(ExtensionView, each, zone) for each in related["extensions"]),
        meetings=tuple(shown(MeetingView, each, zone) for each in related["meetings"]),
        signatures=tuple(shown(ReportSignature, each, zone) for each in related["signatures"]),
        escalations=escalations.with_acknowledgements(call, EscalationView, related["escalations"]),
        timeline=tuple(shown(TimelineEntry, each, zone) for each in entries),
        timeline_before=before,
    )


def timeline(call: Call) -> TimelinePage:
    """What has happened to the center's tickets since an entry."""
    after, limit = call.query.after, call.query.limit
    rows = store.timeline.page_of_center(call.tx, call.actor.center, after=after, limit=limit)
    zone = zone_of(call)
    return TimelinePage(
        items=tuple(shown(TimelineLine, each, zone) for each in rows), next=rows[-1].seq if rows else after
    )
