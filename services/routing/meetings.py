"""Joint meetings and reports to sign, as they are read."""

from dataclasses import replace
from uuid import UUID

from schemas.enums import Role
from schemas.requests.escalations import EscalationQuery
from schemas.requests.meetings import (
    MeetingOfTicket,
    MeetingPage,
    MeetingQuery,
    MeetingView,
    NeededMeeting,
    NeededMeetingPage,
    PageQuery,
    TogetherView,
    UnsignedReport,
    UnsignedReportPage,
)
from services.plumbing.http.group_commit import Call
from services.routing import escalations, store
from services.routing.replies import page_of, scope_of, shown, zone_of
from services.routing.rules.lists import DuePlace, due_cursor, due_place


def meeting(call: Call, meeting_id: UUID) -> MeetingView:
    """One meeting that the actor was let at."""
    return shown(MeetingView, store.meetings.meeting(call.tx, meeting_id), zone_of(call))


def to_come(call: Call) -> MeetingPage:
    """The meetings that are to come, as far as the actor sees. Raises Invalid for a cursor that is none."""
    query, scope = call.query, scope_of(call.actor)
    rows = store.meetings.to_come(
        call.tx,
        scope.center,
        department=query.department if scope.department is None else scope.department,
        after=due_place(query.after) if query.after else None,
        limit=query.limit + 1,
    )
    page, following = page_of(rows, query.limit)
    zone = zone_of(call)
    return MeetingPage(
        items=tuple(shown(MeetingOfTicket, row, zone) for row in page),
        next=due_cursor(DuePlace(page[-1].meets_at, page[-1].id)) if following else None,
    )


def needed(call: Call) -> NeededMeetingPage:
    """Tickets whose departments should be called together."""
    query, zone = call.query, zone_of(call)
    rows = store.meetings.needed(call.tx, call.actor.center, after=query.after, limit=query.limit + 1)
    page, following = page_of(rows, query.limit)
    return NeededMeetingPage(items=tuple(shown(NeededMeeting, row, zone) for row in page), next=following)


def unsigned(call: Call) -> UnsignedReportPage:
    """Reports to be signed, as far as the actor sees: by the own department, or by any."""
    query, scope, zone = call.query, scope_of(call.actor), zone_of(call)
    rows = store.meetings.unsigned(
        call.tx, scope.center, department=scope.department, after=query.after, limit=query.limit + 1
    )
    page, following = page_of(rows, query.limit)
    return UnsignedReportPage(items=tuple(shown(UnsignedReport, row, zone) for row in page), next=following)


def together(call: Call) -> TogetherView:
    """What lies beside the own work, as far as the actor sees."""
    limit, is_leader = call.query.limit, call.actor.has(Role.DUTY_LEADER, Role.DIRECTOR)
    mine = EscalationQuery(mine=True, unacknowledged=True, limit=limit)
    by_id = replace(call, query=PageQuery(limit=limit))
    return TogetherView(
        escalations=escalations.escalations(replace(call, query=mine)),
        meetings=to_come(replace(call, query=MeetingQuery(limit=limit))),
        reports=unsigned(by_id),
        needed=needed(by_id) if is_leader else NeededMeetingPage(items=()),
    )
