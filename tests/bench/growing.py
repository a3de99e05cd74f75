"""What growth costs: a hundred centers instead of one, and tables through which millions of events have gone."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import psycopg2.extras

from services.composition import SERVICES
from services.plumbing.database import housekeeping, migrate
from services.plumbing.database.database import Database
from services.plumbing.database.transaction import new_id
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.outbox import BATCH, NEXT_EVENTS
from tests.bench.bursting import burst, centers, many_centers
from tests.bench.figures import Figure, percentile
from tests.bench.servers import Servers, ask, run
from tests.stack.services import login_urls

TICKETS = 2000

_INBOX_SIZE = "SELECT pg_total_relation_size('intake.inbox')"


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """Centers first, then the inbox and the outbox."""
    costs: dict[int, dict[str, float]] = {}
    for count in (1, 100):
        with many_centers(servers, count, "centers") as house:
            house.load(seconds=2, rate=100, first=9_000_000)
            house.settle()
            with house.usage() as usage:
                house.load(seconds=TICKETS / 100, rate=100)
                house.settle()
            costs[count] = {name: spent / TICKETS * 1000 for name, spent in usage.processor_seconds.items()}
            seconds, burst_usage = burst(house, 10_000)
            yield Figure(
                key=f"growth.centers.{count}",
                what=f"10,000 deadlines due at once in {len(centers(count))} center{'s' if count > 1 else ''}",
                value=10_000 / seconds,
                unit="deadlines/s",
                against=("growth.centers.1",) if count > 1 else (),
                bounded_by=burst_usage.sentence(),
            )
    for room in ("routing", "watch"):
        yield Figure(
            key=f"growth.cost.{room}",
            what=f"Processor time of {room} for a ticket, 100 centers (1 center: {costs[1][room]:.2f} ms)",
            value=costs[100][room],
            unit="ms",
            less_is_better=True,
            bounded_by="Center files are kept in memory, once a version.",
            detail={str(count): cost for count, cost in costs.items()},
        )
    yield from _tables(servers, 10_000_000 if full else 1_000_000)


def _tables(servers: Servers, events: int) -> Iterator[Figure]:
    with servers.database("growth") as url:
        urls = login_urls(url, "intake")
        migrate.migrate_database(url, {"intake": SERVICES["intake"].migrations}, {}, None, urls)
        database = Database(urls["intake"], "intake", size=2)
        empty = _claims_ms(database)
        yield from _inbox(url, database, events, percentile(empty, 0.5))
        yield _outbox(url, min(events, 1_000_000))
        database.close()


def _inbox(url: str, database: Database, events: int, before: float) -> Iterator[Figure]:
    """The inbox holds half of the events within its days and half beyond, which housekeeping then removes."""
    run(
        url,
        "INSERT INTO intake.inbox (event_id, received_at) SELECT gen_random_uuid(),"
        " clock_timestamp() - make_interval(days => CASE WHEN n <= %(events)s / 2 THEN 60 ELSE 20 END)"
        " FROM generate_series(1, %(events)s) AS n",
        "ANALYZE intake.inbox",
        events=events,
    )
    size = ask(url, _INBOX_SIZE)
    yield Figure(
        key="growth.inbox",
        what=f"A batch of {BATCH} events taken into an inbox of {events:,} (median; {before:.1f} ms into an empty one)",
        value=percentile(_claims_ms(database), 0.5),
        unit="ms",
        less_is_better=True,
        bounded_by="One insert of many rows; a new id goes to the right edge of the index.",
        detail={"bytes an event": size / events},
    )
    began, removed = time.perf_counter(), 0
    while time.perf_counter() < began + 20:
        with database.transaction() as tx:
            batch = housekeeping.clean(tx)
        if not batch:
            break
        removed += batch
    seconds = time.perf_counter() - began
    run(url, "VACUUM ANALYZE intake.inbox")
    yield Figure(
        key="growth.cleaning",
        what=f"Old events removed from that inbox by housekeeping, {removed:,} of them",
        value=removed / seconds,
        unit="events/s",
        bounded_by=f"In batches of {housekeeping.BATCH:,} every {housekeeping.PERIOD_SECONDS:.0f} s, so as not to be in"
        f" the way: {housekeeping.BATCH / housekeeping.PERIOD_SECONDS:,.0f}/s at the most in each replica.",
        detail={
            "MB before": size / (1 << 20),
            "MB after": ask(url, "SELECT pg_total_relation_size('intake.inbox')") / (1 << 20),
        },
    )


def _claims_ms(database: Database) -> list[float]:
    took = []
    for _ in range(50):
        ids = [new_id() for _ in range(BATCH)]
        began = time.perf_counter()
        with database.transaction() as tx:
            retry_queue.deduplicate(tx, ids)
        took.append((time.perf_counter() - began) * 1000)
    return took


_ANNOUNCE = "INSERT INTO outbox (id, type, subject, center, correlation_id, announced_at, data) VALUES %s"


def _outbox(url: str, events: int) -> Figure:
    """Events announced, read and deleted in batches, as a relay does it, with no broker to wait for."""
    data = psycopg2.extras.Json({"text": "发票一直开不出来，税务窗口说等通知。" * 8})
    took: list[float] = []
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("SET search_path = intake")
        began = time.perf_counter()
        for _ in range(events // BATCH):
            rows: list[tuple[Any, ...]] = [
                (new_id(), "ticket.registered.v1", "subject", "BC", new_id(), "2025-01-24T09:00+08:00", data)
            ] * BATCH
            psycopg2.extras.execute_values(cursor, _ANNOUNCE, rows, page_size=BATCH)
            asked = time.perf_counter()
            cursor.execute(NEXT_EVENTS, (0, BATCH))
            found = cursor.fetchall()
            took.append((time.perf_counter() - asked) * 1000)
            cursor.execute("DELETE FROM outbox WHERE seq = ANY(%s)", ([row[0] for row in found],))
        seconds = time.perf_counter() - began
    tenth = max(1, len(took) // 10)
    return Figure(
        key="growth.outbox",
        what=f"Reading the next {BATCH} of an outbox after {events:,} events have gone through"
        f" ({percentile(took[:tenth], 0.5):.1f} ms at the beginning)",
        value=percentile(took[-tenth:], 0.5),
        unit="ms",
        less_is_better=True,
        bounded_by="Dead entries at the left edge of the index until autovacuum has been there.",
        detail={
            "p99 ms at the end": percentile(took[-tenth:], 0.99),
            "MB on disk, with nothing in it": ask(url, "SELECT pg_total_relation_size('intake.outbox')") / (1 << 20),
            "events/s": events / seconds,
        },
    )
