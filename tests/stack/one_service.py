"""One service of the house by itself: it hears what a test announces, and the test hears all that it announces.

house = OneService(DeadlineWatchService, amqp_uri, database_url, clock="2025-01-24T09:00:00+08:00@0")
with house.process() as process:
    house.announce(event, ...)
    house.is_quiet()
    house.heard(ticket_id)
"""

import inspect
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import amqp
import psycopg2
import psycopg2.extras

from schemas.enums import Role
from schemas.events.event import CONTENT_TYPE, Event
from schemas.events.watermarks import SourceReached
from services.plumbing.database.database import Database
from services.plumbing.database.migrate import migrate_broker, migrate_database
from services.plumbing.database.transaction import new_id
from services.plumbing.messaging import broker
from services.plumbing.messaging.broker_users import user_of
from services.plumbing.messaging.inbox import subscriptions_of
from services.plumbing.runtime import clock
from services.plumbing.security import access
from tests.stack.envelopes import envelopes_in, wire
from tests.stack.eventually import eventually
from tests.stack.ports import free_ports
from tests.stack.services import SECRET, ServiceProcess, login_urls, settings
from tests.stack.waiting import amqp_connection

_TIME = datetime.fromisoformat("2025-01-24T09:00:00+08:00")


_STAFF = {
    Role.CLERK: "he-jing",
    Role.OPS: "watchman",
    Role.DUTY_LEADER: "gu",
    Role.DIRECTOR: "director",
    Role.CHANNEL: "hotline-feed",
}
_LIAISONS = {"SWJ": "tax-clerk", "ZJJ": "home-clerk", "GAJ": "police-clerk", None: "tax-clerk"}


def bearer(role: Role, *, center: str = "BC", department: str | None = None) -> dict[str, str]:
    """The header of somebody with this role in `tests.builders.a_center`."""
    staff = _LIAISONS[department] if role is Role.LIAISON else _STAFF[role]
    actor = access.Actor(staff=staff, roles=(role,), center=center, department=department)
    return {"Authorization": f"Bearer {access.issue(SECRET, actor, seconds=3600)}"}


def _source_of(event: Event) -> str:
    return event.source if isinstance(event, SourceReached) else event.ANNOUNCED_BY[0]


class OneService:
    """A database and a broker made ready for one service class; ``clock`` as in BANCHENG_CLOCK."""

    def __init__(self, service: type, amqp_uri: str, database_url: str, *, clock: str = "") -> None:
        self.name: str = service.name  # type: ignore[attr-defined]
        self.amqp_uri, self.database_url, self.clock = amqp_uri, database_url, clock
        self._class = f"{service.__module__}:{service.__name__}"
        self._announced: set[UUID] = set()
        subscriptions = {self.name: subscriptions_of(service)}
        migrations = Path(inspect.getfile(service)).parent / "migrations"
        urls = login_urls(database_url, self.name)
        migrate_database(database_url, {self.name: migrations}, subscriptions, clock or None, urls)
        migrate_broker(amqp_uri, subscriptions)
        self.database = Database(urls[self.name], self.name, size=4)

    def process(self, *, failpoint: str = "") -> ServiceProcess:
        """A process of the service, not started yet."""
        (port,) = free_ports(1)
        environment = settings(self.amqp_uri, self.database_url, clock=self.clock, failpoint=failpoint)
        return ServiceProcess(
            "tests.stack.run_one", self._class, f"127.0.0.1:{port}", port=port, environment=environment
        )

    def announce(self, *events: Event, ids: Sequence[UUID] = ()) -> list[UUID]:
        """Publish events as the other services would, in this order; with the ids of events sent before, once more."""
        given = list(ids) or [new_id() for _ in events]
        with amqp_connection(self.amqp_uri) as connection:
            channel, returned = connection.channel(), list[Any]()
            channel.confirm_select()
            channel.events["basic_return"].add(lambda *each: returned.append(each))
            for id_, event in zip(given, events, strict=True):
                message = amqp.Message(
                    wire(event, id_, time=_TIME, source=_source_of(event)),
                    content_type=CONTENT_TYPE,
                    delivery_mode=2,
                    message_id=str(id_),
                    user_id=user_of(_source_of(event)),
                )
                channel.basic_publish_confirm(
                    message, exchange=broker.EXCHANGE.name, routing_key=event.TYPE, mandatory=True
                )
        assert not returned, "an event that this service does not hear"
        remembered = [not isinstance(event, SourceReached) for event in events]
        self._announced.update(id_ for id_, is_remembered in zip(given, remembered, strict=True) if is_remembered)
        return given

    def step(self, instant: datetime) -> None:
        """Set the house's clock."""
        with closing(psycopg2.connect(self.database_url)) as connection, connection:
            clock.step(connection, instant)

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the database holds, asked as the superuser within the service's schema."""
        with (
            closing(psycopg2.connect(self.database_url)) as connection,
            connection,
            connection.cursor(cursor_factory=psycopg2.extras.NamedTupleCursor) as named,
        ):
            cursor: Any = named  # its methods have no types
            cursor.execute(f"SET search_path = {self.name}, bancheng")
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def has_handled_all(self) -> bool:
        """Whether everything announced was handled and nothing waits to be tried again or to be published."""
        row = self.rows(
            "SELECT (SELECT count(*) FROM inbox WHERE event_id = ANY(%(ids)s)) AS taken,"
            " (SELECT count(*) FROM held WHERE next_try_at IS NOT NULL) AS waiting,"
            " (SELECT count(*) FROM outbox) AS to_publish",
            ids=list(self._announced),
        )[0]
        return (row.taken, row.waiting, row.to_publish) == (len(self._announced), 0, 0)

    def parked(self) -> list[str]:
        """Why events were given up."""
        return [row.error for row in self.rows("SELECT error FROM held WHERE next_try_at IS NULL")]

    @contextmanager
    def tap(self, *types: str) -> Iterator["Tap"]:
        """Hears every event whose type fits one of the patterns, from now on."""
        with amqp_connection(self.amqp_uri) as connection:
            yield Tap(connection, types)


class Tap:
    """A queue of the tests' own with what was published."""

    def __init__(self, connection: amqp.Connection, types: Sequence[str]) -> None:
        self._connection = connection
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).queue
        for type_ in types:
            channel.queue_bind(queue, broker.EXCHANGE.name, type_)
        self.envelopes: list[dict[str, Any]] = []
        channel.basic_consume(queue, no_ack=True, callback=lambda each: self.envelopes.extend(envelopes_in(each.body)))

    def read(self, *, seconds: float = 0.05) -> list[dict[str, Any]]:
        """All envelopes so far; returns once none has come for so long."""
        while True:
            try:
                self._connection.drain_events(timeout=seconds)
            except TimeoutError:
                return self.envelopes

    def about(self, subject: object) -> list[dict[str, Any]]:
        """The envelopes so far with that subject."""
        return [each for each in self.read() if each["subject"] == str(subject)]

    def hears(self, count: int, subject: object, *, seconds: float = 15.0) -> bool:
        """Whether so many events about a subject come in time."""
        return eventually(lambda: len(self.about(subject)) >= count, seconds=seconds)
