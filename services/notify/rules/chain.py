"""By which of a person's channels a notice goes, when, and what follows when one does not take it. Pure."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from schemas.channels import ROBOTS, NoticeChannel
from schemas.enums import Light

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600))
"""Real time between tries of one channel, before jitter; when the last one fails, the person's next channel follows."""
RED_TRIES = 3
"""A red notice goes on to the next channel within a minute."""
THROTTLED = timedelta(minutes=10)
"""For so long DingTalk takes nothing from a robot that was too fast; the others are not asked sooner either."""
_FULL_HOURS = (0, 30)
"""The minutes in which everybody's robots post: their systems refuse much then."""


class PersonChannel(NamedTuple):
    """One of a person's channels; ``is_failing`` while it took nothing since its last failure."""

    id: UUID
    kind: NoticeChannel
    enabled: bool
    is_failing: bool = False


class Wishes(NamedTuple):
    """When a person wants to hear of what is not red, and in which language; local times of the center."""

    quiet_begins: time | None = None
    quiet_ends: time | None = None
    digest_minutes: int = 0
    language: str = "zh"


NO_WISHES = Wishes()


SWITCHED_OFF = "switched_off"
"""The error of a channel that its owner removed or switched off."""


LEFT = "left"
"""The error of the channel of somebody whom the center file names no more."""
UNREADABLE = "unreadable"
"""The error of a channel that was encrypted with a key that is not there."""


class Reception(StrEnum):
    """What the far side made of a message.

    ``failed``: not now, perhaps later; ``refused``: never; ``throttled``: too fast; ``unanswered``: it was sent, and
    nothing is known of it.
    """

    DELIVERED = "delivered"
    FAILED = "failed"
    REFUSED = "refused"
    THROTTLED = "throttled"
    UNANSWERED = "unanswered"


def next_channel(
    channels: Sequence[PersonChannel], tried: Collection[UUID], level: int | None, *, phone_from_level: int
) -> PersonChannel | None:
    """The first channel, by the person's order, that is on and was not tried yet; None if there is none.

    A telephone rings only from ``phone_from_level`` of the ladder on. A channel that fails comes after those that work.
    """
    open_ = [
        each
        for each in channels
        if each.enabled
        and each.id not in tried
        and (each.kind is not NoticeChannel.PHONE or (level or 0) >= phone_from_level)
    ]
    return min(open_, key=lambda each: each.is_failing, default=None)


def pause_after(tries: int, light: Light | None, jitter: float) -> timedelta | None:
    """How long to wait after so many failed ``tries`` of one channel; None when no other follows.

    ``jitter`` from 0 to 1 spreads it over three quarters to five quarters, so that those who failed together do not
    come back together.
    """
    most = RED_TRIES if light is Light.RED else len(PAUSES) + 1
    return PAUSES[tries - 1] * (0.75 + jitter / 2) if tries < most else None


def hold_until(
    wishes: Wishes,
    kind: NoticeChannel,
    light: Light | None,
    at: datetime,
    zone: ZoneInfo,
    spread: str,
    *,
    red_ignores_quiet_hours: bool,
) -> datetime:
    """The instant before which a notice of ``at`` is not sent by a channel. ``spread`` names the person: digests of
    many are not sent in the same minute.
    """
    local = at.astimezone(zone)
    if light is not Light.RED and wishes.digest_minutes:
        local = _next_digest(local, wishes.digest_minutes, spread)
    if light is not Light.RED or not red_ignores_quiet_hours:
        local = _after_quiet_hours(local, wishes)
    if kind in ROBOTS and local.minute in _FULL_HOURS:
        local += timedelta(seconds=60 + _fraction_of(spread) * 30)
    return local


def _fraction_of(spread: str) -> float:
    """From 0 to 1, always the same for the same person."""
    return int.from_bytes(hashlib.sha256(spread.encode()).digest()[:4], "big") / 2**32


def _next_digest(local: datetime, minutes: int, spread: str) -> datetime:
    """The first instant after ``local`` that is a whole number of periods from midnight, and the person's part of one,
    five minutes at most.
    """
    offset = timedelta(minutes=1 + _fraction_of(spread) * min(5, minutes - 1))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    periods = (local - offset - midnight) // timedelta(minutes=minutes) + 1
    tomorrow = midnight + timedelta(days=1)
    return min(midnight + periods * timedelta(minutes=minutes), tomorrow) + offset


def _after_quiet_hours(local: datetime, wishes: Wishes) -> datetime:
    """The end of the quiet hours that ``local`` lies in, or ``local``."""
    begins, ends = wishes.quiet_begins, wishes.quiet_ends
    if begins is None or ends is None or begins == ends:
        return local
    now = local.time()
    is_quiet = begins <= now < ends if begins < ends else now >= begins or now < ends
    if not is_quiet:
        return local
    day = local.date() + timedelta(days=1) if now >= ends else local.date()
    return datetime.combine(day, ends, local.tzinfo)
