"""Parked events over all services: what was given up, why, how often it was tried, since when; replay and discard.

The desk's own are asked of its database in this process; it knows no other way to itself. A service that is away is
named, and the others are shown.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import marshmallow
from flask import Blueprint, abort, g, render_template, request

from schemas.enums import Role
from schemas.errors import Refused
from schemas.record.record import Record
from schemas.requests import parked as api
from services.access import parked_events
from services.desk.backend import BackendAway, BackendRefused
from services.desk.pages.guard import for_staff, to_page
from services.plumbing.database.errors import FAULTS
from services.plumbing.database.transaction import Transaction

pages = Blueprint("parked", __name__)

SERVICES = ("intake", "routing", "deadline_watch", "notify", "desk")
OWN = "desk"


@pages.get("/parked")
@for_staff(Role.OPS)
def overview() -> Any:
    """All services, one after the other."""
    found = {service: _asked(service) for service in SERVICES}
    return render_template("parked.html", found=found, done=request.args.get("done"))


@pages.get("/parked/count")
@for_staff(Role.OPS)
def count() -> Any:
    """How many there are, for the header; with a + where a service could not be asked."""
    summaries = [_asked(service, "/summary") for service in SERVICES]
    parked = sum(each["parked"] for each in summaries if each)
    return render_template("parked_count.html", parked=parked, is_partial=None in summaries)


def _asked(service: str, path: str = "") -> Any:
    """What a service replies; None where it is away. Of its list a page, with the kinds that there are."""
    after = request.args.get("after") if request.args.get("service") == service else None
    try:
        if path:
            return _get(service, path, lambda tx: parked_events.summary(tx, g.person.center))
        query = api.ParkedQuery(after=after)
        page = _get(service, "", lambda tx: parked_events.page(tx, g.person.center, query), after=after)
        return page | {"kinds": _asked(service, "/summary") if page["items"] else None}
    except (BackendAway, *FAULTS):
        return None


@pages.get("/parked/<service>/<uuid:event_id>")
@for_staff(Role.OPS)
def show(service: str, event_id: UUID) -> Any:
    """One of them."""
    return _event(service, event_id)


def _event(service: str, event_id: UUID, refused: BackendRefused | None = None) -> Any:
    event = _get(service, f"/{event_id}", lambda tx: parked_events.details(tx, g.person.center, event_id))
    page = render_template(
        "parked_event.html",
        service=service,
        event=event,
        values=request.form,
        errors=refused.errors if refused else {},
    )
    return page, refused.status if refused else 200


@pages.post("/parked/<service>/<uuid:event_id>/replay")
@for_staff(Role.OPS)
def replay(service: str, event_id: UUID) -> Any:
    """Try one again."""

    def own(tx: Transaction) -> api.ParkedActed:
        parked_events.replay(tx, g.person.center, event_id, g.person.staff)
        return api.ParkedActed(events=1)

    _post(service, f"/{event_id}/replay", {}, own)
    return to_page("parked.overview", done="replayed")


@pages.post("/parked/<service>/replay")
@for_staff(Role.OPS)
def replay_kind(service: str) -> Any:
    """Try all of a type again."""
    type_ = request.form.get("type") or None

    def own(tx: Transaction) -> api.ParkedActed:
        return api.ParkedActed(events=parked_events.replay_kind(tx, g.person.center, type_, g.person.staff))

    _post(service, "/replay", {"type": type_}, own)
    return to_page("parked.overview", done="replayed")


@pages.post("/parked/<service>/<uuid:event_id>/discard")
@for_staff(Role.OPS)
def discard(service: str, event_id: UUID) -> Any:
    """Forget one for good, with a reason; what is no reason stays in the form with its fault."""
    reason = request.form.get("reason", "")

    def own(tx: Transaction) -> api.ParkedActed:
        body = api.DiscardParkedEvent.load({"reason": reason})
        parked_events.discard(tx, g.person.center, event_id, g.person.staff, body.reason)
        return api.ParkedActed(events=1)

    try:
        _post(service, f"/{event_id}/discard", {"reason": reason}, own)
    except BackendRefused as refused:
        if refused.status != 422:
            raise
        return _event(service, event_id, refused)
    return to_page("parked.overview", done="discarded")


def _get(service: str, path: str, own: Callable[[Transaction], Record], **query: Any) -> Any:
    return _own(own) if _known(service) == OWN else g.person.get(service, f"/parked-events{path}", **query)


def _post(service: str, path: str, body: Any, own: Callable[[Transaction], Record]) -> Any:
    if _known(service) == OWN:
        return _own(own)
    return g.person.post(service, f"/parked-events{path}", body, key=request.form.get("key"))


def _known(service: str) -> str:
    if service not in SERVICES:
        abort(404)
    return service


def _own(act: Callable[[Transaction], Record]) -> Any:
    """The same on the desk's own database, refused in the same way."""
    try:
        with g.desk.database.transaction() as tx:
            return act(tx).dump(ZoneInfo(g.center.calendar.time_zone))
    except marshmallow.ValidationError as error:
        raise BackendRefused(422, {"errors": error.normalized_messages()}) from None
    except Refused as error:
        raise BackendRefused(error.status, {"detail": error.detail}) from None
