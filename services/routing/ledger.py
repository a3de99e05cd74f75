"""The ledger as the center's own people take it out, page by page."""

from collections import defaultdict
from datetime import datetime, time, timedelta, tzinfo
from typing import Any
from uuid import UUID

from schemas.cursors import cursor_of, place_of
from schemas.requests.docket import EarlierReturn
from schemas.requests.ledger import LedgerLine, LedgerPage, LedgerProgress, LedgerQuery
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.routing import store
from services.routing.replies import page_of, scope_of, shown, zone_of


def ledger(call: Call) -> LedgerPage:
    """A page of the tickets that were asked for. Raises Invalid for a cursor that is none."""
    query, scope, zone = call.query, scope_of(call.actor), zone_of(call)
    wanted = _wanted(query, zone)
    rows = store.ledger.lines(
        call.tx, scope, wanted, after=place_of(query.after) if query.after else None, limit=query.limit + 1
    )
    page, following = page_of(rows, query.limit)
    of_ticket: dict[UUID, list[Row]] = defaultdict(list)
    for row in store.ledger.assignments(call.tx, [each.id for each in page]):
        of_ticket[row.ticket_id].append(row)
    return LedgerPage(
        items=tuple(_line(row, of_ticket[row.id], zone) for row in TimeSlice().between(page)),
        next=cursor_of(page[-1].registered_at, page[-1].id) if following else None,
        total=None if query.after else store.ledger.count(call.tx, scope, wanted),
    )


def _wanted(query: LedgerQuery, zone: tzinfo) -> dict[str, Any]:
    """What is asked for, with the days as instants of the center."""
    since = query.since and datetime.combine(query.since, time.min, zone)
    until = query.until and datetime.combine(query.until + timedelta(days=1), time.min, zone)
    names = ("state", "complexity", "department", "cause", "channel")
    return {"since": since, "until": until, **{name: getattr(query, name) for name in names}}


def _line(row: Row, assignments: list[Row], zone: tzinfo) -> LedgerLine:
    return shown(
        LedgerLine,
        row,
        zone,
        returns=tuple(shown(EarlierReturn, each, zone) for each in assignments if each.returned_at),
        progress=tuple(shown(LedgerProgress, each, zone) for each in assignments if each.progress),
    )
