"""The docket of a sitting: what a leader has to decide, and which promises are broken, or will be before the next."""

from collections import defaultdict
from datetime import datetime, tzinfo
from typing import NamedTuple
from uuid import UUID

from schemas.enums import DocketSection
from schemas.requests.docket import (
    DocketDeadline,
    DocketDeadlines,
    DocketExtension,
    DocketExtensions,
    DocketItem,
    DocketQuery,
    DocketRepeat,
    DocketRepeats,
    DocketView,
    EarlierReturn,
)
from schemas.requests.roster import ShiftView
from services.access import centers
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.routing import duty, store
from services.routing.replies import page_of, shown, zone_of
from services.routing.rules.lists import DuePlace, due_cursor, due_place, id_place


class _Request(NamedTuple):
    """A request for the docket of ``center``, whose replies are in the time zone ``zone``."""

    tx: Transaction
    center: str
    query: DocketQuery
    zone: tzinfo

    def has(self, section: DocketSection) -> bool:
        """Whether the section is part of the reply."""
        return (self.query.section or (DocketSection.ARBITRATION if self.query.after else section)) == section


def docket(call: Call) -> DocketView:
    """What lies before the duty leader. Raises Invalid for a cursor that is none."""
    center = centers.current(call.tx, call.actor.center)
    request = _Request(call.tx, center.code, call.query, zone_of(call))
    sitting, following_at = duty.sitting_now_or_next(call.tx, center)
    until = following_at or work_calendar(center.calendar).after(call.tx.now, 1)
    items, following = _arbitrations(request)
    return DocketView(
        sitting=ShiftView(**sitting._asdict()) if sitting else None,
        following_at=following_at,
        items=items,
        next=following,
        breached=_promises(request, DocketSection.BREACHED, None, call.tx.now),
        about_to_break=_promises(request, DocketSection.ABOUT_TO_BREAK, call.tx.now, until),
        extensions=_extensions(request),
        repeats=_repeats(request),
    )


def _arbitrations(request: _Request) -> tuple[tuple[DocketItem, ...], UUID | None]:
    if not request.has(DocketSection.ARBITRATION):
        return (), None
    after = id_place(request.query.after) if request.query.after else None
    rows = store.docket.arbitrations(request.tx, request.center, after=after, limit=request.query.limit + 1)
    page, following = page_of(rows, request.query.limit)
    returns: dict[UUID, list[EarlierReturn]] = defaultdict(list)
    for row in store.docket.returns(request.tx, [each.ticket_id for each in page]):
        returns[row.ticket_id].append(shown(EarlierReturn, row, request.zone))
    return tuple(shown(DocketItem, row, request.zone, returns=tuple(returns[row.ticket_id])) for row in page), following


def _promises(request: _Request, section: DocketSection, since: datetime | None, until: datetime) -> DocketDeadlines:
    if not request.has(section):
        return DocketDeadlines()
    after = due_place(request.query.after) if request.query.after else None
    rows = store.promises.promises(
        request.tx, request.center, since=since, until=until, after=after, limit=request.query.limit + 1
    )
    page, following = page_of(rows, request.query.limit)
    return DocketDeadlines(
        items=tuple(shown(DocketDeadline, row, request.zone) for row in page),
        next=due_cursor(DuePlace(page[-1].next_due_at, page[-1].id)) if following else None,
    )


def _extensions(request: _Request) -> DocketExtensions:
    if not request.has(DocketSection.EXTENSIONS):
        return DocketExtensions()
    after = id_place(request.query.after) if request.query.after else None
    rows = store.docket.extensions(request.tx, request.center, after=after, limit=request.query.limit + 1)
    page, following = page_of(rows, request.query.limit)
    return DocketExtensions(items=tuple(shown(DocketExtension, row, request.zone) for row in page), next=following)


def _repeats(request: _Request) -> DocketRepeats:
    if not request.has(DocketSection.REPEATS):
        return DocketRepeats()
    after = id_place(request.query.after) if request.query.after else None
    rows = store.docket.repeats(request.tx, request.center, after=after, limit=request.query.limit + 1)
    page, following = page_of(rows, request.query.limit)
    return DocketRepeats(items=tuple(shown(DocketRepeat, row, request.zone) for row in page), next=following)
