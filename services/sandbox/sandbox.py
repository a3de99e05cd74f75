"""A sandbox: an embedded PostgreSQL, an in-process broker (or a real one), and all services in one process."""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack, closing
from datetime import datetime
from types import TracebackType
from typing import Self

import psycopg2
import requests

from schemas.center.center import Center
from schemas.enums import Role
from services.access.tokens import Actor, issue
from services.composition import SERVICES, migrate_all, subscriptions
from services.desk.rules.accounts import trial_code
from services.plumbing.ciphers import generate_keys
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login, setting_of
from services.plumbing.messaging import broker_users
from services.plumbing.runtime import clock
from services.plumbing.runtime.resources import IN_PROCESS, Administration, BrokerAccess, broker_access
from services.routing.actions.publishing import publish
from services.sandbox.client import Client
from services.sandbox.embedded_postgres import EmbeddedPostgres
from services.sandbox.ports import free_ports
from services.sandbox.quiescence import Quiescence
from services.sandbox.reaper import Reaper

READY_SECONDS = 60.0


class SandboxFailed(Exception):
    """The services did not start; the message ends with what they said."""


def given_broker() -> BrokerAccess:
    """The broker that AMQP_URI names, with all settings of a real system; without it the process itself.

    Raises MissingSetting, BrokerUserUnusable.
    """
    return broker_access(SERVICES) if os.environ.get("AMQP_URI") else IN_PROCESS


class Sandbox:
    """Runs from `__enter__` to `__exit__`, on a clock that stands at ``starts_at`` until it is stepped.

    ``others`` are served beside ``center``. ``broker`` may be a real one; by default the events travel inside the
    process. ``second_factor`` is what the desk asks of everybody: required or optional.
    """

    def __init__(
        self,
        center: Center,
        starts_at: datetime,
        *others: Center,
        broker: BrokerAccess = IN_PROCESS,
        second_factor: str = "optional",
    ) -> None:
        self._second_factor = second_factor
        self.center, self._others = center, others
        self._clock = f"{starts_at.isoformat()}@0"
        self._broker = broker
        self._secret = os.urandom(16).hex()
        operations, *ports = free_ports(1 + len(SERVICES))
        self.operations_address = f"127.0.0.1:{operations}"
        self.addresses = {name: f"127.0.0.1:{port}" for name, port in zip(SERVICES, ports, strict=True)}
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        try:
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
        postgres = self._cleanup.enter_context(EmbeddedPostgres())
        self.database_url = postgres.url
        urls = {name: as_login(postgres.url, f"bancheng_{name}") for name in SERVICES}
        migrate_all(Administration(self._broker, postgres.url, urls, self._clock))
        database = Database(urls["routing"], "routing", size=1)
        with database.transaction() as tx:
            for center in (self.center, *self._others):
                publish(tx, center)
        database.close()
        self._start_services(urls)
        self._connection = self._cleanup.enter_context(closing(psycopg2.connect(self.database_url)))
        self._connection.autocommit = True
        self._quiet = Quiescence(self.database_url, [self.operations_address], subscriptions())
        self.settle()

    def _start_services(self, database_urls: Mapping[str, str]) -> None:
        environment = os.environ | {
            "AMQP_URI": "" if self._broker.service_uris else self._broker.amqp_uri,
            **{broker_users.setting_of(name): uri for name, uri in self._broker.service_uris.items()},
            "BANCHENG_SECRET": self._secret,
            "BANCHENG_DATA_KEY": generate_keys(),
            "BANCHENG_MASKING_KEY": os.urandom(32).hex(),
            "BANCHENG_NOTIFY_KEY": generate_keys(),
            "BANCHENG_CLOCK": self._clock,
            **{setting_of(name): url for name, url in database_urls.items()},
            **{f"BANCHENG_{name.upper()}_ADDRESS": address for name, address in self.addresses.items()},
            "BANCHENG_DESK_URL": f"http://{self.addresses['desk']}",
            "BANCHENG_DESK_SECOND_FACTOR": self._second_factor,
            "BANCHENG_TRUSTED_PROXIES": "127.0.0.1",  # the desk, which asks in the name of citizens
            "BANCHENG_THROWAWAY_DATABASE": "1",
            "BANCHENG_DESK_TRIAL_LINKS": "1",
            "BANCHENG_OPERATIONS_ADDRESS": self.operations_address,
            "BANCHENG_OPERATIONS_CACHE_SECONDS": "0",  # whether the system is at rest is asked many times a second
        }
        reaper = self._cleanup.enter_context(Reaper())
        self._log = self._cleanup.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        process = subprocess.Popen(
            [sys.executable, "-m", "services.run", *SERVICES], env=environment, stdout=self._log, stderr=self._log
        )
        reaper.watch(process.pid)
        self._cleanup.callback(_end, process)
        give_up = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            if process.poll() is not None or time.monotonic() > give_up:
                raise SandboxFailed(f"the services did not start:\n{self.log()[-2000:]}")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"http://{self.operations_address}/health/ready", timeout=2).ok
        except requests.RequestException:
            return False

    def log(self) -> str:
        """What the services have said so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def step(self, instant: datetime) -> None:
        """Move Bancheng's clock; every process sees it at once."""
        clock.step(self._connection, instant)

    def let_run(self) -> None:
        """From now on Bancheng's clock runs as fast as the real one."""
        clock.let_run(self._connection)

    def published(self) -> Counter[str]:
        """How many events of each type were published so far."""
        return self._quiet.published()

    def settle(self) -> None:
        """Wait until everything that follows from what was done so far has happened."""
        self._quiet.wait()

    def let_marks_fire(self) -> None:
        """Wait until the marks that are due by now have reached every service; costs one query where there are none."""
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT FROM deadline_watch.due_now LIMIT 1")
            is_any = bool(cursor.rowcount)
        if is_any:
            self.settle()

    def token(self, staff: str, *roles: Role, department: str | None = None, center: str | None = None) -> str:
        """A token that is good for the life of the sandbox, for the sandbox's own center unless another is named."""
        actor = Actor(staff=staff, roles=roles, center=center or self.center.code, department=department)
        return issue(self._secret, actor, seconds=24 * 3600)

    def trial_link(self, staff: str) -> str:
        """The address that logs somebody in to the desk without a password, for as long as the sandbox is up."""
        code = trial_code(self._secret, self.center.code, staff)
        return f"http://{self.addresses['desk']}/login/trial/{self.center.code}/{staff}/{code}"

    def client(self, service: str, token: str | None = None) -> Client:
        """A caller of one service's HTTP interface, as the bearer of ``token``."""
        return Client(f"http://{self.addresses[service]}", token)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
