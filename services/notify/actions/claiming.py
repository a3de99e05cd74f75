"""What is due is claimed by this process, and written as the message that goes out."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from schemas.channels import ROBOTS, NoticeChannel
from schemas.enums import Light
from services.notify import metrics, store
from services.notify.actions import placing
from services.notify.rules import chain, texts
from services.notify.rules.robots import RATES
from services.notify.settings import NotifySettings
from services.notify.store.deliveries import MOST_IN_MESSAGE, Claimed
from services.notify.store.notices import Notice, concerned
from services.plumbing.ciphers import Undecryptable, associated_data
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.runtime.cooperation import TimeSlice

MOST_EVENTS = 1000
"""How many notices a webhook is given at once, which lists each of them."""


class Job(NamedTuple):
    """A message to be sent, and all that is needed to settle it; ``fault`` says why it cannot be sent at all."""

    message: texts.NoticeMessage
    channel_id: UUID
    center: str
    robot: bytes
    zone: ZoneInfo
    leased_until: datetime
    fault: str | None


def claim(tx: Transaction, settings: NotifySettings, limit: int) -> list[Job]:
    """Messages that are to be sent now, at most so many; until their lease ends nobody else sends them."""
    jobs, give_way = [], TimeSlice()
    for channel in give_way.between(store.deliveries.due_channels(tx, limit)):
        kind = NoticeChannel(channel.kind)
        if channel.is_on and kind in ROBOTS:
            robot = bytes(channel.address_fingerprint)
            if not store.robots.take(tx, channel.center, robot, *RATES[kind]):
                continue
        most = MOST_EVENTS if kind is NoticeChannel.WEBHOOK else MOST_IN_MESSAGE
        claimed = store.deliveries.claim(tx, channel.id, most)
        if claimed is None:
            continue
        if claimed.is_lost:
            metrics.count_unanswered(tx, kind, len(claimed.deliveries))
        notices = store.notices.by_id(tx, {each.notice_id for each in claimed.deliveries})
        claimed = _without_void(tx, claimed, notices)
        if not claimed.deliveries:
            continue
        jobs.append(_job(tx, settings, channel, claimed, notices))
    return jobs


def _without_void(tx: Transaction, claimed: Claimed, notices: Mapping[UUID, Notice]) -> Claimed:
    """What was sent and not answered may have arrived; if it is void by now, it is not sent again but taken back."""
    void = [each for each in claimed.deliveries if notices[each.notice_id].voided_at is not None]
    if not void:
        return claimed
    store.deliveries.end(tx, [each.id for each in void], "void", None)
    if claimed.is_again:
        placing.take_back(tx, *concerned(void, notices))
    return claimed._replace(deliveries=tuple(each for each in claimed.deliveries if each not in void))


def _job(
    tx: Transaction, settings: NotifySettings, channel: Row, claimed: Claimed, notices: Mapping[UUID, Notice]
) -> Job:
    center = placing.center_of(tx, channel.center)
    zone = ZoneInfo(center.calendar.time_zone if center else "Asia/Shanghai")
    wishes = store.channels.wishes_of(tx, channel.center, [channel.staff]).get(channel.staff, chain.NO_WISHES)
    own_texts = placing.rule_of(tx, channel.center).texts
    numbers = store.reading.numbers(tx, {each.ticket_id for each in notices.values() if each.ticket_id})
    # Sent again, it is the same message.
    rows, others = sorted(claimed.deliveries, key=lambda each: each.id), list[Row]()
    if channel.kind != NoticeChannel.WEBHOOK:  # a program is told of each
        rows.sort(key=lambda each: texts.urgency(notices[each.notice_id].light, notices[each.notice_id].created_at))
        rows, others = rows[: texts.LISTED], rows[texts.LISTED :]
    lines = [
        line_of(
            notices[each.notice_id],
            each.id,
            number=_number_of(notices[each.notice_id], numbers),
            language=wishes.language,
            own=own_texts,
            zone=zone,
            desk_url=settings.desk_url,
        )
        for each in rows
    ]
    address, secret, fault = opened(settings, channel)
    if center and channel.staff not in center.staff:
        fault = chain.LEFT
    message = texts.NoticeMessage(
        id=claimed.message_id,
        kind=NoticeChannel(channel.kind),
        address=address,
        secret=secret,
        language=wishes.language,
        lines=tuple(lines),
        others=len(others),
        other_reds=sum(notices[each.notice_id].light == Light.RED for each in others),
    )
    robot = bytes(channel.address_fingerprint)
    return Job(message, channel.id, channel.center, robot, zone, claimed.leased_until, fault)


def line_of(
    notice: Notice, delivery_id: UUID, *, number: str, language: str, own: texts.Texts, zone: ZoneInfo, desk_url: str
) -> texts.NoticeLine:
    """A notice about the ticket, or the entry, ``number`` as a message says it."""
    return texts.NoticeLine(
        delivery_id=delivery_id,
        notice_id=notice.id,
        ticket_id=notice.ticket_id,
        entry_id=notice.entry_id,
        center=notice.center,
        number=number,
        template=notice.template,
        light=Light(notice.light) if notice.light else None,
        kind=notice.kind,
        level=notice.level,
        due_at=notice.due_at,
        created_at=notice.created_at,
        text=texts.text_of(
            *(notice.template, language, own),
            number=number,
            light=notice.light,
            kind=notice.kind,
            level=notice.level,
            due_at=notice.due_at,
            zone=zone,
        ),
        link=f"{desk_url}/{_path_of(notice)}",
    )


def _number_of(notice: Notice, numbers: Mapping[UUID, str]) -> str:
    return numbers.get(notice.ticket_id, "") if notice.ticket_id else notice.entry_number or ""


def _path_of(notice: Notice) -> str:
    return f"tickets/{notice.ticket_id}" if notice.ticket_id else f"entries/{notice.entry_id}"


def opened(settings: NotifySettings, channel: Row) -> tuple[str, str, str | None]:
    """A channel's address and secret, or why it cannot be used. One that cannot be read must not keep up the others."""
    if not channel.is_on:
        return "", "", chain.SWITCHED_OFF
    cipher = settings.cipher
    try:
        address = cipher.decrypt(channel.encrypted_address, context=associated_data(channel.id, "address"))
        secret = channel.encrypted_secret
        opened = cipher.decrypt(secret, context=associated_data(channel.id, "secret")) if secret else ""
    except Undecryptable:
        return "", "", chain.UNREADABLE
    return address, opened, None
