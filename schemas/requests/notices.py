"""What people ask about their notices, and what those see who answer for a center."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from schemas.center.thresholds import Language, NoticeText, Template
from schemas.channels import DeliveryState, NoticeChannel
from schemas.enums import DeadlineKind, Light
from schemas.record.record import Record, Reply
from schemas.values import Cursor, FullMatch, PageSize


class NoticeState(StrEnum):
    """Which notices: those that are not read yet, or all."""

    UNREAD = "unread"
    ALL = "all"


class NoticeQuery(Record):
    """A page of one's own notices, the latest first, in words of ``language``; ``after`` is an earlier reply's
    ``next``.
    """

    state: NoticeState = NoticeState.ALL
    language: Annotated[str, FullMatch(r"^(zh|en)$", error="Must be zh or en.")] = "zh"
    limit: PageSize = 50
    after: Cursor | None = None


class NoticeDelivery(Reply):
    """What became of a notice by one channel; ``error`` is a code, and ``at`` is when it last changed."""

    channel: NoticeChannel
    state: DeliveryState
    attempts: int
    error: str | None
    at: datetime


class NoticeView(Reply):
    """A notice to the reader; ``text`` says it in words, ``kind`` (of deadline) and ``level`` are an escalation's. From
    ``voided_at`` on it is known that what it says was not so."""

    notice_id: UUID
    ticket_id: UUID | None
    entry_id: UUID | None
    number: str
    center: str
    template: str
    text: str
    light: Light | None
    kind: DeadlineKind | None
    level: int | None
    due_at: datetime | None
    created_at: datetime
    read_at: datetime | None
    voided_at: datetime | None
    deliveries: tuple[NoticeDelivery, ...]


class NoticePage(Reply):
    """Some notices, how many are unread in all, and where the next page begins."""

    notices: tuple[NoticeView, ...]
    unread: int
    next: str | None = None


class NoticesRead(Reply):
    """How many notices are unread now."""

    unread: int


class NoticeTextView(Reply):
    """What a template says in a language, and an example of it; ``is_own`` where the center has its own text."""

    template: str
    language: str
    text: str
    is_own: bool
    example: str


class NoticeTexts(Reply):
    """All templates of a center, in both languages."""

    texts: tuple[NoticeTextView, ...]


class PreviewText(Record):
    """A text that a template might say in a language, and that stands in no center file yet."""

    template: Template
    language: Language
    text: NoticeText


class ChannelPreview(Reply):
    """What a channel would be sent; ``subject`` an e-mail's. What programs are sent, ``body`` shows as JSON."""

    channel: NoticeChannel
    subject: str | None
    body: str


class NoticePreview(Reply):
    """What a text would look like of a sample ticket, by channel; ``unknown`` are the places of which no notice knows
    anything, so that no center file that has them is published.
    """

    unknown: tuple[str, ...]
    channels: tuple[ChannelPreview, ...]


class DeliveryQuery(Record):
    """A page of the deliveries of a center, the latest first."""

    state: DeliveryState | None = None
    channel: NoticeChannel | None = None
    limit: PageSize = 50
    after: UUID | None = None


class DeliveryEntry(Reply):
    """A notice, to whom, by which channel, and what became of it; a test message is of no notice and no ticket.
    ``unanswered`` is how often it was sent and nothing was answered, so that it may have arrived as often.
    """

    id: UUID
    notice_id: UUID | None
    ticket_id: UUID | None
    entry_id: UUID | None
    number: str
    template: str
    light: Light | None
    recipient: str
    channel: NoticeChannel
    state: DeliveryState
    attempts: int
    unanswered: int
    error: str | None
    created_at: datetime
    at: datetime


class DeliveryPage(Reply):
    """Some deliveries, and where the next page begins."""

    deliveries: tuple[DeliveryEntry, ...]
    next: UUID | None = None
