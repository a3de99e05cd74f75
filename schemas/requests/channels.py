"""By which channels people want to be notified, and what those see who answer for that."""

import re
from datetime import datetime, time
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from marshmallow import ValidationError
from marshmallow.validate import Length, Range

from schemas.channels import DeliveryState, NoticeChannel
from schemas.record.record import Record, Reply
from schemas.values import FullMatch

OFFERED = frozenset(NoticeChannel) - {NoticeChannel.DESK}
"""The channels that a person can set; the desk is everybody's."""
MOST_CHANNELS = 10


def _offered(kind: NoticeChannel) -> None:
    """One that a person can set."""
    if kind not in OFFERED:
        raise ValidationError(f"Must be one of: {', '.join(sorted(OFFERED))}.")


def _one_line(text: str) -> None:
    """Nothing that would end a header or a line."""
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise ValidationError("Must be a single line.")


class ChannelSetting(Record):
    """One channel of a person, by order of preference. With the ``id`` of a channel that is there, an ``address`` or
    ``secret`` that is left out stays as it is; so does a robot's address as it was shown.
    """

    id: UUID | None = None
    kind: Annotated[NoticeChannel, _offered]
    address: Annotated[str, Length(min=1, max=500), _one_line] | None = None
    secret: Annotated[str, Length(min=1, max=200), _one_line] | None = None
    enabled: bool = True


class QuietHours(Reply):
    """Local time of the center; ``ends`` may be the next morning."""

    begins: time
    ends: time


class SetChannels(Record):
    """All of a person's channels, the preferred one first; what is not named is removed.

    In ``digest_minutes`` what is not red is put together in one message every so many minutes; 0 sends it at once.
    """

    channels: Annotated[tuple[ChannelSetting, ...], Length(max=MOST_CHANNELS)]
    quiet_hours: QuietHours | None = None
    digest_minutes: Annotated[int, Range(min=0, max=24 * 60)] = 0
    language: Annotated[str, FullMatch(r"^(zh|en)$", error="Must be zh or en.")] = "zh"


class ChannelTest(Reply):
    """What became of a test message; ``error`` is a code, and ``at`` is when it last changed."""

    state: DeliveryState
    error: str | None
    created_at: datetime
    at: datetime


class ChannelView(Reply):
    """A channel as its owner sees it, with its last test. A robot's address is a secret, so only its host and its end
    are shown."""

    id: UUID
    kind: NoticeChannel
    address: str
    has_secret: bool
    enabled: bool
    failing_since: datetime | None
    error: str | None
    tested: ChannelTest | None


class ChannelsView(Reply):
    """A person's channels and when they want to hear of what is not red."""

    channels: tuple[ChannelView, ...]
    quiet_hours: QuietHours | None
    digest_minutes: int
    language: str


class ChannelFault(StrEnum):
    """Nobody set a channel, none of a person's channels works, or one of them fails while others work."""

    NO_CHANNEL = "no_channel"
    NO_WORKING_CHANNEL = "no_working_channel"
    CHANNEL_FAILS = "channel_fails"


class ChannelWarning(Reply):
    """Somebody whom the center must be able to reach, and what is wrong with their channels, since when."""

    staff: str
    fault: ChannelFault
    channel: NoticeChannel | None = None
    since: datetime | None = None
    error: str | None = None


class ChannelWarnings(Reply):
    """The warnings of a center, by staff id."""

    warnings: tuple[ChannelWarning, ...]
