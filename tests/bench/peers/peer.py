"""A peer at work: its servers, its worker as a process group of its own, its timers."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg2

from services.sandbox.reaper import Reaper
from tests.bench.peers.given import TABLES
from tests.bench.servers import Servers, ask, run
from tests.bench.usage import family, resident


class Came(NamedTuple):
    """How many different timers went off, and how often a timer did in all."""

    timers: int
    times: int


@dataclass(frozen=True)
class Peer:
    """Who it is, and how its worker is started. ``holds_in`` says where what waits is: its "broker".

    ``scheduled_a_second`` is not more than it can be told of in a second.
    """

    name: str
    module: str
    worker: tuple[str, ...]
    scheduled_a_second: int
    holds_in: str = "RabbitMQ"

    @contextmanager
    def at_work(self, servers: Servers) -> Iterator["PeerAtWork"]:
        """Its worker runs, on an empty database and virtual host."""
        with servers.database("peer") as url, servers.virtual_host("peer") as uri, Reaper() as reaper:
            run(url, TABLES)
            with tempfile.TemporaryFile() as log:
                working = PeerAtWork(self, url, uri, reaper, log)
                working.schedule(0, time.time())  # makes its tables or queues, if it needs any
                working.start()
                try:
                    yield working
                finally:
                    working.kill()


class PeerAtWork:
    """One peer with its worker."""

    def __init__(self, peer: Peer, url: str, uri: str, reaper: Reaper, log: Any) -> None:
        self.peer, self.url = peer, url
        self._reaper, self._log = reaper, log
        self._environment = os.environ | {"BENCH_DATABASE_URL": url, "BENCH_AMQP_URI": uri}
        self._worker: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the worker; harmless while it runs, so that it stands in for a supervisor."""
        if self._worker is None or self._worker.poll() is not None:
            self._worker = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", *self.peer.worker],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
            self._reaper.watch(self._worker.pid)

    def kill(self) -> None:
        """Kill -9 the worker and all of its processes."""
        if self._worker is not None:
            for process in reversed(family(self._worker.pid)):
                process.send_signal(signal.SIGKILL)
            self._worker.wait()
            self._reaper.forget(self._worker.pid)

    def schedule(self, count: int, due_at: float) -> None:
        """Set so many timers for one instant (Unix time). Raises RuntimeError with the scheduler's last words."""
        command = [sys.executable, "-W", "ignore", "-m", self.peer.module, str(count), str(due_at)]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False, timeout=900)
        if done.returncode:
            raise RuntimeError(f"{self.peer.name} could not schedule: {done.stderr[-2000:]}")

    def came(self) -> Came:
        """What has gone off so far; nothing while PostgreSQL is away."""
        try:
            return Came(
                ask(self.url, "SELECT count(DISTINCT timer) FROM done"), ask(self.url, "SELECT count(*) FROM done")
            )
        except psycopg2.OperationalError:
            return Came(0, 0)

    def await_timers(self, count: int, *, still_for: float, seconds: float) -> Came:
        """Until so many different timers went off, or nothing happened for a while; a dead worker is started again."""
        give_up, last, since = time.monotonic() + seconds, self.came(), time.monotonic()
        while last.timers < count and time.monotonic() < min(give_up, since + still_for):
            time.sleep(0.25)
            self.start()
            if (now := self.came()) != last:
                last, since = now, time.monotonic()
        return last

    def seconds_since(self, due_at: float) -> float:
        """From ``due_at`` to the last that went off."""
        last: datetime | None = ask(self.url, "SELECT max(at) FROM done")
        if last is None:
            raise RuntimeError(f"No timer of {self.peer.name} went off. Its worker said:\n{self.log[-2000:]}")
        return (last - datetime.fromtimestamp(due_at, UTC)).total_seconds()

    @property
    def memory(self) -> float:
        """The resident memory of the worker with all of its processes, in MB."""
        assert self._worker is not None
        return resident(self._worker.pid)

    @property
    def log(self) -> str:
        """What the worker said."""
        self._log.seek(0)
        return str(self._log.read().decode(errors="replace"))


def _worker(module: str, *command: str) -> tuple[str, ...]:
    return (*command, f"tests.bench.peers.{module}")


PEERS = (
    Peer(
        "Celery",
        "tests.bench.peers.celery_eta",
        (
            *_worker("celery_eta", "celery", "-A"),
            "worker",
            "-c",
            "2",
            "-l",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
        ),
        1000,
    ),
    Peer(
        "Dramatiq",
        "tests.bench.peers.dramatiq_delay",
        (*_worker("dramatiq_delay", "dramatiq"), "--processes", "2", "--threads", "4"),
        2500,
    ),
    Peer(
        "Procrastinate",
        "tests.bench.peers.procrastinate_jobs",
        (
            *("procrastinate", "--log-level", "warning", "--app", "tests.bench.peers.procrastinate_jobs.app"),
            *("worker", "-c", "20", "-p", "1"),
        ),
        2500,
        holds_in="PostgreSQL",
    ),
    Peer("poller", "tests.bench.peers.poller", ("tests.bench.peers.poller", "watch"), 20_000, holds_in="PostgreSQL"),
)
