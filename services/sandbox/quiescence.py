"""When a system has come to rest: everything announced was carried and handled, every mark that is due has fired."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

import psycopg2
import requests
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from services.plumbing.messaging.broker import Subscriptions

_UNDONE = """
SELECT (SELECT count(*) FROM intake.outbox) + (SELECT count(*) FROM routing.outbox)
     + (SELECT count(*) FROM deadline_watch.outbox) + (SELECT count(*) FROM desk.outbox)
     + (SELECT count(*) FROM knowledge.outbox) + (SELECT count(next_try_at) FROM knowledge.held)
     + (SELECT count(*) FROM notify.outbox)
     + (SELECT count(next_try_at) FROM intake.held) + (SELECT count(next_try_at) FROM routing.held)
     + (SELECT count(next_try_at) FROM deadline_watch.held) + (SELECT count(next_try_at) FROM notify.held)
     + (SELECT count(next_try_at) FROM desk.held)
     + (SELECT count(*) FROM deadline_watch.due_now)
     + (SELECT count(*) FROM routing.escalations WHERE acknowledge_by <= bancheng.now())
"""


class _Traffic(NamedTuple):
    """How many events were published, and how many deliveries the broker still owes to somebody."""

    published: int
    owed: int


class SettleTimeout(Exception):
    """The system did not come to rest in time."""


class Quiescence:
    """Tells whether a system is at rest, from its database and its metrics."""

    def __init__(self, database_url: str, metrics: Iterable[str], subscriptions: Subscriptions) -> None:
        self._url, self._metrics = database_url, list(metrics)
        self._subscribers: dict[str, int] = {}
        for types in subscriptions.values():
            for type_ in types:
                self._subscribers[type_] = self._subscribers.get(type_, 0) + 1

    def wait(self, *, seconds: float = 60) -> None:
        """Return when the system is at rest. Raises SettleTimeout."""
        give_up = time.monotonic() + seconds
        with closing(psycopg2.connect(self._url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                while not self._is_at_rest(cursor):
                    if time.monotonic() > give_up:
                        raise SettleTimeout(
                            f"after {seconds:.0f} s there is still work: {self._traffic().owed} on the way"
                        )
                    time.sleep(0.01)

    def _is_at_rest(self, cursor: "psycopg2.extensions.cursor") -> bool:
        """An event may go from an outbox to its subscribers between two looks: nothing may have gone meanwhile."""
        if self._undone(cursor):
            return False
        before = self._traffic()
        return not before.owed and not self._undone(cursor) and self._traffic() == before

    def _undone(self, cursor: "psycopg2.extensions.cursor") -> int:
        cursor.execute(_UNDONE)
        row = cursor.fetchone()
        return int(row[0]) if row else 0

    def published(self) -> Counter[str]:
        """How many events of each type the broker has confirmed since the system was started."""
        counts: Counter[str] = Counter()
        for sample in self._samples():
            if sample.name == "bancheng_events_published_total":
                counts[sample.labels["type"]] += int(sample.value)
        return counts

    def _traffic(self) -> _Traffic:
        published, owed = 0, 0
        for sample in self._samples():
            if sample.name == "bancheng_events_published_total":
                published += int(sample.value)
                owed += int(sample.value) * self._subscribers.get(sample.labels["type"], 0)
            elif sample.name == "bancheng_events_handled_total" and sample.labels["outcome"] != "waiting":
                owed -= int(sample.value)
        return _Traffic(published, max(owed, 0))

    def _samples(self) -> Iterator[Sample]:
        """Only of traffic: a driver asks hundreds of times a minute, and reading everything would be half its work."""
        for address in self._metrics:
            text = requests.get(f"http://{address}/metrics", timeout=10).text
            traffic = "\n".join(line for line in text.splitlines() if "bancheng_events_" in line)
            for family in text_string_to_metric_families(traffic):
                yield from family.samples
