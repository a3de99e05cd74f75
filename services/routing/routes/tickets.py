"""A ticket as staff read it, and what its lead department and the window do with it."""

from uuid import UUID

from schemas.enums import Role
from schemas.requests import routing as api
from schemas.requests.timeline import TicketTimelineQuery, TimelinePage, TimelineQuery
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import views
from services.routing.actions import departments, promises, sittings
from services.routing.actions import tickets as ticket_actions
from services.routing.actions.staff_texts import HasMaskingKeys, masked
from services.routing.routes import ANYBODY, CENTER, CLERKS, LEADERS, LIAISONS, TICKET


@route("GET", "/tickets", query=api.TicketQuery, reply=api.TicketPage, roles=ANYBODY)
def list_tickets(service: HasMaskingKeys, call: Call) -> api.TicketPage:
    """Tickets of the center or of the liaison's department, newest first; also those with some words in them."""
    return views.tickets(call)


@route("GET", TICKET, query=TicketTimelineQuery, reply=api.TicketView, roles=ANYBODY)
def show(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> api.TicketView:
    """One ticket with what was decided and done; the latest of its timeline, or what was before."""
    return views.ticket(call, ticket_id, call.query)


@route("GET", "/timeline", query=TimelineQuery, reply=TimelinePage, roles=CENTER | {Role.OPS})
def timeline(service: HasMaskingKeys, call: Call) -> TimelinePage:
    """What has happened to all tickets since then, for programs that follow it."""
    return views.timeline(call)


@route("POST", f"{TICKET}/report", body=api.FileReport, reply=api.TicketView, roles=LIAISONS | {Role.DUTY_LEADER})
def report(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> api.TicketView:
    """File the special-topic report (专题报告) of a complex ticket."""
    departments.report(masked(call, service.masking_keys, ticket_id), ticket_id)
    return views.ticket(call, ticket_id)


@route("POST", f"{TICKET}/answer", body=api.AnswerTicket, reply=api.TicketView, roles=LIAISONS | {Role.DUTY_LEADER})
def answer(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> api.TicketView:
    """Give the citizen the solution."""
    departments.answer(masked(call, service.masking_keys, ticket_id), ticket_id)
    return views.ticket(call, ticket_id)


@route("POST", f"{TICKET}/close", body=api.CloseTicket, reply=api.TicketView, roles=CLERKS)
def close(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> api.TicketView:
    """End an answered ticket, with its outcome."""
    ticket_actions.close(call, ticket_id)
    return views.ticket(call, ticket_id)


@route("POST", f"{TICKET}/extension", body=api.GrantExtension, reply=api.TicketView, roles=LIAISONS | LEADERS)
def extend(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> api.TicketView:
    """More time, before the due time: a leader grants it at once, the lead department asks a leader for it."""
    sittings.open_by_decision(call)
    promises.extend(masked(call, service.masking_keys, ticket_id), ticket_id)
    return views.ticket(call, ticket_id)
