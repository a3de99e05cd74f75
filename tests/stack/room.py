"""One service of the house by itself: the tests speak for the others, and hear all that it says.

room = Room("routing", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0")
with room.process() as service, room.tap() as said:
    room.publish(TicketRegistered(...), source="intake")
    said.wait_for(TicketRouted, ticket_id)
"""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import amqp
import psycopg2
import psycopg2.extras

from schemas.event import Event, envelope
from schemas.words import Role
from services.house import ROOMS
from services.plumbing import access, broker, clock
from services.plumbing.database import Database
from services.plumbing.inbox import subscriptions_of
from services.plumbing.migrate import migrate_broker, migrate_database
from tests.stack.ports import free_ports
from tests.stack.services import SECRET, ServiceProcess, settings
from tests.stack.waiting import amqp_connection

E = TypeVar("E", bound=Event)


def bearer(
    staff: str, *roles: Role, department: str | None = None, center: str = "BC", seconds: int = 3600
) -> dict[str, str]:
    """The header of somebody with these roles."""
    actor = access.Actor(staff=staff, roles=roles, center=center, department=department)
    return {"Authorization": f"Bearer {access.issue(SECRET, actor, seconds=seconds)}"}


class Room:
    """A service's own database and queue, made ready; no other service is there."""

    def __init__(self, name: str, amqp_uri: str, database_url: str, *, clock: str = "") -> None:
        self.name, self.amqp_uri, self.database_url, self.clock = name, amqp_uri, database_url, clock
        subscriptions = {name: subscriptions_of(ROOMS[name].service)}
        migrate_database(database_url, {name: ROOMS[name].migrations}, subscriptions, clock or None)
        migrate_broker(amqp_uri, subscriptions)
        self.database = Database(database_url, name, size=4)

    def process(self) -> ServiceProcess:
        """The service's process, not started yet."""
        (port,) = free_ports(1)
        environment = settings(self.amqp_uri, self.database_url, clock=self.clock)
        environment[f"BANCHENG_{self.name.upper()}_ADDRESS"] = f"127.0.0.1:{port}"
        return ServiceProcess("services.run", self.name, port=port, environment=environment)

    def step(self, instant: datetime) -> None:
        """Set the house's clock, which stands still otherwise."""
        with closing(psycopg2.connect(self.database_url)) as connection, connection:
            clock.step(connection, instant)

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the database holds, asked as the superuser within the service's schema."""
        with (
            closing(psycopg2.connect(self.database_url)) as connection,
            connection.cursor(cursor_factory=psycopg2.extras.NamedTupleCursor) as cursor,
        ):
            cursor.execute(f"SET search_path = {self.name}, bancheng")
            cursor.execute(query, values)
            return cursor.fetchall()

    def publish(self, *events: Event, source: str, ids: tuple[UUID, ...] = ()) -> tuple[UUID, ...]:
        """Say these events as another service would; with ``ids`` of earlier ones, again. Their ids."""
        ids = ids or tuple(uuid4() for _ in events)
        with amqp_connection(self.amqp_uri) as connection:
            channel = connection.channel()
            channel.confirm_select()
            for event, id_ in zip(events, ids, strict=True):
                message = amqp.Message(_wire(event, id_, source), delivery_mode=2, message_id=str(id_))
                channel.basic_publish_confirm(message, exchange=broker.EXCHANGE.name, routing_key=event.TYPE)
        return ids

    @contextmanager
    def tap(self) -> Iterator["Tap"]:
        """Hears everything that is said from now on."""
        with amqp_connection(self.amqp_uri) as connection:
            channel = connection.channel()
            queue = channel.queue_declare("", exclusive=True).queue
            channel.queue_bind(queue, broker.EXCHANGE.name, "#")
            yield Tap(channel, queue, f"/bancheng/{self.name}")


class Tap:
    """A queue of the tests' own, bound to everything; what the service itself says is kept."""

    def __init__(self, channel: amqp.Channel, queue: str, source: str) -> None:
        self._channel, self._queue, self._source = channel, queue, source
        self._said: list[dict[str, Any]] = []

    def all(self) -> list[dict[str, Any]]:
        """The envelopes of all that the service has said."""
        while message := self._channel.basic_get(self._queue, no_ack=True):
            said = json.loads(message.body)
            if said["source"] == self._source:
                self._said.append(said)
        return self._said

    def of(self, event: type[E], subject: UUID | str) -> list[E]:
        """What was said of that kind about a ticket or center so far, in order."""
        return [
            event.load(said["data"])
            for said in self.all()
            if said["type"] == event.TYPE and said["subject"] == str(subject)
        ]

    def wait_for(self, event: type[E], subject: UUID | str, *, times: int = 1, seconds: float = 10.0) -> list[E]:
        """The same, once there are ``times`` of them. Raises TimeoutError."""
        give_up = time.monotonic() + seconds
        while len(found := self.of(event, subject)) < times:
            if time.monotonic() > give_up:
                raise TimeoutError(f"{len(found)} of {times} {event.TYPE} about {subject}")
            time.sleep(0.02)
        return found


def _wire(event: Event, id_: UUID, source: str) -> bytes:
    whole = envelope(
        id=id_,
        source=source,
        type=event.TYPE,
        subject=event.subject,
        time=datetime.now(UTC),
        center=event.center,
        correlation_id=uuid4(),
        data=event.dump(),
    )
    return json.dumps(whole, ensure_ascii=False).encode()
