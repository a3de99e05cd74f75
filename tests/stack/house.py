"""The whole program: all services as processes on a broker and a database of their own."""

import dataclasses
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import yaml

from schemas.center.center import Center
from schemas.enums import Role
from services.access.tokens import Actor, issue
from services.composition import SERVICES, migrate_all
from services.plumbing.ciphers import generate_keys
from services.plumbing.database.database import Database
from services.plumbing.runtime.resources import Administration, BrokerAccess
from services.routing.actions.publishing import publish
from services.sandbox.ports import free_ports
from tests.stack.one_service import Servers
from tests.stack.services import SECRET, ServiceProcess, login_urls, settings
from tests.stack.waiting import amqp_connection

DEMO = Path(__file__).parents[2] / "deploy" / "centers" / "demo.yml"
MONTH_HOURS = 30 * 24
RUNNING = ("intake", "routing", "deadline_watch")
"""The services that keep tickets. Another one runs in these houses, and has a queue, only where it is asked for."""


def demo_center(code: str = "BC") -> Center:
    """The demo center under any code."""
    return dataclasses.replace(Center.load(yaml.safe_load(DEMO.read_text(encoding="utf-8"))), code=code)


class House(Servers):
    """Stands from `__enter__` to `__exit__`. ``amqp_uri`` and ``database_url`` are the direct ways, past any proxy."""

    amqp_uri: str
    database_url: str

    def __init__(self, centers: Iterable[Center] | None = None, *, also: tuple[str, ...] = ()) -> None:
        self.name = "bancheng"
        self.running = RUNNING + also
        self.centers = list(centers or [demo_center()])
        self.cleanup = ExitStack()
        self.environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self._set_up()
        except BaseException:
            self.cleanup.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.cleanup.close()

    @abstractmethod
    def _set_up(self) -> None:
        """Bring up the servers, `migrate`, publish the centers, and start the processes."""

    def migrate(self, broker: BrokerAccess, *, clock: str = "", led_through: tuple[str, str] | None = None) -> None:
        """Make the servers ready; processes reach them directly, unless they are ``led_through`` other addresses."""
        urls = login_urls(self.database_url, *SERVICES)
        migrate_all(Administration(broker, self.database_url, urls, clock or None))
        self.rows("DELETE FROM bancheng.subscriptions WHERE service <> ALL (%(running)s)", running=list(self.running))
        with amqp_connection(self.amqp_uri) as connection:
            for service in SERVICES.keys() - set(self.running):
                connection.channel().queue_delete(f"bancheng.{service}")
        self.environment = settings(*(led_through or (self.amqp_uri, self.database_url)), clock=clock) | {
            "BANCHENG_DATA_KEY": generate_keys(),
            "BANCHENG_TOKEN_HOURS": str(MONTH_HOURS),
        }

    def publish_centers(self) -> None:
        """Let the services know of the centers."""
        database = Database(login_urls(self.database_url, "routing")["routing"], "routing", size=1)
        for center in self.centers:
            with database.transaction() as tx:
                publish(tx, center)
        database.close()

    def token(
        self, role: Role, staff: str = "liu-yang", department: str | None = None, center: str | None = None
    ) -> str:
        """An access token, good for a month: a machine's clock may be off by days."""
        actor = Actor(staff=staff, roles=(role,), center=center or self.centers[0].code, department=department)
        return issue(SECRET, actor, seconds=MONTH_HOURS * 3600)


def service_process(service: str, environment: Mapping[str, str]) -> ServiceProcess:
    """A process of one service of the program, not started yet."""
    (port,) = free_ports(1)
    address = {f"BANCHENG_{service.upper()}_ADDRESS": f"127.0.0.1:{port}"}
    return ServiceProcess("services.run", service, port=port, environment={**environment, **address})
