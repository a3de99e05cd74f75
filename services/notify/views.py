"""What is read: one's own notices, the deliveries of a center, and whom nobody reaches."""

from collections import defaultdict
from uuid import UUID
from zoneinfo import ZoneInfo

from schemas.center.center import Center
from schemas.channels import DeliveryState, NoticeChannel
from schemas.cursors import cursor_of, place_of
from schemas.enums import DeadlineKind, Light
from schemas.requests import channels
from schemas.requests import notices as api
from services.notify import store
from services.notify.actions.placing import center_of, rule_of
from services.notify.rules import texts
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.http.group_commit import Call


def notices(call: Call) -> api.NoticePage:
    """A page of one's own notices."""
    center, staff, limit = call.actor.center, call.actor.staff, call.query.limit
    rows = store.reading.of_person(
        *(call.tx, center, staff),
        unread=call.query.state is api.NoticeState.UNREAD,
        after=place_of(call.query.after) if call.query.after else None,
        limit=limit + 1,
    )
    shown = rows[:limit]
    by_notice: dict[UUID, list[api.NoticeDelivery]] = defaultdict(list)
    for row in store.reading.deliveries_to(call.tx, [each.notice_id for each in shown], staff):
        by_notice[row.notice_id].append(
            api.NoticeDelivery(
                channel=NoticeChannel(row.channel),
                state=DeliveryState(row.state),
                attempts=row.attempts,
                error=row.error,
                at=row.at,
            )
        )
    file = center_of(call.tx, center)
    zone = ZoneInfo(file.calendar.time_zone if file else "Asia/Shanghai")
    own = rule_of(call.tx, center).texts
    items = tuple(_notice(row, tuple(by_notice[row.notice_id]), call.query.language, own, zone) for row in shown)
    return api.NoticePage(
        notices=items,
        unread=store.reading.unread(call.tx, center, staff),
        next=cursor_of(items[-1].created_at, items[-1].notice_id) if len(rows) > limit else None,
    )


def _notice(
    row: Row, deliveries: tuple[api.NoticeDelivery, ...], language: str, own: texts.Texts, zone: ZoneInfo
) -> api.NoticeView:
    text = texts.text_of(
        *(row.template, language, own),
        number=row.number,
        light=row.light,
        kind=row.kind,
        level=row.level,
        due_at=row.due_at,
        zone=zone,
    )
    fields = row._asdict() | {
        "text": text,
        "light": Light(row.light) if row.light else None,
        "kind": DeadlineKind(row.kind) if row.kind else None,
    }
    return api.NoticeView(**fields, deliveries=deliveries)


def deliveries(call: Call) -> api.DeliveryPage:
    """A page of a center's deliveries."""
    query = call.query
    rows = store.reading.deliveries(
        *(call.tx, call.actor.center),
        state=query.state,
        channel=query.channel,
        after=query.after,
        limit=query.limit + 1,
    )
    items = tuple(
        api.DeliveryEntry(
            **row._asdict()
            | {
                "light": Light(row.light) if row.light else None,
                "channel": NoticeChannel(row.channel),
                "state": DeliveryState(row.state),
            }
        )
        for row in rows[: query.limit]
    )
    return api.DeliveryPage(deliveries=items, next=items[-1].id if len(rows) > query.limit else None)


def notice_texts(tx: Transaction, code: str) -> api.NoticeTexts:
    """Each template in each language, with an example of what people read."""
    center = center_of(tx, code)
    own = rule_of(tx, code).texts
    zone = ZoneInfo(center.calendar.time_zone if center else "Asia/Shanghai")
    found = []
    for language in texts.LANGUAGES:
        general = texts.catalogue(language)["templates"]
        for template in sorted({*general, *own}):
            example = texts.text_of(
                *(template, language, own),
                number=f"{code}-{tx.now:%Y%m%d}-0001",
                light=Light.RED,
                kind=DeadlineKind.ANSWER,
                level=2,
                due_at=tx.now,
                zone=zone,
            )
            mine = own.get(template, {}).get(language)
            said = mine or general.get(template) or general[texts.OTHER]
            found.append(
                api.NoticeTextView(
                    template=template, language=language, text=said, is_own=mine is not None, example=example
                )
            )
    return api.NoticeTexts(texts=tuple(found))


def warnings(tx: Transaction, code: str) -> channels.ChannelWarnings:
    """Whom of those that the ladder may name nobody reaches outside of the desk, and which channels fail."""
    center = center_of(tx, code)
    by_person: dict[str, list[Row]] = defaultdict(list)
    for row in store.channels.by_person(tx, code):
        by_person[row.staff].append(row)
    found: list[channels.ChannelWarning] = []
    for staff in _needed(center) if center else ():
        rows = by_person[staff]
        failing = [row for row in rows if row.failing_since is not None]
        if not rows:
            found.append(channels.ChannelWarning(staff=staff, fault=channels.ChannelFault.NO_CHANNEL))
        elif len(failing) == len(rows):
            since = min(row.failing_since for row in failing)
            fault = channels.ChannelFault.NO_WORKING_CHANNEL
            found.append(channels.ChannelWarning(staff=staff, fault=fault, since=since, error=failing[0].error))
        found += [
            channels.ChannelWarning(
                staff=staff,
                fault=channels.ChannelFault.CHANNEL_FAILS,
                channel=NoticeChannel(row.kind),
                since=row.failing_since,
                error=row.error,
            )
            for row in failing
        ]
    return channels.ChannelWarnings(warnings=tuple(found))


def _needed(center: Center) -> list[str]:
    """Those whom a rule may name: liaisons, heads, leaders, the director, the supervision office; by staff id."""
    people = {center.director, center.supervision_office, *center.roster.leaders}
    for department in center.departments.values():
        people |= {*department.liaisons, *filter(None, [department.head])}
    return sorted(people & center.staff.keys())
