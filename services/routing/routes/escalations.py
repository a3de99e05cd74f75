"""Who was told that a promise is late, or about to be, and that they know of it."""

from uuid import UUID

from schemas.requests.escalations import EscalationOfTicket, EscalationPage, EscalationQuery
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import escalations
from services.routing.actions import acknowledging
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.routes import ANYBODY


@route("GET", "/escalations", query=EscalationQuery, reply=EscalationPage, roles=ANYBODY)
def list_escalations(service: HasMaskingKeys, call: Call) -> EscalationPage:
    """Escalations, newest first: one's own, or for the center's people all of them."""
    return escalations.escalations(call)


@route("POST", "/escalations/<uuid:escalation_id>/acknowledge", reply=EscalationOfTicket, roles=ANYBODY)
def acknowledge(service: HasMaskingKeys, call: Call, escalation_id: UUID) -> EscalationOfTicket:
    """Who was told of it knows of it."""
    acknowledging.acknowledge(call, escalation_id)
    return escalations.escalation(call, escalation_id)
