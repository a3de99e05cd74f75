"""What it costs the watch to look and find nothing, over ever more open deadlines; and what these take on disk."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import psycopg2

from services.composition import SERVICES
from services.deadline_watch import metrics, store
from services.plumbing.database import migrate
from services.plumbing.database.database import Database
from tests.bench.figures import Figure, percentile
from tests.bench.seeding import seed
from tests.bench.servers import Servers, ask
from tests.stack.services import login_url, login_urls

PASSES = 200
SLOWEST_PASS_MS = 5.0
STEP = 1_000_000


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """A pass with nothing due over 10 thousand, 1 million and, in full, 10 million open deadlines."""
    for count in (10_000, 1_000_000, 10_000_000)[: 3 if full else 2]:
        with servers.database("claim") as url:
            room = "deadline_watch"
            migrate.migrate_database(url, {room: SERVICES[room].migrations}, {}, None, login_urls(url, room))
            fill(url, count)
            yield _pass_figure(url, count)
            yield _gauges_figure(url, count)
            yield _size_figure(url, count)


def fill(url: str, count: int) -> None:
    """So many open deadlines, all due later, seconds apart. The indexes are built at the end, which is much quicker."""
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = deadline_watch")
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes"
                " WHERE schemaname = 'deadline_watch' AND tablename = 'deadlines'"
                " AND indexdef NOT LIKE 'CREATE UNIQUE%'"
            )
            indexes = cursor.fetchall()
            for name, _definition in indexes:
                cursor.execute(f"DROP INDEX {name}")
            later = ask(url, "SELECT clock_timestamp()") + timedelta(days=1)
            for first in range(0, count, STEP):
                seed(url, min(STEP, count - first), later, apart=timedelta(seconds=1), routed=False)
            for _name, definition in indexes:
                cursor.execute(definition)
            cursor.execute("VACUUM ANALYZE")


def passes_ms(url: str, count: int) -> list[float]:
    """The times of so many passes of the watch, each a transaction of its own."""
    database = Database(login_url(url, "deadline_watch"), "deadline_watch", size=1)
    took = []
    for _ in range(count):
        began = time.perf_counter()
        with database.transaction() as tx:
            fired = store.firing.fire(tx, tx.now)
        with database.transaction() as tx:
            paused = store.firing.long_paused(tx, {"BC": tx.now})
        with database.transaction() as tx:
            store.firing.outlook(tx)
        took.append((time.perf_counter() - began) * 1000)
        if fired or paused:
            raise RuntimeError("Something was due in a pass that was to find nothing.")
    database.close()
    return took


def _pass_figure(url: str, count: int) -> Figure:
    passes_ms(url, 20)
    took = passes_ms(url, PASSES)
    return Figure(
        key=f"claim.{count}",
        what=f"A pass of the watch with nothing due, {count:,} open deadlines (median)",
        value=percentile(took, 0.5),
        unit="ms",
        aim=SLOWEST_PASS_MS,
        less_is_better=True,
        bounded_by="Three looks at the first entry of a partial index (due, paused too long, what is next),"
        " each a transaction.",
        detail={"p99 ms": percentile(took, 0.99), "max ms": max(took)},
    )


def _gauges_figure(url: str, count: int) -> Figure:
    """What operators see is counted in the same loop, every 15 seconds."""
    database = Database(login_url(url, "deadline_watch"), "deadline_watch", size=1)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        with database.transaction() as tx:
            metrics.observe(tx)
        took.append((time.perf_counter() - began) * 1000)
    database.close()
    return Figure(
        key=f"claim.gauges.{count}",
        what=f"Counting {count:,} open deadlines for the metrics, every 15 s (median)",
        value=percentile(took, 0.5),
        unit="ms",
        less_is_better=True,
        bounded_by="A scan of an index of all that is open.",
    )


def _size_figure(url: str, count: int) -> Figure:
    table = ask(url, "SELECT pg_table_size('deadline_watch.deadlines')")
    indexes = ask(url, "SELECT pg_indexes_size('deadline_watch.deadlines')")
    return Figure(
        key=f"claim.disk.{count}",
        what=f"{count:,} open deadlines on disk, with their indexes",
        value=(table + indexes) / (1 << 20),
        unit="MB",
        less_is_better=True,
        bounded_by=f"{table / count:.0f} bytes a row, {indexes / count:.0f} bytes in its indexes.",
    )
