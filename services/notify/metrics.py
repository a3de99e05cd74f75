"""What operators see of notices: how many come, what becomes of them, what stands still, and whom nobody reaches."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from prometheus_client import Counter, Gauge

from services.notify import store
from services.notify.rules.chain import Reception
from services.notify.store.notices import Addressed, Notice
from services.plumbing.database.transaction import Transaction

PLACED = Counter("bancheng_notices_placed", "Notices put before somebody in the desk.", ["template"])
SENT = Counter(
    "bancheng_notices_sent",
    "Notices sent by a channel, by what the far side made of them.",
    ["channel", "outcome"],
)
UNANSWERED = Counter(
    "bancheng_notices_unanswered",
    "Notices that were sent and not answered: they may have arrived, and may arrive twice.",
    ["channel"],
)
TO_APPLICANTS = Counter(
    "bancheng_applicant_messages_sent",
    "Text messages to applicants, by what the gateway made of them.",
    ["message", "outcome"],
)
TO_APPLICANTS_WAITING = Gauge("bancheng_applicant_messages_waiting", "Text messages to applicants on their way.")
FAILED = Counter("bancheng_notices_failed", "Notices that none of the recipient's own channels took: an alarm.")
WAITING = Gauge("bancheng_notices_waiting", "Notices on their way by a channel.", ["channel"])
OVERDUE = Gauge(
    "bancheng_notices_overdue_seconds", "By how much the oldest of them should have been sent sooner.", ["channel"]
)
CHANNELS_FAILING = Gauge("bancheng_notice_channels_failing", "Channels that people rely on and that fail.", ["channel"])


def count_placed(tx: Transaction, notices: Mapping[UUID, Notice], new: Sequence[Addressed]) -> None:
    """Count what was put before people, once this is committed."""
    for template, count in Tally(notices[each.notice_id].template for each in new).items():
        tx.after_commit.append(partial(PLACED.labels(template).inc, count))


def count_sent(tx: Transaction, channel: str, outcome: Reception, notices: int) -> None:
    """Count what became of a message, once this is committed."""
    tx.after_commit.append(partial(SENT.labels(channel, outcome).inc, notices))


def count_unanswered(tx: Transaction, channel: str, notices: int) -> None:
    """Count what is sent once more, once this is committed."""
    tx.after_commit.append(partial(UNANSWERED.labels(channel).inc, notices))


def count_to_applicant(tx: Transaction, message: str, outcome: Reception) -> None:
    """Count what became of a message to an applicant, once this is committed."""
    tx.after_commit.append(TO_APPLICANTS.labels(message, outcome).inc)


def observe(tx: Transaction) -> None:
    """Set the gauges from the database."""
    for gauge in (WAITING, OVERDUE, CHANNELS_FAILING):
        gauge.clear()
    TO_APPLICANTS_WAITING.set(store.applicants.waiting(tx))
    for row in store.reading.waiting(tx):
        WAITING.labels(row.channel).set(row.waiting)
        OVERDUE.labels(row.channel).set(row.seconds)
    for row in store.reading.failing(tx):
        CHANNELS_FAILING.labels(row.kind).set(row.channels)
