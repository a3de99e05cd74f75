"""What a text would look like before it is published: of a sample ticket, written by what also writes what is sent."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from schemas.center.thresholds import unknown_places
from schemas.channels import ROBOTS, NoticeChannel
from schemas.enums import DeadlineKind, Light
from schemas.requests import notices as api
from services.notify.actions.claiming import line_of
from services.notify.actions.placing import center_of
from services.notify.rules import gateways, robots, texts, webhooks
from services.notify.store.notices import Notice
from services.plumbing.database.transaction import Transaction

SAMPLE = UUID(int=0)
"""The id of the ticket, the notice and the delivery of a preview, which nobody has."""


def preview(tx: Transaction, code: str, wanted: api.PreviewText, desk_url: str) -> api.NoticePreview:
    """What each channel would be sent if the center ``code`` had a text as ``wanted``; nothing is kept."""
    center = center_of(tx, code)
    zone = ZoneInfo(center.calendar.time_zone if center else "Asia/Shanghai")
    own = {wanted.template: {wanted.language: wanted.text}}
    line = line_of(
        _sample(tx, code, wanted.template),
        SAMPLE,
        number=f"{code}-{tx.now.astimezone(zone):%Y%m%d}-0001",
        language=wanted.language,
        own=own,
        zone=zone,
        desk_url=desk_url,
    )
    return api.NoticePreview(
        unknown=tuple(unknown_places(wanted.text)), channels=tuple(_by_channel(line, wanted.language, zone, tx.now))
    )


def _sample(tx: Transaction, code: str, template: str) -> Notice:
    """A notice as it is made of what ``template`` speaks of: those of the ladder have a light, a level, a time."""
    notice = Notice(SAMPLE, code, SAMPLE, template, None, None, None, None, tx.now)
    if not template.startswith(("deadline.", "escalation.")):
        return notice
    is_early = template == "deadline.approaching"
    due_at = (tx.now + timedelta(days=1 if is_early else -1)).replace(minute=0, second=0, microsecond=0)
    light, level = (Light.YELLOW, 1) if is_early else (Light.RED, 2)
    return notice._replace(light=light, kind=DeadlineKind.ANSWER, level=level, due_at=due_at)


def _by_channel(line: texts.NoticeLine, language: str, zone: ZoneInfo, at: datetime) -> Iterator[api.ChannelPreview]:
    for kind in NoticeChannel:
        message = texts.NoticeMessage(SAMPLE, kind, address="", secret="", language=language, lines=(line,))
        subject = None
        if kind is NoticeChannel.DESK:
            body = line.text
        elif kind is NoticeChannel.EMAIL:
            subject, body = texts.subject_of(message), texts.body_of(message)
        elif kind in ROBOTS:
            body = robots.shortened(texts.short_of(message), robots.LONGEST[kind])
        elif kind is NoticeChannel.WEBHOOK:
            body = _readable(webhooks.request_to(message, at, zone))
        else:
            body = _readable(gateways.request_to(message, url="", key=""))
        yield api.ChannelPreview(channel=kind, subject=subject, body=body)


def _readable(request: robots.Request) -> str:
    return json.dumps(json.loads(request.body), ensure_ascii=False, indent=2)
