"""A house to break: RabbitMQ, PostgreSQL and the three services as processes, on a clock that runs fast."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from schemas.enums import Role
from services.composition import SERVICES
from services.plumbing.runtime.resources import BrokerAccess
from services.sandbox.embedded_postgres import EmbeddedPostgres
from tests.faults.recording import EXCHANGE, Recording, backlog
from tests.faults.supervised import Supervisor
from tests.stack import house
from tests.stack.broker_users import user_uris
from tests.stack.eventually import eventually
from tests.stack.proxy import Proxy
from tests.stack.rabbit import YOUNG_QUEUE_S, PrivateRabbit

SPEED = 7200  # a working day's limit is reached within half a minute
STARTS_AT = datetime.fromisoformat("2025-03-03T09:00:00+08:00")  # a Monday, with no holiday for a month
QUEUES = tuple(f"bancheng.{service}" for service in house.RUNNING)
DEFINITIONS = Path(__file__).parents[2] / "deploy" / "rabbitmq" / "definitions.json"
"""What a deployed broker starts with: its limits, and where it puts what was delivered too often."""

DEAD = "bancheng.dead"

_AT_REST = """
SELECT (SELECT count(*) FROM intake.outbox) + (SELECT count(*) FROM routing.outbox)
     + (SELECT count(*) FROM deadline_watch.outbox)
     + (SELECT count(next_try_at) FROM intake.held) + (SELECT count(next_try_at) FROM routing.held)
     + (SELECT count(next_try_at) FROM deadline_watch.held) AS undone,
       (SELECT count(*) FROM deadline_watch.due_now) AS unfired
"""


@dataclass
class Plan:
    """What kind of house a row needs. Servers may be given; by default they are made and closed with the house."""

    replicas: Mapping[str, int] = field(default_factory=dict)
    amqp_proxy: bool = False
    database_proxy: bool = False
    postgres: EmbeddedPostgres | None = None
    rabbit: PrivateRabbit | None = None
    firehose: bool = False
    fills_broker_disk: bool = False
    speed: int = SPEED


class House(house.House):
    """As its `Plan` says: its processes are started again when they end, and may be led through proxies."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan

    def _set_up(self) -> None:
        plan = self._plan
        self.postgres = plan.postgres or EmbeddedPostgres()
        self.cleanup.callback(self.postgres.close)
        self.rabbit = plan.rabbit or PrivateRabbit()
        self.cleanup.callback(self.rabbit.close)
        self.postgres.start()
        self.rabbit.start()
        self.rabbit.import_definitions(DEFINITIONS)
        self.database_url, self.amqp_uri = self.postgres.url, self.rabbit.uri
        amqp_uri, database_url = self.amqp_uri, self.database_url
        if plan.amqp_proxy:
            self.amqp_proxy = self.cleanup.enter_context(Proxy(("127.0.0.1", self.rabbit.port)))
            amqp_uri = f"amqp://guest:guest@127.0.0.1:{self.amqp_proxy.port}//"
        if plan.database_proxy:
            self.database_proxy = self.cleanup.enter_context(Proxy(self.postgres.socket))
            port = self.database_proxy.port
            database_url = f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable&gssencmode=disable"
        clock = f"{STARTS_AT.isoformat()}@{plan.speed}"
        broker = BrokerAccess(self.amqp_uri, user_uris(self.amqp_uri, *SERVICES), self.rabbit.management_url)
        self.migrate(broker, clock=clock, led_through=(amqp_uri, database_url))
        self._set_clock(0)  # or the services would report that they had come further than the day's beginning
        if plan.firehose:
            self.rabbit.ctl("trace_on")
        self.recording = Recording(self.amqp_uri, firehose=plan.firehose)
        if plan.fills_broker_disk:
            self.cleanup.enter_context(self.recording.kept_elsewhere())
        declared = time.monotonic()
        self.publish_centers()
        self.supervisor = Supervisor(self.environment, dict.fromkeys(house.RUNNING, 1) | dict(plan.replicas))
        self.cleanup.callback(self.supervisor.remove)
        self.supervisor.await_ready()
        self.comes_to_rest(60)
        time.sleep(max(0.0, declared + YOUNG_QUEUE_S - time.monotonic()))
        self.clock_started = self._set_clock(plan.speed)

    def _set_clock(self, speed: float) -> float:
        """Let the house's day begin now, or with speed 0 stand at its beginning; the Unix time of it."""
        self.rows(
            "UPDATE bancheng.clock SET house_time = %(at)s, real_time = clock_timestamp(), speed = %(speed)s",
            at=STARTS_AT.isoformat(),
            speed=speed,
        )
        return time.time()

    def stop_clock(self) -> None:
        """Let no more time pass, so that what is due is done and nothing new falls due while we look."""
        self.rows(
            "UPDATE bancheng.clock SET house_time = bancheng.now(), real_time = clock_timestamp(), speed = 0"
            " WHERE speed > 0"
        )

    def liaison(self, department: str) -> str:
        """The token of a department's first liaison."""
        return self.token(Role.LIAISON, self.centers[0].departments[department].liaisons[0], department)

    def database(self, name: str) -> str:
        """The superuser's URL of another database."""
        return urlsplit(self.database_url)._replace(path=f"/{name}").geturl()

    def is_at_rest(self) -> bool:
        """Whether nothing waits: in outboxes, in queues, among held events, on the deadlines."""
        (row,) = self.rows(_AT_REST)
        return row.undone == row.unfired == 0 and not backlog(self.amqp_uri, QUEUES)

    def comes_to_rest(self, seconds: float) -> bool:
        """Whether it is at rest in time, twice in a row: what is in a process's hands is in no queue."""
        give_up = time.monotonic() + seconds
        while eventually(self.is_at_rest, seconds=max(0.1, give_up - time.monotonic()), pause=0.2):
            time.sleep(1.0)
            if self.is_at_rest():
                return True
        return False


__all__ = ["DEAD", "EXCHANGE", "QUEUES", "SPEED", "STARTS_AT", "House", "Plan"]
