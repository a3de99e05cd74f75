"""By which channels one is notified, in which order and when; what is secret in them is never shown again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from schemas.channels import NoticeChannel
from schemas.requests.channels import MOST_CHANNELS
from services.desk.backend import BackendRefused
from services.desk.pages.guard import for_staff
from services.desk.pages.notices import ANSWERABLE, STAFF
from services.desk.rules.notices import delivery_error

pages = Blueprint("notice_channels", __name__)

OFFERED = tuple(each for each in NoticeChannel if each is not NoticeChannel.DESK)
SIGNED = (NoticeChannel.DINGTALK, NoticeChannel.FEISHU, NoticeChannel.WEBHOOK)
"""The channels whose messages may be signed with a secret."""
FIELDS = ("address", "secret", "kind", "begins", "ends", "digest_minutes", "language")
"""Beside which a fault can stand; any other stands on top of its form."""
DIGESTS = (0, 15, 30, 60, 120, 240)
"""Minutes from one digest to the next that are offered."""


@pages.get("/account/channels")
@for_staff(*STAFF)
def show() -> Any:
    """One's own channels, the preferred one first."""
    return _page(g.person.get("notify", "/channels"))


def _page(view: Any, refused: BackendRefused | None = None, place: str = "") -> Any:
    """The page. What was refused stands beside the field of the form at ``place``: a channel's id, new, or wishes."""
    errors: dict[str, list[str]] = {}
    form = {name: value for name, value in request.form.items() if name != "secret"}
    if refused is not None:
        for name, said in (refused.errors or {"": [refused.detail]}).items():
            field = name.rpartition(".")[2]
            errors[field if field in FIELDS else "kind"] = said
    digests = sorted({*DIGESTS, view["digest_minutes"]})
    page = render_template(
        "channels.html",
        view=view,
        place=place,
        form=form,
        errors=errors,
        offered=OFFERED,
        signed=SIGNED,
        digests=digests,
        is_full=len(view["channels"]) >= MOST_CHANNELS,
        is_answerable=g.person.has(*ANSWERABLE),
        delivery_error=delivery_error,
    )
    return page, refused.status if refused else 200


def _set(change: Callable[[dict[str, Any]], None], place: str) -> Any:
    """Have all of one's channels kept as they become by ``change``."""
    view = g.person.get("notify", "/channels")
    wanted = {name: view[name] for name in ("quiet_hours", "digest_minutes", "language")}
    # A channel is named by its id; its address and secret stay as they are where they are left out.
    wanted["channels"] = [{name: each[name] for name in ("id", "kind", "enabled")} for each in view["channels"]]
    change(wanted)
    try:
        g.person.put("notify", "/channels", wanted)
    except BackendRefused as refused:
        return _page(view, refused, place)
    return redirect(url_for("notice_channels.show", saved=place) + f"#{place}", code=303)


def _given(channel: dict[str, Any]) -> dict[str, Any]:
    """A channel with what the form says of it."""
    channel |= {name: request.form[name].strip() for name in ("address", "secret") if request.form.get(name)}
    return channel | {"enabled": "enabled" in request.form}


@pages.post("/account/channels")
@for_staff(*STAFF)
def add() -> Any:
    """One channel more, after the others."""

    def change(wanted: dict[str, Any]) -> None:
        kind, address = request.form.get("kind", ""), request.form.get("address", "")
        wanted["channels"].append(_given({"kind": kind, "address": address.strip()}) | {"enabled": True})

    return _set(change, "new")


@pages.post("/account/channels/<uuid:channel_id>")
@for_staff(*STAFF)
def alter(channel_id: UUID) -> Any:
    """Change one channel, move it up or down, or remove it, by which button was pressed."""

    def change(wanted: dict[str, Any]) -> None:
        channels = wanted["channels"]
        at = next((place for place, each in enumerate(channels) if each["id"] == str(channel_id)), None)
        if at is None:
            abort(404)
        match request.form.get("act"):
            case "up" if at > 0:
                channels[at - 1], channels[at] = channels[at], channels[at - 1]
            case "down" if at + 1 < len(channels):
                channels[at + 1], channels[at] = channels[at], channels[at + 1]
            case "remove":
                del channels[at]
            case "save":
                channels[at] = _given(channels[at])

    return _set(change, str(channel_id))


@pages.post("/account/channels/<uuid:channel_id>/test")
@for_staff(*STAFF)
def test(channel_id: UUID) -> Any:
    """Have a test message sent by one channel."""
    try:
        g.person.post("notify", f"/channels/{channel_id}/test", key=request.form.get("key"))
    except BackendRefused as refused:
        if refused.status == 404:
            abort(404)
        return _page(g.person.get("notify", "/channels"), refused, str(channel_id))
    return redirect(url_for("notice_channels.show") + f"#{channel_id}", code=303)


@pages.get("/account/channels/<uuid:channel_id>/test")
@for_staff(*STAFF)
def test_outcome(channel_id: UUID) -> Any:
    """What became of the last test of one channel."""
    channels = g.person.get("notify", "/channels")["channels"]
    each = next((each for each in channels if each["id"] == str(channel_id)), None) or abort(404)
    return render_template("channel_test.html", each=each, delivery_error=delivery_error)


@pages.post("/account/channels/wishes")
@for_staff(*STAFF)
def wish() -> Any:
    """When one wants to hear of what is not red, and in which language."""

    def change(wanted: dict[str, Any]) -> None:
        form = request.form
        begins, ends = form.get("begins", ""), form.get("ends", "")
        wanted["quiet_hours"] = {"begins": begins, "ends": ends} if begins or ends else None
        minutes = form.get("digest_minutes", "0")
        wanted["digest_minutes"] = int(minutes) if minutes.isdecimal() else minutes
        wanted["language"] = form.get("language", "zh")

    return _set(change, "wishes")
