"""One service by itself: it hears what a test announces, and the test hears all that it announces.

house = OneService("routing", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0")
with house.process() as service, house.tap() as tap:
    house.announce(TicketRegistered(...))
    tap.wait_for(TicketRouted, ticket_id)
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import amqp
import psycopg2
import psycopg2.extras

from schemas.events.event import CONTENT_TYPE, Event
from schemas.events.watermarks import SourceReached
from services.composition import SERVICES
from services.plumbing.database.database import Database
from services.plumbing.database.migrate import migrate_broker, migrate_database
from services.plumbing.database.transaction import new_id
from services.plumbing.messaging import broker
from services.plumbing.messaging.broker_users import user_of
from services.plumbing.messaging.inbox import subscriptions_of
from services.plumbing.runtime import clock
from services.sandbox.ports import free_ports
from tests.stack.envelopes import wire
from tests.stack.services import ServiceProcess, login_urls, settings
from tests.stack.tap import Tap
from tests.stack.waiting import amqp_connection


class Servers:
    """A broker and a database, asked as their administrator; ``rows`` finds the tables of the service ``name``."""

    def __init__(self, name: str, amqp_uri: str, database_url: str) -> None:
        self.name, self.amqp_uri, self.database_url = name, amqp_uri, database_url

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What a statement finds, each in a transaction of its own."""
        with closing(psycopg2.connect(self.database_url, connect_timeout=5)) as connection:
            connection.autocommit = True
            with connection.cursor(cursor_factory=psycopg2.extras.NamedTupleCursor) as named:
                cursor: Any = named  # its methods have no types
                cursor.execute(f"SET search_path = {self.name}, bancheng")
                cursor.execute(query, values or None)
                return cursor.fetchall() if cursor.description else []

    def value(self, query: str, **values: Any) -> Any:
        """The first column of the first row of a query."""
        return self.rows(query, **values)[0][0]

    def step(self, instant: datetime) -> None:
        """Set the clock of the services."""
        with closing(psycopg2.connect(self.database_url)) as connection, connection:
            clock.step(connection, instant)

    @contextmanager
    def tap(self, *types: str) -> Iterator[Tap]:
        """Hears all that the service announces from now on, or the events whose type fits one of the patterns."""
        with amqp_connection(self.amqp_uri) as connection:
            yield Tap(connection, self.name, types or ("#",))


class MigratedService(Servers):
    """A service whose tables and queue are ready, at ``clock`` as in BANCHENG_CLOCK. ``command`` runs it."""

    def __init__(
        self,
        name: str,
        servers: tuple[str, str],
        subscriptions: broker.Subscriptions,
        migrations: Path,
        *,
        clock: str,
        command: Sequence[str],
    ) -> None:
        super().__init__(name, *servers)
        self.clock, self._command = clock, command
        urls = login_urls(self.database_url, name)
        migrate_database(self.database_url, {name: migrations}, subscriptions, clock or None, urls)
        migrate_broker(self.amqp_uri, subscriptions)
        self.database = Database(urls[name], name, size=4)

    def process(self, *command: str, amqp_uri: str = "", database_url: str = "", failpoint: str = "") -> ServiceProcess:
        """A process of the service, not started yet; it may be run and be led to its servers in another way."""
        (port,) = free_ports(1)
        environment = settings(
            amqp_uri or self.amqp_uri, database_url or self.database_url, clock=self.clock, failpoint=failpoint
        )
        return ServiceProcess(*(command or self._command), f"127.0.0.1:{port}", port=port, environment=environment)


class OneService(MigratedService):
    """A service of the program; no other is there."""

    def __init__(self, name: str, amqp_uri: str, database_url: str, *, clock: str = "") -> None:
        spec = SERVICES[name]
        super().__init__(
            name,
            (amqp_uri, database_url),
            {name: subscriptions_of(spec.service)},
            spec.migrations,
            clock=clock,
            command=("tests.stack.run_one", f"{spec.service.__module__}:{spec.service.__name__}"),
        )
        self._announced: set[UUID] = set()

    def announce(self, *events: Event, source: str = "", ids: Sequence[UUID] = ()) -> list[UUID]:
        """Publish events as the other services would, in this order; with ``ids`` of earlier ones, again. Their ids."""
        ids = list(ids) or [new_id() for _ in events]
        with amqp_connection(self.amqp_uri) as connection:
            channel, returned = connection.channel(), list[Any]()
            channel.confirm_select()
            channel.events["basic_return"].add(lambda *each: returned.append(each))
            for event, id_ in zip(events, ids, strict=True):
                sender = source or (event.source if isinstance(event, SourceReached) else event.ANNOUNCED_BY[0])
                message = amqp.Message(
                    wire(event, id_, time=datetime.now(UTC), source=sender),
                    content_type=CONTENT_TYPE,
                    delivery_mode=2,
                    message_id=str(id_),
                    user_id=user_of(sender),
                )
                channel.basic_publish_confirm(
                    message, exchange=broker.EXCHANGE.name, routing_key=event.TYPE, mandatory=True
                )
        assert not returned, "an event that this service does not hear"
        self._announced.update(
            id_ for event, id_ in zip(events, ids, strict=True) if not isinstance(event, SourceReached)
        )
        return ids

    def has_handled_all(self) -> bool:
        """Whether everything announced was handled and nothing waits to be tried again or to be published."""
        (row,) = self.rows(
            "SELECT (SELECT count(*) FROM inbox WHERE event_id = ANY(%(ids)s)) AS taken,"
            " (SELECT count(*) FROM held WHERE next_try_at IS NOT NULL) AS waiting,"
            " (SELECT count(*) FROM outbox) AS to_publish",
            ids=list(self._announced),
        )
        return (row.taken, row.waiting, row.to_publish) == (len(self._announced), 0, 0)

    def parked(self) -> list[str]:
        """Why events were given up."""
        return [row.error for row in self.rows("SELECT error FROM held WHERE next_try_at IS NULL")]
