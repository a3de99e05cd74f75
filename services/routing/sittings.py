"""The sittings as people see them: which were held, what was decided, what was left undone, what the minutes say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from schemas.center.center import Center
from schemas.duty import SittingState
from schemas.enums import DocketSection
from schemas.errors import Invalid
from schemas.requests.docket import DocketQuery
from schemas.requests.sittings import (
    LeftUndone,
    SittingDecision,
    SittingPage,
    SittingQuery,
    SittingsNow,
    SittingSummary,
    SittingView,
    UndoneTicket,
)
from services.access import centers
from services.calendar.calendar import work_calendar
from services.plumbing.http.group_commit import Call
from services.routing import duty, store
from services.routing.docket import docket
from services.routing.replies import shown, zone_of
from services.routing.roster import LONGEST, SHOWN_DAYS
from services.routing.rules.minutes import SECTIONS, draft_of_handover, draft_of_minutes
from services.routing.rules.roster_changes import Shift
from services.routing.rules.sittings import HeldSitting, may_be_opened
from services.wording import Language, Wording

_NAMED = 20
"""How many tickets of a section of the docket are named in the hand-over."""
_COUNTED = 200


def sittings(call: Call) -> SittingPage:
    """The sittings of some days, those that nobody opened among them. Raises Invalid on a span that is none."""
    tx, center = call.tx, centers.current(call.tx, call.actor.center)
    zone, today = work_calendar(center.calendar).zone, work_calendar(center.calendar).local(tx.now).date()
    until = call.query.until or max(today, call.query.since or today)
    since = call.query.since or until - timedelta(days=SHOWN_DAYS - 1)
    if not 0 <= (until - since).days < LONGEST:
        raise Invalid("until", f"Must not be before since, nor more than {LONGEST} days in all.")
    first, last = datetime.combine(since, time.min, zone), datetime.combine(until, time.max, zone)
    held = {each.opens_at: each for each in store.sittings.between(tx, center.code, first, last)}
    planned = {each.opens_at: each for each in _planned(call, center, since, until)}
    return SittingPage(
        items=tuple(
            _summary(call, planned.get(opens_at), held.get(opens_at))
            for opens_at in sorted(held.keys() | planned.keys(), reverse=True)
        )
    )


def _planned(call: Call, center: Center, since: date, until: date) -> list[Shift]:
    return duty.shifts(call.tx, center, since, until)


def _summary(call: Call, shift: Shift | None, held: HeldSitting | None) -> SittingSummary:
    zone = zone_of(call)
    if held:
        return shown(SittingSummary, held, zone, state=held.state)
    if shift is None:
        raise ValueError("a sitting is planned or was held")
    state = SittingState.TO_COME if call.tx.now < shift.closes_at else SittingState.NOT_OPENED
    return SittingSummary(leader=shift.leader, opens_at=shift.opens_at, closes_at=shift.closes_at, state=state)


def sitting(call: Call, sitting_id: UUID) -> SittingView:
    """One sitting with everything. Raises NotFound."""
    return _view(call, store.sittings.sitting(call.tx, call.actor.center, sitting_id))


def sittings_now(call: Call) -> SittingsNow:
    """The sitting in progress, and the one before with its hand-over."""
    tx, center = call.tx, centers.current(call.tx, call.actor.center)
    shift, _following = duty.sitting_now_or_next(tx, center)
    held = store.sittings.opening_at(tx, center.code, shift.opens_at) if shift else None
    before = store.sittings.last_closed(tx, center.code)
    is_present = held is not None or may_be_opened(shift, tx.now)
    return SittingsNow(
        present=_summary(call, shift, held) if is_present else None, before=_view(call, before) if before else None
    )


def _view(call: Call, held: HeldSitting) -> SittingView:
    tx, center, zone = call.tx, centers.current(call.tx, call.actor.center), zone_of(call)
    query = call.query if isinstance(call.query, SittingQuery) else SittingQuery()
    say = Wording(Language(query.language))
    rows = store.sittings.decisions(tx, held)
    decisions = tuple(shown(SittingDecision, row, zone) for row in rows)
    undone = store.sittings.left_undone(tx, held.id) if held.closed_at else undone_now(call)
    return shown(
        SittingView,
        held._replace(
            minutes=held.minutes or draft_of_minutes(held, decisions, center, zone, say),
            handover=held.handover or draft_of_handover(undone, say),
        ),
        zone,
        state=held.state,
        decisions=decisions,
        left_undone=undone,
        is_draft=held.minutes is None,
    )


def undone_now(call: Call) -> tuple[LeftUndone, ...]:
    """What lies on the docket now, section by section."""
    page = docket(replace(call, query=DocketQuery(limit=_COUNTED)))
    parts: dict[DocketSection, tuple[Sequence[Any], object]] = {
        DocketSection.ARBITRATION: (page.items, page.next),
        DocketSection.EXTENSIONS: (page.extensions.items, page.extensions.next),
        DocketSection.BREACHED: (page.breached.items, page.breached.next),
        DocketSection.ABOUT_TO_BREAK: (page.about_to_break.items, page.about_to_break.next),
    }
    return tuple(
        LeftUndone(
            section=section,
            count=len(items),
            has_more=following is not None,
            tickets=tuple(
                UndoneTicket(ticket_id=each.ticket_id, number=each.number, title=each.title) for each in items[:_NAMED]
            ),
        )
        for section in SECTIONS
        for items, following in [parts[section]]
    )
