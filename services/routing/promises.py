"""Open promises as whoever answers for a department or for the center reads them."""

from schemas.requests.docket import DocketDeadline, DocketDeadlines
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.replies import page_of, scope_of, shown, zone_of
from services.routing.rules.lists import DuePlace, due_cursor, due_place


def promises(call: Call) -> DocketDeadlines:
    """The promises that were asked for, as far as the actor sees. Raises Invalid for a cursor that is none."""
    query, scope = call.query, scope_of(call.actor)
    if scope.department is not None and query.department not in (None, scope.department):
        return DocketDeadlines()
    rows = store.promises.promises(
        call.tx,
        scope.center,
        since=query.since,
        until=query.until,
        after=due_place(query.after) if query.after else None,
        limit=query.limit + 1,
        department=query.department or scope.department,
    )
    page, following = page_of(rows, query.limit)
    zone = zone_of(call)
    return DocketDeadlines(
        items=tuple(shown(DocketDeadline, row, zone) for row in page),
        next=due_cursor(DuePlace(page[-1].next_due_at, page[-1].id)) if following else None,
    )
