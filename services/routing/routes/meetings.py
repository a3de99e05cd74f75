"""Joint meetings of complex tickets, and the signatures of every department under the report."""

from uuid import UUID

from schemas.requests import meetings as forms
from schemas.requests.routing import TicketView
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import meetings, views
from services.routing.actions import meetings as acts
from services.routing.actions import sittings
from services.routing.actions.staff_texts import HasMaskingKeys, masked
from services.routing.routes import ANYBODY, LEADERS, LIAISONS, TICKET

MEETING = "/meetings/<uuid:meeting_id>"


@route("GET", "/meetings", query=forms.MeetingQuery, reply=forms.MeetingPage, roles=ANYBODY)
def list_meetings(service: HasMaskingKeys, call: Call) -> forms.MeetingPage:
    """Meetings that are to come, or whose outcome is not noted yet, the earliest first."""
    return meetings.to_come(call)


@route("GET", "/meetings/needed", query=forms.PageQuery, reply=forms.NeededMeetingPage, roles=LEADERS)
def list_needed_meetings(service: HasMaskingKeys, call: Call) -> forms.NeededMeetingPage:
    """Complex tickets of several departments that nobody has called together yet."""
    return meetings.needed(call)


@route("GET", "/together", query=forms.TogetherQuery, reply=forms.TogetherView, roles=ANYBODY)
def show_together(service: HasMaskingKeys, call: Call) -> forms.TogetherView:
    """What one has to know of, and what several departments do together, in one reply."""
    return meetings.together(call)


@route("POST", f"{TICKET}/meetings", body=forms.CallMeeting, reply=forms.MeetingView, roles=LEADERS)
def call_meeting(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> forms.MeetingView:
    """Call the departments of a complex ticket together."""
    sittings.open_by_decision(call)
    return meetings.meeting(call, acts.call_meeting(masked(call, service.masking_keys, ticket_id), ticket_id))


@route("POST", f"{MEETING}/move", body=forms.MoveMeeting, reply=forms.MeetingView, roles=LEADERS)
def move_meeting(service: HasMaskingKeys, call: Call, meeting_id: UUID) -> forms.MeetingView:
    """Another time or place."""
    sittings.open_by_decision(call)
    acts.move(masked(call, service.masking_keys, meeting_id), meeting_id)
    return meetings.meeting(call, meeting_id)


@route("POST", f"{MEETING}/cancel", body=forms.CancelMeeting, reply=forms.MeetingView, roles=LEADERS)
def cancel_meeting(service: HasMaskingKeys, call: Call, meeting_id: UUID) -> forms.MeetingView:
    """It does not take place."""
    sittings.open_by_decision(call)
    acts.cancel(masked(call, service.masking_keys, meeting_id), meeting_id)
    return meetings.meeting(call, meeting_id)


@route("POST", f"{MEETING}/hold", body=forms.HoldMeeting, reply=forms.MeetingView, roles=LEADERS)
def hold_meeting(service: HasMaskingKeys, call: Call, meeting_id: UUID) -> forms.MeetingView:
    """It was held; what came of it."""
    sittings.open_by_decision(call)
    acts.hold(masked(call, service.masking_keys, meeting_id), meeting_id)
    return meetings.meeting(call, meeting_id)


@route("GET", "/reports/unsigned", query=forms.PageQuery, reply=forms.UnsignedReportPage, roles=ANYBODY)
def list_unsigned_reports(service: HasMaskingKeys, call: Call) -> forms.UnsignedReportPage:
    """Special-topic reports that departments have still to sign."""
    return meetings.unsigned(call)


@route("POST", f"{TICKET}/report/sign", body=forms.SignReport, reply=TicketView, roles=LIAISONS)
def sign_report(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> TicketView:
    """Sign the report as a department that assists (会签)."""
    acts.sign_report(call, ticket_id)
    return views.ticket(call, ticket_id)
