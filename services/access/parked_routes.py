"""Routes for parked events, the same in every service: `with_routes(parked_routes)`."""

from typing import Any
from uuid import UUID

from schemas.enums import Role
from schemas.requests import parked as api
from services.access import parked_events
from services.access.admission import route
from services.plumbing.http.group_commit import Call

PATH = "/parked-events"
EVENT = f"{PATH}/<uuid:event_id>"
OPERATORS = {Role.OPS}


@route("GET", PATH, query=api.ParkedQuery, reply=api.ParkedPage, roles=OPERATORS)
def list_parked_events(service: Any, call: Call) -> api.ParkedPage:
    """Events that were given up after the last try, or could not be read at all."""
    return parked_events.page(call.tx, call.actor.center, call.query)


@route("GET", f"{PATH}/summary", reply=api.ParkedSummary, roles=OPERATORS)
def summarise_parked_events(service: Any, call: Call) -> api.ParkedSummary:
    """How many there are, by type."""
    return parked_events.summary(call.tx, call.actor.center)


@route("GET", EVENT, reply=api.ParkedEventDetails, roles=OPERATORS)
def show_parked_event(service: Any, call: Call, event_id: UUID) -> api.ParkedEventDetails:
    """One of them, without what people wrote."""
    return parked_events.details(call.tx, call.actor.center, event_id)


@route("POST", f"{EVENT}/replay", reply=api.ParkedActed, roles=OPERATORS)
def replay_parked_event(service: Any, call: Call, event_id: UUID) -> api.ParkedActed:
    """Try one again, as often as a fresh one."""
    parked_events.replay(call.tx, call.actor.center, event_id, call.actor.staff)
    return api.ParkedActed(events=1)


@route("POST", f"{PATH}/replay", body=api.ReplayParkedKind, reply=api.ParkedActed, roles=OPERATORS)
def replay_parked_kind(service: Any, call: Call) -> api.ParkedActed:
    """Try all of a type again."""
    return api.ParkedActed(
        events=parked_events.replay_kind(call.tx, call.actor.center, call.body.type, call.actor.staff)
    )


@route("POST", f"{EVENT}/discard", body=api.DiscardParkedEvent, reply=api.ParkedActed, roles=OPERATORS)
def discard_parked_event(service: Any, call: Call, event_id: UUID) -> api.ParkedActed:
    """Forget one for good, and say why; that is kept with the name of who did it."""
    parked_events.discard(call.tx, call.actor.center, event_id, call.actor.staff, call.body.reason)
    return api.ParkedActed(events=1)
