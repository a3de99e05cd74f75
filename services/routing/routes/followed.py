"""How far tickets have come, for whoever follows them to the end (首问负责)."""

from collections import defaultdict
from uuid import UUID

from schemas.requests.escalations import EscalationView
from schemas.requests.followed import FindFollowed, FollowedTicket, FollowedTickets
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import escalations, store
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.replies import shown, zone_of
from services.routing.routes import CENTER


@route("POST", "/tickets:followed", body=FindFollowed, reply=FollowedTickets, roles=CENTER, keyed=False)
def find_followed(service: HasMaskingKeys, call: Call) -> FollowedTickets:
    """Say of some tickets what was reported last, and who was told that they are late: one request for a whole list."""
    center, wanted, zone = call.actor.center, call.body.tickets, zone_of(call)
    reached = store.followed.escalations(call.tx, center, wanted)
    of_ticket: dict[UUID, list[EscalationView]] = defaultdict(list)
    for row, view in zip(reached, escalations.with_acknowledgements(call, EscalationView, reached), strict=True):
        of_ticket[row.ticket_id].append(view)
    return FollowedTickets(
        items=tuple(
            shown(FollowedTicket, row, zone, escalations=tuple(of_ticket[row.ticket_id]))
            for row in store.followed.progress(call.tx, center, wanted)
        )
    )
