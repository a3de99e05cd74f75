"""The docket of a sitting: what a leader has to decide, and which promises are broken, or will be before the next."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.center.center import Center
from schemas.enums import DocketSection
from schemas.requests.docket import (
    DocketDeadline,
    DocketDeadlines,
    DocketExtension,
    DocketExtensions,
    DocketItem,
    DocketQuery,
    DocketView,
    EarlierReturn,
)
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.plumbing.security import centers
from services.routing import store
from services.routing.rules import roster
from services.routing.rules.cursors import DuePlace, due_cursor, due_place, id_place
from services.routing.views import page_of, shift_view, shown


class _Asked(NamedTuple):
    """Of which center, how much of each section, and from where on in the one that was asked for."""

    tx: Transaction
    center: str
    query: DocketQuery

    def has(self, section: DocketSection) -> bool:
        """Whether the section is part of the reply."""
        only = self.query.section or (DocketSection.ARBITRATION if self.query.after else section)
        return only == section


def docket(call: Call) -> DocketView:
    """What lies before the duty leader. Raises Invalid for a cursor that is none."""
    center = centers.current(call.tx, call.actor.center)
    asked = _Asked(call.tx, center.code, call.query)
    sitting, following_at = _sittings(center, call.tx.now)
    until = following_at or work_calendar(center.calendar).after(call.tx.now, 1)
    items, following = _arbitrations(asked)
    return DocketView(
        sitting=shift_view(sitting) if sitting else None,
        following_at=following_at,
        items=items,
        next=following,
        breached=_promises(asked, DocketSection.BREACHED, None, call.tx.now),
        about_to_break=_promises(asked, DocketSection.ABOUT_TO_BREAK, call.tx.now, until),
        extensions=_extensions(asked),
    )


def _sittings(center: Center, now: datetime) -> tuple[roster.Shift | None, datetime | None]:
    """The sitting now or next, and when the one after it opens; None where the roster holds none."""
    calendar, sitting = work_calendar(center.calendar), None
    try:
        sitting = roster.on_duty(center.roster, calendar, now)
        return sitting, roster.on_duty(center.roster, calendar, sitting.closes_at).opens_at
    except LookupError:
        return sitting, None


def _arbitrations(asked: _Asked) -> tuple[tuple[DocketItem, ...], UUID | None]:
    if not asked.has(DocketSection.ARBITRATION):
        return (), None
    after = id_place(asked.query.after) if asked.query.after else None
    rows = store.docket.arbitrations(asked.tx, asked.center, after=after, limit=asked.query.limit + 1)
    page, following = page_of(rows, asked.query.limit)
    returns: dict[UUID, list[EarlierReturn]] = defaultdict(list)
    for row in store.docket.returns(asked.tx, [each.ticket_id for each in page]):
        returns[row.ticket_id].append(shown(EarlierReturn, row))
    return tuple(shown(DocketItem, row, returns=tuple(returns[row.ticket_id])) for row in page), following


def _promises(asked: _Asked, section: DocketSection, since: datetime | None, until: datetime) -> DocketDeadlines:
    if not asked.has(section):
        return DocketDeadlines()
    after = due_place(asked.query.after) if asked.query.after else None
    rows = store.docket.promises(
        asked.tx, asked.center, since=since, until=until, after=after, limit=asked.query.limit + 1
    )
    page, following = page_of(rows, asked.query.limit)
    return DocketDeadlines(
        items=tuple(shown(DocketDeadline, row) for row in page),
        next=due_cursor(DuePlace(page[-1].next_due_at, page[-1].id)) if following else None,
    )


def _extensions(asked: _Asked) -> DocketExtensions:
    if not asked.has(DocketSection.EXTENSIONS):
        return DocketExtensions()
    after = id_place(asked.query.after) if asked.query.after else None
    rows = store.docket.extensions(asked.tx, asked.center, after=after, limit=asked.query.limit + 1)
    page, following = page_of(rows, asked.query.limit)
    return DocketExtensions(items=tuple(shown(DocketExtension, row) for row in page), next=following)
