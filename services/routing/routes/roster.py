"""Who sits at the window when, and the changes of it: swaps, leave, substitutes."""

from uuid import UUID

from schemas.requests.roster import NameSubstitute, RosterQuery, RosterView, SwapSittings, TakeLeave
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing.actions import roster as actions
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.roster import roster
from services.routing.routes import CENTER, LEADERS

CHANGE = "/roster/changes/<uuid:change_id>"


@route("GET", "/roster", query=RosterQuery, reply=RosterView, roles=CENTER)
def list_shifts(service: HasMaskingKeys, call: Call) -> RosterView:
    """Who sits at the window when, what was changed, and which sittings nobody would hold."""
    return roster(call)


@route("POST", "/roster/swaps", body=SwapSittings, reply=RosterView, roles=LEADERS)
def swap_sittings(service: HasMaskingKeys, call: Call) -> RosterView:
    """Two leaders swap sittings; the other one confirms it."""
    actions.swap(call)
    return roster(call)


@route("POST", "/roster/leaves", body=TakeLeave, reply=RosterView, roles=LEADERS)
def take_leave(service: HasMaskingKeys, call: Call) -> RosterView:
    """A leader is on leave; a substitute sits."""
    actions.take_leave(call)
    return roster(call)


@route("POST", f"{CHANGE}/substitute", body=NameSubstitute, reply=RosterView, roles=LEADERS)
def name_substitute(service: HasMaskingKeys, call: Call, change_id: UUID) -> RosterView:
    """Say who sits for a leader on leave."""
    actions.name_substitute(call, change_id)
    return roster(call)


@route("POST", f"{CHANGE}/confirm", reply=RosterView, roles=LEADERS)
def confirm_swap(service: HasMaskingKeys, call: Call, change_id: UUID) -> RosterView:
    """Agree to a swap."""
    actions.confirm(call, change_id)
    return roster(call)


@route("POST", f"{CHANGE}/refuse", reply=RosterView, roles=LEADERS)
def refuse_swap(service: HasMaskingKeys, call: Call, change_id: UUID) -> RosterView:
    """Do not agree to a swap."""
    actions.refuse(call, change_id)
    return roster(call)


@route("POST", f"{CHANGE}/withdraw", reply=RosterView, roles=LEADERS)
def withdraw_change(service: HasMaskingKeys, call: Call, change_id: UUID) -> RosterView:
    """Take a change back."""
    actions.withdraw(call, change_id)
    return roster(call)
