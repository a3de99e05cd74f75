"""What this machine can do at the most of each thing that the house is made of: HTTP, inserts, confirms, claims."""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import amqp
import psycopg2

from services.sandbox.ports import free_ports
from services.sandbox.postgres_wheel import postgres_binaries
from services.sandbox.reaper import Reaper
from tests.bench.figures import Figure
from tests.bench.house import carry_out
from tests.bench.load import Order
from tests.bench.servers import Servers, run
from tests.stack.waiting import amqp_connection, wait_for_port

CONFIRM_BATCH = 500
BODY = b'{"specversion": "1.0", "data": {"text": "' + b"x" * 700 + b'"}}'

_TABLE = """CREATE TABLE events (
    id uuid PRIMARY KEY, type text, subject text, at timestamptz DEFAULT clock_timestamp(), data json
)"""
_INSERT = (
    """INSERT INTO events (id, type, subject, data) VALUES (uuidv7(), 'ticket.registered.v1', 'subject', '{"a": 1}');"""
)


def measure(servers: Servers, *, full: bool) -> Iterator[Figure]:
    """One after the other, each with the machine to itself."""
    seconds = 10 if full else 5
    yield from _pong(seconds)
    with servers.database("limits") as url:
        yield _inserts(servers, url, seconds)
        yield _claims(url, 100_000)
    with servers.virtual_host("limits") as uri:
        yield _confirms(uri, seconds)


def _pong(seconds: float) -> Iterator[Figure]:
    (port,) = free_ports(1)
    with Reaper() as reaper:
        process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", "tests.bench.pong", f"127.0.0.1:{port}"])
        reaper.watch(process.pid)
        wait_for_port(port, seconds=30)
        carry_out(Order(port=port, seconds=1, paths=("/ping",)))
        outcome = carry_out(Order(port=port, seconds=seconds, paths=("/ping",)))
        alone = carry_out(Order(port=port, seconds=1, connections=1, paths=("/ping",)))
        process.kill()
        process.wait()
        reaper.forget(process.pid)
    yield Figure(
        key="limit.pong",
        what='Limit: nameko answering "pong" over HTTP, one process, the same load generator',
        value=outcome.rate,
        unit="replies/s",
        bounded_by="One core with nameko, eventlet and werkzeug.",
        detail={"http p99 s": outcome.p99, "statuses": outcome.statuses},
    )
    yield Figure(
        key="limit.pong_alone",
        what='Limit: one client waits for one "pong" after the other (median)',
        value=alone.p50 * 1000,
        unit="ms",
        less_is_better=True,
        bounded_by="A round trip through nameko, eventlet and werkzeug.",
    )


def _inserts(servers: Servers, url: str, seconds: int) -> Figure:
    run(url, _TABLE, "GRANT ALL ON events TO PUBLIC")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "insert.sql"
        script.write_text(_INSERT)
        binaries = postgres_binaries(servers.postgres.folder / "wheel", None)
        how = ["-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", str(seconds)]
        command = [str(binaries / "pgbench"), *how, "-f", str(script), url]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found, done.stdout
    return Figure(
        key="limit.insert",
        what="Limit: pgbench, one insert and one commit each, 16 connections",
        value=float(found[1]),
        unit="inserts/s",
        bounded_by="A flush of the write-ahead log for each group of commits, and a round trip each.",
    )


_CLAIM = """
WITH due AS (
    SELECT id FROM claims WHERE next_at <= clock_timestamp() ORDER BY next_at LIMIT 1000 FOR UPDATE SKIP LOCKED
), fired AS (UPDATE claims SET next_at = NULL FROM due WHERE claims.id = due.id RETURNING claims.id)
INSERT INTO events (id, type, subject, data) SELECT uuidv7(), 'deadline.breached.v1', id, '{"a": 1}' FROM fired
"""


def _claims(url: str, count: int) -> Figure:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute("CREATE TABLE claims (id uuid PRIMARY KEY, next_at timestamptz)")
        cursor.execute("CREATE INDEX ON claims (next_at) WHERE next_at IS NOT NULL")
        cursor.execute("INSERT INTO claims SELECT uuidv7(), clock_timestamp() FROM generate_series(1, %s)", (count,))
        cursor.execute("ANALYZE claims")
        began = time.perf_counter()
        claimed = 0
        while claimed < count:
            cursor.execute(_CLAIM)
            claimed += cursor.rowcount
        seconds = time.perf_counter() - began
    return Figure(
        key="limit.claim",
        what="Limit: claim, advance and outbox as bare SQL in batches of 1,000, on a table with one index",
        value=count / seconds,
        unit="deadlines/s",
        bounded_by="One connection, one core of PostgreSQL.",
    )


def _confirms(uri: str, seconds: float) -> Figure:
    confirmed = 0
    with amqp_connection(uri, timeout=30) as connection:
        channel = connection.channel()
        channel.queue_declare("limits", durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        channel.confirm_select()
        waiting: set[int] = set()
        tag = 0

        def settle(settled: int, multiple: bool) -> None:
            waiting.difference_update([each for each in waiting if each <= settled] if multiple else [settled])

        channel.events["basic_ack"].add(settle)
        began = time.perf_counter()
        while time.perf_counter() < began + seconds:
            for _ in range(CONFIRM_BATCH):
                tag += 1
                waiting.add(tag)
                channel.basic_publish(amqp.Message(BODY, delivery_mode=2), routing_key="limits")
            while waiting:
                connection.drain_events(timeout=30)
            confirmed += CONFIRM_BATCH
        elapsed = time.perf_counter() - began
        channel.queue_delete("limits")
    return Figure(
        key="limit.confirm",
        what=f"Limit: batches of {CONFIRM_BATCH} confirmed by a quorum queue, plain amqp",
        value=confirmed / elapsed,
        unit="messages/s",
        bounded_by="RabbitMQ's write-ahead log and py-amqp's writing of frames, one core each.",
    )
