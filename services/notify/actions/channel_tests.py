"""Somebody tries a channel of their own: a real message of fixed words goes through it, once, and what became of it is
shown.
"""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from schemas.channels import ROBOTS, NoticeChannel
from schemas.errors import Conflict, NotFound, TooMany
from services.notify import metrics, store
from services.notify.actions import placing
from services.notify.actions.claiming import Job, opened
from services.notify.adapters import Sent
from services.notify.rules import chain, texts
from services.notify.rules.chain import Reception
from services.notify.rules.robots import RATES
from services.notify.settings import NotifySettings
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call

MOST = 6
"""Tests that one person may have sent in ``PERIOD``, by all of their channels together."""
PERIOD = timedelta(hours=1)
CHANNELS_PATH = "/account/channels"
"""Of the desk: where the message leads."""


def ask(call: Call, channel_id: UUID) -> None:
    """Have a test sent by a channel of one's own; by one whose test is under way no other is. Raises NotFound, Conflict
    if it is switched off, TooMany.
    """
    tx, center, staff = call.tx, call.actor.center, call.actor.staff
    store.channel_tests.lock_person(tx, center, staff)
    channel = next((row for row in store.channels.of_person(tx, center, staff) if row.id == channel_id), None)
    if channel is None:
        raise NotFound("no such channel")
    if not channel.enabled:
        raise Conflict("this channel is switched off")
    before = store.channel_tests.latest(tx, [channel_id]).get(channel_id)
    if before is not None and before.state in ("waiting", "sending"):
        return
    wait = store.channel_tests.seconds_until_next(tx, center, staff, most=MOST, period=PERIOD)
    if wait is not None:
        raise TooMany(f"At most {MOST} test messages an hour are sent for one person.", retry_after=wait)
    store.channel_tests.insert(tx, center, staff, channel)


def claim(tx: Transaction, settings: NotifySettings, limit: int) -> list[Job]:
    """Tests that are to be sent now, at most so many."""
    for row in store.channel_tests.give_up(tx):
        metrics.count_unanswered(tx, row.channel, 1)
    jobs = []
    for channel in store.channel_tests.waiting(tx, limit):
        kind, robot = NoticeChannel(channel.kind), bytes(channel.address_fingerprint)
        if kind in ROBOTS and not store.robots.take(tx, channel.center, robot, *RATES[kind]):
            continue
        leased_until = store.channel_tests.claim(tx, channel.test_id).leased_until
        language = (
            store.channels.wishes_of(tx, channel.center, [channel.staff]).get(channel.staff, chain.NO_WISHES).language
        )
        address, secret, fault = opened(settings, channel)
        line = texts.test_line(channel.test_id, channel.center, language, tx.now, settings.desk_url + CHANNELS_PATH)
        message = texts.NoticeMessage(channel.test_id, kind, address, secret, language, (line,))
        center = placing.center_of(tx, channel.center)
        zone = ZoneInfo(center.calendar.time_zone if center else "Asia/Shanghai")
        jobs.append(Job(message, channel.id, channel.center, robot, zone, leased_until, fault))
    return jobs


def settle(tx: Transaction, job: Job, sent: Sent) -> None:
    """Write down what the far side made of a test; what it says of the channel holds for notices too."""
    metrics.count_sent(tx, job.message.kind, sent.outcome, 1)
    if sent.outcome is Reception.THROTTLED and job.message.kind in ROBOTS:
        store.robots.block(tx, job.center, job.robot, chain.THROTTLED)
    if sent.outcome is Reception.DELIVERED:
        store.channel_tests.end(tx, job.message.id, "delivered", None)
        store.channels.works(tx, job.channel_id)
        return
    if sent.outcome is Reception.UNANSWERED:
        metrics.count_unanswered(tx, job.message.kind, 1)
    error = sent.error or sent.outcome.value
    store.channel_tests.end(tx, job.message.id, "failed", error)
    if error not in (chain.SWITCHED_OFF, chain.LEFT):
        store.channels.fails(tx, job.channel_id, error)
