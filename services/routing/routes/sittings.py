"""The sittings at the window: opened, closed, and their minutes."""

from uuid import UUID

from schemas.requests import sittings as api
from services.access.admission import route
from services.plumbing.http.group_commit import Call
from services.routing import sittings
from services.routing.actions import sittings as actions
from services.routing.actions.staff_texts import HasMaskingKeys
from services.routing.routes import CENTER, LEADERS

SITTING = "/sittings/<uuid:sitting_id>"


@route("GET", "/sittings", query=api.SittingsQuery, reply=api.SittingPage, roles=CENTER)
def list_sittings(service: HasMaskingKeys, call: Call) -> api.SittingPage:
    """The sittings of some days, the latest first."""
    return sittings.sittings(call)


@route("GET", "/sittings/now", query=api.SittingQuery, reply=api.SittingsNow, roles=CENTER)
def show_sittings_now(service: HasMaskingKeys, call: Call) -> api.SittingsNow:
    """The sitting in progress, and the hand-over of the one before."""
    return sittings.sittings_now(call)


@route("GET", SITTING, query=api.SittingQuery, reply=api.SittingView, roles=CENTER)
def show_sitting(service: HasMaskingKeys, call: Call, sitting_id: UUID) -> api.SittingView:
    """One sitting: what was decided, what was left undone, its minutes and the hand-over."""
    return sittings.sitting(call, sitting_id)


@route("POST", "/sittings/open", reply=api.SittingView, roles=LEADERS)
def open_sitting(service: HasMaskingKeys, call: Call) -> api.SittingView:
    """Begin the sitting of now."""
    return sittings.sitting(call, actions.open_sitting(call))


@route("POST", f"{SITTING}/close", reply=api.SittingView, roles=LEADERS)
def close_sitting(service: HasMaskingKeys, call: Call, sitting_id: UUID) -> api.SittingView:
    """End it."""
    actions.close_sitting(call, sitting_id)
    return sittings.sitting(call, sitting_id)


@route("POST", f"{SITTING}/minutes", body=api.WriteMinutes, reply=api.SittingView, roles=LEADERS)
def write_minutes(service: HasMaskingKeys, call: Call, sitting_id: UUID) -> api.SittingView:
    """Change the draft."""
    actions.write_minutes(call, service.masking_keys, sitting_id)
    return sittings.sitting(call, sitting_id)


@route("POST", f"{SITTING}/sign", body=api.WriteMinutes, reply=api.SittingView, roles=LEADERS)
def sign_minutes(service: HasMaskingKeys, call: Call, sitting_id: UUID) -> api.SittingView:
    """Sign the minutes; they are changed no more."""
    actions.sign_minutes(call, service.masking_keys, sitting_id)
    return sittings.sitting(call, sitting_id)
