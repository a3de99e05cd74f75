"""Sends what is due, each message in a greenlet of its own, for as long as the service runs.

A message is claimed in one transaction, sent in none, and settled in another. A process that dies in between has sent
it or not; after its lease another sends it again as the same message. What the far side has answered is settled at
once, again and again while the database is away, so that little is sent twice.
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import eventlet
import psycopg2
import structlog
from eventlet.greenpool import GreenPool
from nameko.extensions import DependencyProvider

from services.notify import adapters, store
from services.notify.actions import applicants, channel_tests, claiming, settling
from services.notify.actions.claiming import Job
from services.notify.adapters import applicants as to_applicants
from services.notify.rules.chain import Reception
from services.notify.settings import NotifySettings, notify_settings
from services.notify.store.deliveries import LEASE_SECONDS
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.messaging.outbox import Relay
from services.plumbing.runtime.hard_limits import failpoint
from services.plumbing.runtime.loop import Loop
from services.plumbing.runtime.resources import ServiceDatabase

AT_ONCE = 50
IDLE_SECONDS = 1.0
BUSY_SECONDS = 0.05
RETRY_SECONDS = 1.0

_log = structlog.get_logger()


class Outbound(NamedTuple):
    """Messages of one sort: how some are claimed, handed over (waiting for the network alone), and settled."""

    loop: str
    claim: Callable[[Transaction, NotifySettings, int], Sequence[Any]]
    deliver: Callable[[NotifySettings, Any], adapters.Sent]
    settle: Callable[[Transaction, Any, adapters.Sent], None]


def _deliver_notice(settings: NotifySettings, job: Job) -> adapters.Sent:
    if job.fault:
        return adapters.Sent(Reception.REFUSED, job.fault)
    return adapters.deliver(settings, job.message, datetime.now(UTC), job.zone)


def _claim_to_applicants(tx: Transaction, settings: NotifySettings, limit: int) -> list[Row]:
    return store.applicants.claim(tx, limit)


NOTICES = Outbound("sending", claiming.claim, _deliver_notice, settling.settle)
TO_APPLICANTS = Outbound("sending to applicants", _claim_to_applicants, to_applicants.deliver, applicants.settle)
TESTS = Outbound("sending tests", channel_tests.claim, _deliver_notice, channel_tests.settle)


class NoticeSender(DependencyProvider):  # type: ignore[misc]
    """Any number of processes may send: each takes what no other has. A handler is given the settings."""

    resources = ServiceDatabase()
    relay = Relay()

    def __init__(self, outbound: Outbound) -> None:
        super().__init__()
        self._outbound = outbound

    def setup(self) -> None:
        """Read the settings. Raises MissingSetting."""
        self.settings = notify_settings()

    def start(self) -> None:
        """Begin to send."""
        self._pool = GreenPool(AT_ONCE)
        self._loop = Loop(self.container, self._outbound.loop, self._turn)

    def stop(self) -> None:
        """Nothing further is begun; what is under way is sent and settled."""
        self._loop.stop()
        self._pool.waitall()

    def get_dependency(self, worker_ctx: Any) -> NotifySettings:
        """What this process is told from outside."""
        return self.settings

    def _turn(self) -> float:
        free = self._pool.free()
        if free <= 0:
            return BUSY_SECONDS
        with self.resources.database.transaction() as tx:
            jobs = self._outbound.claim(tx, self.settings, free)
        for job in jobs:
            self._pool.spawn_n(self._send, job)
        return BUSY_SECONDS if jobs else IDLE_SECONDS

    def _send(self, job: Any) -> None:
        ends = time.monotonic() + LEASE_SECONDS
        failpoint("notice claimed")
        try:
            sent = self._outbound.deliver(self.settings, job)
        except Exception as error:
            _log.exception("could not be sent", loop=self._outbound.loop, kind=type(error).__name__)
            sent = adapters.Sent(Reception.FAILED, "went_wrong")
        failpoint("notice sent")
        while not self._is_settled(job, sent) and time.monotonic() < ends:
            eventlet.sleep(RETRY_SECONDS)

    def _is_settled(self, job: Any, sent: adapters.Sent) -> bool:
        try:
            with self.resources.database.transaction() as tx:
                self._outbound.settle(tx, job, sent)
        except psycopg2.Error as error:
            _log.warning("not settled yet", reason=type(error).__name__)
            return False
        except Exception:
            _log.exception("could not be settled")
            return True
        return True
