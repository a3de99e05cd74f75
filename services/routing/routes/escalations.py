"""What those look at who answer for promises: which are open, and who was told that one is late and knows of it."""

from uuid import UUID

from schemas.requests.docket import DocketDeadlines, PromiseQuery
from schemas.requests.escalations import EscalationOfTicket, EscalationPage, EscalationQuery
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import escalations, promises
from services.routing.actions import acknowledging
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.routes import ANYBODY


@route("GET", "/promises", query=PromiseQuery, reply=DocketDeadlines, roles=ANYBODY)
def list_promises(service: HasMaskingKeys, call: Call) -> DocketDeadlines:
    """Open promises, the earliest due first."""
    return promises.promises(call)


@route("GET", "/escalations", query=EscalationQuery, reply=EscalationPage, roles=ANYBODY)
def list_escalations(service: HasMaskingKeys, call: Call) -> EscalationPage:
    """Escalations, newest first: one's own, or for the center's people all of them."""
    return escalations.escalations(call)


@route("POST", "/escalations/<uuid:escalation_id>/acknowledge", reply=EscalationOfTicket, roles=ANYBODY)
def acknowledge(service: HasMaskingKeys, call: Call, escalation_id: UUID) -> EscalationOfTicket:
    """Who was told of it knows of it."""
    acknowledging.acknowledge(call, escalation_id)
    return escalations.escalation(call, escalation_id)
