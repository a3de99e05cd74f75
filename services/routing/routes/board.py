"""What the wall board shows of tickets: numbers alone."""

from schemas.enums import Cause, Role
from schemas.requests.causes import CauseCount, CauseCounts
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.replies import scope_of
from services.routing.routes import ANYBODY
from services.routing.rules.ticket import Scope


@route("GET", "/board", reply=CauseCounts, roles=ANYBODY | {Role.OPS})
def count_causes(service: HasMaskingKeys, call: Call) -> CauseCounts:
    """How many open tickets have which cause; a liaison and a head see the own department's."""
    scope = Scope(call.actor.center, None) if call.actor.has(Role.OPS) else scope_of(call.actor)
    rows = store.tickets.open_by_cause(call.tx, scope)
    return CauseCounts(
        rows=tuple(CauseCount(cause=Cause(row.cause) if row.cause else None, count=row.count) for row in rows)
    )
