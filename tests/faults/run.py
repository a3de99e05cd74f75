"""One row of the tables with one seed: a house at work, the fault, the recovery, the verdict."""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psycopg2

from schemas.enums import Role
from tests.bench.tickets import ticket
from tests.faults.caller import Caller
from tests.faults.checker import violations
from tests.faults.house import DEAD, QUEUES, SPEED, STARTS_AT, House, Plan
from tests.faults.journal import Journal, registered
from tests.faults.observations import FaultPeriod, Observations, read_tables
from tests.faults.recording import backlog, left
from tests.faults.result import Result, Size
from tests.faults.workload import Actions, Registrations

BUILD = Path("build") / "faults"
RECOVERY_S = 30.0
_GIVE_UP_S = 90.0
_PROBED = """
SELECT EXISTS (SELECT FROM routing.tickets WHERE id = %(id)s AND complexity IS NOT NULL)
   AND EXISTS (SELECT FROM deadline_watch.deadlines WHERE ticket_id = %(id)s AND department IS NOT NULL) AS is_there
"""


class Run:
    """What a row works with. Everything random follows from ``seed``, except who is first of two at once."""

    def __init__(self, row: int, name: str, seed: int, size: Size) -> None:
        self.result = Result(row, name, seed)
        self.seed, self.size = seed, size
        self.chance = random.Random(f"{row}/{seed}")
        self.journal = Journal()
        self.faults: list[FaultPeriod] = []
        self.poison: dict[str, int] = {}
        self._probes = 0
        self._gate = threading.Event()
        self._gate.set()
        self._has_ended = False

    @contextmanager
    def house(self, plan: Plan | None = None, *, at_least: float = 0.0) -> Iterator[House]:
        """A house at work inside of the `with`, where tickets come for ``at_least`` seconds; checked at its end."""
        began, length = time.monotonic(), max(at_least, self.size.seconds)
        with House(plan or Plan()) as self.here:
            try:
                with self._load(length):
                    yield self.here
                self._check()
                self.result.seconds = round(time.monotonic() - began, 1)
                self._save()
            except Exception:
                self._save_logs()
                raise

    @contextmanager
    def _load(self, length: float) -> Iterator[None]:
        """Tickets are posted and lived through inside of the `with`, for ``length`` seconds at least."""
        self.caller = self._caller("load")
        registrations = Registrations(self.here, self.caller, self.chance, tickets=self.size.tickets, seconds=length)
        actions = Actions(self.here, self.journal, self._caller("actions"), self.seed)
        registrations.start()
        actions.start()
        opened = time.monotonic()
        try:
            yield
            time.sleep(max(0.0, opened + length - time.monotonic()))
            self.expect(registrations.join(60), "A clients still wait for an answer")
        finally:
            self._has_ended = True
            self._gate.set()
            actions.stop()

    def _caller(self, name: str) -> Caller:
        chance = random.Random(f"{self.seed}/{name}")
        return Caller(self.here, self.journal, chance, gate=self._gate, has_ended=lambda: self._has_ended)

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Nobody asks anything, and the house is at rest."""
        self._gate.clear()
        try:
            self.expect(self.here.comes_to_rest(30), "E the house did not come to rest in a pause")
            yield
        finally:
            self._gate.set()

    def some_time(self, least: float, most: float) -> None:
        """Let a random number of seconds pass."""
        time.sleep(self.chance.uniform(least, most))

    @contextmanager
    def fault(self, name: str, *, recovers: bool = True) -> Iterator[FaultPeriod]:
        """A fault that lasts as long as the `with`; afterwards a probe shows when the house works again."""
        window = FaultPeriod(name, time.time())
        self.faults.append(window)
        yield window
        window.ended = time.time()
        self.result.faults += 1
        if recovers:
            self.recovers(window)

    def recovers(self, window: FaultPeriod) -> None:
        """Post a ticket and wait until it is routed and its deadline has a department."""
        while time.time() - window.ended < _GIVE_UP_S:
            if self._probe_arrives():
                window.recovered = time.time()
                self.result.recovery = max(self.result.recovery, round(window.recovered - window.ended, 1))
                return
            time.sleep(0.3)

    def _probe_arrives(self) -> bool:
        self._probes += 1
        number = 1_000_000 + self.result.row * 1000 + self._probes
        body, mark = ticket(number), f"〔探{self._probes}〕"
        body["title"] += mark
        entry = self.caller.ask(
            "intake", "/tickets", self.here.token(Role.CLERK), body, act="register", about=(mark,), patience=20
        )
        if entry.status != 201:
            return False
        give_up = time.monotonic() + _GIVE_UP_S
        while time.monotonic() < give_up:
            try:
                if self.here.rows(_PROBED, id=entry.reply["id"])[0].is_there:
                    return True
            except psycopg2.Error:
                pass
            time.sleep(0.1)
        return False

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note a violation that only the row can see."""
        if not holds:
            self.result.violations.append(otherwise)

    def accepted_since(self, instant: float) -> int:
        """How many requests to register that were made since then were accepted."""
        return sum(entry.is_done for entry in self.journal.since(instant, "register"))

    def _check(self) -> None:
        house, result = self.here, self.result
        house.stop_clock()
        self.expect(house.comes_to_rest(60), "E the house did not come to rest within 60 s")
        result.suppressed = house.supervisor.suppressed()
        result.restarts = house.supervisor.restarts.total()
        codes = house.supervisor.close()
        self.expect(not any(codes), f"F on SIGTERM the services ended with {codes}")
        self.observations = Observations(
            journal=self.journal.entries,
            published=house.recording.read(),
            **read_tables(house.database_url),
            queued=left(house.amqp_uri, QUEUES),
            dead_lettered=backlog(house.amqp_uri, (DEAD,)),
            poison=self.poison,
            faults=self.faults,
            starts_at=STARTS_AT,
            started=house.clock_started,
            speed=SPEED,
            limit_s=RECOVERY_S,
        )
        result.violations += violations(self.observations)
        result.tickets = len(registered(self.journal.entries))
        result.events = sum(map(len, self.observations.by_type.values()))
        result.published_twice = len(self.observations.published) - result.events
        result.parked = sum(self.observations.parked.values())

    @property
    def folder(self) -> Path:
        """Where the traces of the run are kept."""
        return BUILD / f"row-{self.result.row:02}-seed-{self.seed}"

    def _save(self) -> None:
        self.journal.save(self.folder / "journal.jsonl")
        (self.folder / "result.json").write_text(json.dumps(asdict(self.result), ensure_ascii=False, indent=1))
        (self.folder / "faults.json").write_text(json.dumps([asdict(each) for each in self.faults]))
        if self.result.violations:
            (self.folder / "published.json").write_text(json.dumps(self.observations.published, ensure_ascii=False))
            tables: Any = self.observations.tables
            (self.folder / "tables.json").write_text(json.dumps(tables, default=str, ensure_ascii=False))
            self._save_logs()

    def _save_logs(self) -> None:
        """Keep what the processes said. While the house stands: their logs go with it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, log in self.here.supervisor.logs().items():
            (self.folder / f"{name}.log").write_text(log)
