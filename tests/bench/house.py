"""The house as in production, but small: its services as processes, each as often as asked, on the real clock."""

import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

from schemas.center.center import Center
from schemas.enums import Role
from services.composition import subscriptions
from services.plumbing.runtime.resources import BrokerAccess
from services.sandbox.quiescence import Quiescence
from tests.bench.load import Order, Outcome
from tests.bench.servers import Servers
from tests.bench.usage import Usage, resident
from tests.stack import house
from tests.stack.eventually import eventually
from tests.stack.house import demo_center, service_process
from tests.stack.services import ServiceProcess
from tests.stack.waiting import amqp_connection

SPEAKING_NAMES = {"deadline_watch": "watch"}


class House(house.House):
    """In an empty database and virtual host; ``replicas``: how many processes of a service there are, if not one."""

    def __init__(
        self,
        servers: Servers,
        *,
        centers: Iterable[Center] | None = None,
        replicas: Mapping[str, int] | None = None,
        also: tuple[str, ...] = (),
        name: str = "house",
    ) -> None:
        super().__init__(centers, also=also)
        self._servers, self._named = servers, name
        self._replicas = dict.fromkeys(self.running, 1) | dict(replicas or {})
        self.processes: dict[str, list[ServiceProcess]] = {}

    def _set_up(self) -> None:
        self.database_url = self.cleanup.enter_context(self._servers.database(self._named))
        self.amqp_uri = self.cleanup.enter_context(self._servers.virtual_host(self._named))
        self.migrate(BrokerAccess(self.amqp_uri))
        self.publish_centers()
        self.environment |= {"BANCHENG_DESK_SECOND_FACTOR": "optional", "BANCHENG_TRUSTED_PROXIES": "127.0.0.1/32"}
        for service, count in self._replicas.items():
            self.processes[service] = [service_process(service, self.environment) for _ in range(count)]
            self.environment[f"BANCHENG_{service.upper()}_URL"] = f"http://127.0.0.1:{self.processes[service][0].port}"
        for process in self.everybody:
            process.launch()
            self.cleanup.callback(process.close)
        for process in self.everybody:
            if not eventually(process.is_ready, seconds=60) or not process.runs:
                raise RuntimeError(f"A service did not become ready:\n{process.log[-3000:]}")
        self.settle()

    @property
    def everybody(self) -> list[ServiceProcess]:
        """All processes of all services."""
        return [process for processes in self.processes.values() for process in processes]

    def tokens(self) -> tuple[str, ...]:
        """A clerk's token for each center."""
        return tuple(self.token(Role.CLERK, center=center.code) for center in self.centers)

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

    def settle(self, *, seconds: float = 300) -> float:
        """Wait until all that was begun is done; how long it took. Looks seldom, so as not to be in the way."""
        began = time.monotonic()
        if not eventually(lambda: not self.backlog(), seconds=seconds, pause=0.25):
            raise RuntimeError(f"After {seconds:.0f} s there is still work: {self.backlog()}")
        at_rest = time.monotonic() - began
        metrics = [f"127.0.0.1:{each.operations_port}" for each in self.everybody]
        Quiescence(self.database_url, metrics, {name: subscriptions()[name] for name in self.running}).wait()
        return at_rest

    def backlog(self) -> dict[str, int]:
        """How much waits, by where: outboxes (1 for some) and queues."""
        waiting = {
            service: int(self.value(f"SELECT EXISTS (SELECT FROM {service}.outbox)")) for service in self.running
        }
        with amqp_connection(self.amqp_uri) as connection:
            channel = connection.channel()
            for service in self.running:
                queue = f"bancheng.{service}"
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


__all__ = ["House", "carry_out", "demo_center"]
