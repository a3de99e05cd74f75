"""The house as in production, but small: its services as processes, each as often as asked, on the real clock."""

import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg2
import yaml

from schemas.center.center import Center
from schemas.enums import Role
from services.composition import SERVICES, migrate_all, subscriptions
from services.intake.ciphers import generate_keys
from services.plumbing.database.database import Database
from services.plumbing.runtime.resources import Administration, BrokerAccess
from services.plumbing.security.access import Actor, issue
from services.routing.actions.publishing import publish
from services.sandbox.quiescence import Quiescence
from tests.bench.load import Order, Outcome
from tests.bench.servers import Servers
from tests.bench.usage import Usage, resident
from tests.stack.eventually import eventually
from tests.stack.ports import free_ports
from tests.stack.services import SECRET, ServiceProcess, login_urls, settings
from tests.stack.waiting import amqp_connection

DEMO = Path(__file__).parents[2] / "deploy" / "centers" / "demo.yml"
SPEAKING_NAMES = {"deadline_watch": "watch"}


def demo_center(code: str = "BC") -> Center:
    """The demo center under any code."""
    return dataclasses.replace(Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8"))), code=code)


class House:
    """Ready from `__enter__` to `__exit__`, in an empty database and virtual host.

    ``replicas`` says how many processes of a service there are, if not one; ``centers`` are published first.
    """

    def __init__(
        self,
        servers: Servers,
        *,
        centers: Iterable[Center] | None = None,
        replicas: Mapping[str, int] | None = None,
        name: str = "house",
    ) -> None:
        self._servers, self._name = servers, name
        self.centers = list(centers or [demo_center()])
        self._replicas = dict.fromkeys(SERVICES, 1) | dict(replicas or {})
        self._cleanup = ExitStack()
        self.processes: dict[str, list[ServiceProcess]] = {}

    def __enter__(self) -> Self:
        try:
            self.database_url = self._cleanup.enter_context(self._servers.database(self._name))
            self.amqp_uri = self._cleanup.enter_context(self._servers.virtual_host(self._name))
            self._set_up()
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cleanup.close()

    def _set_up(self) -> None:
        keys = generate_keys()
        given = settings(self.amqp_uri, self.database_url) | {"BANCHENG_DATA_KEY": keys}
        urls = login_urls(self.database_url, *SERVICES)
        migrate_all(Administration(BrokerAccess(self.amqp_uri), self.database_url, urls, None))
        database = Database(urls["routing"], "routing", size=1)
        for center in self.centers:
            with database.transaction() as tx:
                publish(tx, center)
        database.close()
        for room, count in self._replicas.items():
            self.processes[room] = [self._process(room, port, given) for port in free_ports(count)]
        for process in self.everybody:
            process.launch()
            self._cleanup.callback(process.close)
        for process in self.everybody:
            if not eventually(process.is_ready, seconds=60) or not process.runs:
                raise RuntimeError(f"A service did not become ready:\n{process.log[-3000:]}")
        self.settle()

    def _process(self, room: str, port: int, given: dict[str, str]) -> ServiceProcess:
        address = {f"BANCHENG_{room.upper()}_ADDRESS": f"127.0.0.1:{port}"}
        return ServiceProcess("services.run", room, port=port, environment=given | address)

    @property
    def everybody(self) -> list[ServiceProcess]:
        """All processes of all services."""
        return [process for processes in self.processes.values() for process in processes]

    def tokens(self) -> tuple[str, ...]:
        """A clerk's token for each center."""
        return tuple(
            issue(SECRET, Actor(staff="liu-yang", roles=(Role.CLERK,), center=center.code), seconds=24 * 3600)
            for center in self.centers
        )

    def load(self, **order: Any) -> Outcome:
        """Have the load generator carry out an order on intake, and wait for it."""
        port = self.processes["intake"][0].port
        return carry_out(Order(port=port, tokens=self.tokens(), **order))

    def usage(self, **others: int) -> Usage:
        """What the house costs from now on, besides ``others``; the replicas of a service are told apart by number."""
        services = {
            SPEAKING_NAMES.get(room, room) + (f" {nth}" if len(processes) > 1 else ""): process.pid
            for room, processes in self.processes.items()
            for nth, process in enumerate(processes, start=1)
        }
        return Usage(services | self._servers.pids | others)

    def memory(self) -> dict[str, float]:
        """The resident memory of each service in MB; of the largest replica where there are several."""
        return {room: round(max(resident(each.pid) for each in them), 1) for room, them in self.processes.items()}

    def ask(self, query: str, **values: Any) -> Any:
        """The first column of the first row of a query, as the superuser."""
        with closing(psycopg2.connect(self.database_url)) as connection, connection.cursor() as cursor:
            cursor.execute(query, values or None)
            row = cursor.fetchone()
            return row[0] if row else None

    def settle(self, *, seconds: float = 300) -> float:
        """Wait until all that was begun is done; how long it took. Looks seldom, so as not to be in the way."""
        began = time.monotonic()
        if not eventually(lambda: not self.backlog(), seconds=seconds, pause=0.25):
            raise RuntimeError(f"After {seconds:.0f} s there is still work: {self.backlog()}")
        at_rest = time.monotonic() - began
        metrics = [f"127.0.0.1:{each.operations_port}" for each in self.everybody]
        Quiescence(self.database_url, metrics, subscriptions()).wait()
        return at_rest

    def backlog(self) -> dict[str, int]:
        """How much waits, by where: outboxes (1 for some) and queues."""
        waiting = {room: int(self.ask(f"SELECT EXISTS (SELECT FROM {room}.outbox)")) for room in SERVICES}
        with amqp_connection(self.amqp_uri) as connection:
            channel = connection.channel()
            for room in SERVICES:
                queue = f"bancheng.{room}"
                waiting[queue] = channel.queue_declare(queue, passive=True).message_count
        return {where: count for where, count in waiting.items() if count}


def carry_out(order: Order) -> Outcome:
    """Have a load generator of its own process carry out an order. Raises subprocess.CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(dataclasses.asdict(order)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=order.seconds + 120,
    )
    return Outcome(**json.loads(done.stdout))
