"""One's own notices and how many are unread; and for those who answer for a center, who was reached and who cannot be.

Every other page does without notify: what these parts show is fetched by the browser, and missing while it is away.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request

from schemas.channels import DeliveryState, NoticeChannel
from schemas.enums import Role
from schemas.requests.channels import ChannelFault
from services.desk.backend import BackendAway
from services.desk.live import announce
from services.desk.pages.guard import for_staff, is_fragment, way_back
from services.desk.pages.tickets import READERS
from services.desk.rules.changes import notices_of
from services.desk.rules.notices import delivery_error

pages = Blueprint("notices", __name__)

STAFF = tuple(frozenset(Role) - {Role.CHANNEL})
ANSWERABLE = (Role.DUTY_LEADER, Role.DIRECTOR, Role.SUPERVISOR, Role.OPS)
"""Those who must know whether the others are reached."""


@pages.get("/notices")
@for_staff(*STAFF)
def mine() -> Any:
    """One's own notices, the latest first, with what became of each by one's channels."""
    state = "unread" if request.args.get("state") == "unread" else "all"
    page = g.person.get(
        "notify", "/notices", state=state, language=g.wording.language, after=request.args.get("after"), limit=50
    )
    return render_template(
        "notices_rows.html" if is_fragment() else "notices.html",
        page=page,
        state=state,
        reads_tickets=g.person.has(*READERS),
        is_answerable=g.person.has(*ANSWERABLE),
        delivery_error=delivery_error,
    )


@pages.get("/notices/count")
@for_staff(*STAFF)
def count() -> Any:
    """How many are unread, for the header; nothing while notify is away."""
    try:
        unread = g.person.get("notify", "/notices", state="unread", limit=1)["unread"]
    except BackendAway:
        unread = 0
    return render_template("notices_count.html", unread=unread)


@pages.post("/notices/<uuid:notice_id>/read")
@for_staff(*STAFF)
def read(notice_id: UUID) -> Any:
    """One was read; go on to where the form leads, which may be its ticket."""
    return _read(f"/notices/{notice_id}/read")


@pages.post("/notices/read")
@for_staff(*STAFF)
def read_all() -> Any:
    """All were read."""
    return _read("/notices:read")


def _read(path: str) -> Any:
    g.person.post("notify", path, key=request.form.get("key"))
    with g.desk.database.transaction() as tx:  # the reader's other windows
        announce(tx, [notices_of(g.person.center, g.person.staff)])
    return redirect(way_back(), code=303)


@pages.get("/deliveries")
@for_staff(*ANSWERABLE)
def deliveries() -> Any:
    """What went to whom by which channel, and what became of it."""
    chosen = {name: request.args.get(name) or None for name in ("state", "channel")}
    if chosen["state"] not in (None, *DeliveryState) or chosen["channel"] not in (None, *NoticeChannel):
        abort(404)
    page = g.person.get("notify", "/deliveries", **chosen, after=request.args.get("after"), limit=50)
    return render_template(
        "deliveries_rows.html" if is_fragment() else "deliveries.html",
        page=page,
        **chosen,
        states=list(DeliveryState),
        channels=list(NoticeChannel),
        reads_tickets=g.person.has(*READERS),
        is_answerable=True,
        delivery_error=delivery_error,
    )


@pages.get("/reachability")
@for_staff(*ANSWERABLE)
def reachability() -> Any:
    """Whom nobody reaches outside of the desk, and which channels fail since when."""
    try:
        warnings = g.person.get("notify", "/channels/warnings")["warnings"]
    except BackendAway:
        warnings = None
    found = {fault: [each for each in warnings or () if each["fault"] == fault] for fault in ChannelFault}
    return render_template(
        "reachability_part.html" if is_fragment() else "reachability.html",
        is_away=warnings is None,
        in_desk_alone=found[ChannelFault.NO_CHANNEL],
        not_reached=found[ChannelFault.NO_WORKING_CHANNEL],
        failing=found[ChannelFault.CHANNEL_FAILS],
        is_answerable=True,
        delivery_error=delivery_error,
    )
