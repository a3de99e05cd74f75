"""What the far side made of a message is written down: delivered, tried again, or sent another way."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from schemas.channels import ROBOTS, NoticeChannel
from schemas.enums import Light
from schemas.events.notices import NoticeFailed
from services.notify import metrics, store
from services.notify.actions import placing
from services.notify.actions.claiming import Job
from services.notify.adapters import Sent
from services.notify.rules import chain
from services.notify.rules.chain import Reception
from services.notify.store.notices import Notice, concerned
from services.plumbing.database.transaction import Row, Transaction


def settle(tx: Transaction, job: Job, sent: Sent) -> None:
    """Write down what the far side made of a message, and see to what follows."""
    if sent.outcome is Reception.THROTTLED and job.message.kind in ROBOTS:
        store.robots.block(tx, job.center, job.robot, chain.THROTTLED)
    notices = store.notices.by_id(tx, store.deliveries.notice_ids_of(tx, job.message.id), locked=True)
    _settle(tx, job.message.id, job.channel_id, sent, notices, job.leased_until)


def _settle(
    tx: Transaction,
    message_id: UUID,
    channel_id: UUID,
    sent: Sent,
    notices: Mapping[UUID, Notice],
    leased_until: datetime | None,
) -> None:
    """That it was delivered holds whoever says so; that it was not, only from the process whose message it still is."""
    rows = store.deliveries.of_message(tx, message_id)
    if not rows:
        return
    is_delivered = sent.outcome is Reception.DELIVERED
    if not is_delivered and leased_until is not None and rows[0].leased_until != leased_until:
        return
    metrics.count_sent(tx, rows[0].channel, sent.outcome, len(rows))
    void = [each for each in rows if notices[each.notice_id].voided_at is not None]
    if is_delivered:
        store.deliveries.end(tx, [each.id for each in rows], "delivered", None)
        store.channels.works(tx, channel_id)
        placing.take_back(tx, *concerned(void, notices))
        return
    error = sent.error or sent.outcome.value
    if error not in (chain.SWITCHED_OFF, chain.LEFT):
        store.channels.fails(tx, channel_id, error)
    if sent.outcome is Reception.UNANSWERED:
        metrics.count_unanswered(tx, rows[0].channel, len(rows))
        lights = {notices[each.notice_id].light for each in rows}
        tries = max(each.attempts for each in rows)
        pause = chain.pause_after(tries, Light.RED if Light.RED in lights else None, random.random())
        if pause is not None:
            store.deliveries.wait_unanswered(tx, message_id, pause)
            return
    store.deliveries.end(tx, [each.id for each in void], "void", error)
    placing.take_back(
        tx, *concerned([each for each in void if each.unanswered or sent.outcome is Reception.UNANSWERED], notices)
    )
    _try_again(tx, [each for each in rows if each not in void], sent, notices, error)


def _try_again(tx: Transaction, rows: Sequence[Row], sent: Sent, notices: Mapping[UUID, Notice], error: str) -> None:
    """Each waits for another try of this channel, or goes on to the person's next one."""
    waiting = []
    for each in rows:
        light = notices[each.notice_id].light
        pause = chain.pause_after(each.attempts, Light(light) if light else None, random.random())
        if sent.outcome is Reception.THROTTLED and pause is not None:
            pause = max(pause, chain.THROTTLED)
        if sent.outcome in (Reception.FAILED, Reception.THROTTLED) and pause is not None:
            waiting.append((each.id, pause))
    store.deliveries.wait(tx, waiting, error)
    over = [each for each in rows if each.id not in {id_ for id_, _pause in waiting}]
    if over:
        store.deliveries.end(tx, [each.id for each in over], "failed", error)
        _go_on(tx, over, notices)


def _go_on(tx: Transaction, rows: Sequence[Row], notices: Mapping[UUID, Notice]) -> None:
    """The next channel of each recipient; where none is left, that is said aloud."""
    center = rows[0].center
    people = {each.recipient for each in rows}
    channels = store.channels.of_people(tx, center, people)
    wishes = store.channels.wishes_of(tx, center, people)
    tried = store.deliveries.tried_by(tx, {each.notice_id for each in rows})
    following = []
    for each in rows:
        notice, recipient = notices[each.notice_id], each.recipient
        before = tried[notice.id, recipient]
        chosen = placing.first_of(tx, notice, channels.get(recipient, ()), [row.channel_id for row in before])
        if chosen is not None:
            wish = wishes.get(recipient, chain.NO_WISHES)
            following.append(placing.row_of(tx, notice, recipient, chosen, wish))
        elif store.deliveries.fail_recipient(tx, notice.id, recipient):
            tx.announce(
                NoticeFailed(
                    center=center,
                    ticket_id=notice.ticket_id,
                    entry_id=notice.entry_id,
                    notice_id=notice.id,
                    recipient=recipient,
                    template=notice.template,
                    tried=tuple(dict.fromkeys(NoticeChannel(row.channel) for row in before)),
                    failed_at=tx.now,
                )
            )
            tx.after_commit.append(metrics.FAILED.inc)
    store.deliveries.insert(tx, following)
