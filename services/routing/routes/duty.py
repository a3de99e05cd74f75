"""What the duty leader sees and decides: the docket, extensions, who handles a ticket."""

from uuid import UUID

from schemas.requests import routing as api
from schemas.requests.docket import Arbitrate, DocketQuery, DocketView
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import docket, views
from services.routing.actions import distribution, promises, sittings
from services.routing.actions.staff_texts import HasMaskingKeys, masked
from services.routing.routes import LEADERS, TICKET

EXTENSION = "/extensions/<uuid:extension_id>"


@route("POST", f"{TICKET}/arbitrate", body=Arbitrate, reply=api.TicketView, roles=LEADERS)
def arbitrate(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> api.TicketView:
    """Decide who handles it, finally."""
    sittings.open_by_decision(call)
    distribution.arbitrate(masked(call, service.masking_keys, ticket_id), ticket_id)
    return views.ticket(call, ticket_id)


@route("POST", f"{TICKET}/reclassify", body=api.ReclassifyTicket, reply=api.TicketView, roles=LEADERS)
def reclassify(service: HasMaskingKeys, call: Call, ticket_id: UUID) -> api.TicketView:
    """An ordinary ticket is complex after all."""
    sittings.open_by_decision(call)
    promises.reclassify(masked(call, service.masking_keys, ticket_id), ticket_id)
    return views.ticket(call, ticket_id)


@route("POST", f"{EXTENSION}/grant", reply=api.TicketView, roles=LEADERS)
def grant_extension(service: HasMaskingKeys, call: Call, extension_id: UUID) -> api.TicketView:
    """Grant the time that a department requested."""
    sittings.open_by_decision(call)
    return views.ticket(call, promises.grant(call, extension_id))


@route("POST", f"{EXTENSION}/refuse", body=api.RefuseExtension, reply=api.TicketView, roles=LEADERS)
def refuse_extension(service: HasMaskingKeys, call: Call, extension_id: UUID) -> api.TicketView:
    """Refuse it, and say why."""
    sittings.open_by_decision(call)
    return views.ticket(call, promises.refuse(masked(call, service.masking_keys, extension_id), extension_id))


@route("GET", "/docket", query=DocketQuery, reply=DocketView, roles=LEADERS)
def show_docket(service: HasMaskingKeys, call: Call) -> DocketView:
    """What this sitting has to decide, what is broken, and what will be before the next; whose sitting it is."""
    return docket.docket(call)
