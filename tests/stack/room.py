"""One service of the house by its name, and what it says as events.

room = Room("routing", amqp_uri, database_url, clock="2025-01-24T10:00:00+08:00@0")
with room.process() as service, room.tap() as said:
    room.publish(TicketRegistered(...), source="intake")
    said.wait_for(TicketRouted, ticket_id)
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import amqp

from schemas.enums import Role
from schemas.events.event import Event
from services.composition import SERVICES
from services.plumbing.database.transaction import new_id
from services.plumbing.messaging import broker
from services.plumbing.messaging.broker_users import user_of
from services.plumbing.security import access
from tests.stack import one_service
from tests.stack.envelopes import wire
from tests.stack.services import SECRET
from tests.stack.waiting import amqp_connection

E = TypeVar("E", bound=Event)


def bearer(
    staff: str, *roles: Role, department: str | None = None, center: str = "BC", seconds: int = 3600
) -> dict[str, str]:
    """The header of somebody with these roles."""
    actor = access.Actor(staff=staff, roles=roles, center=center, department=department)
    return {"Authorization": f"Bearer {access.issue(SECRET, actor, seconds=seconds)}"}


class Room(one_service.OneService):
    """A service's own database and queue, made ready; no other service is there."""

    def __init__(self, name: str, amqp_uri: str, database_url: str, *, clock: str = "") -> None:
        super().__init__(SERVICES[name].service, amqp_uri, database_url, clock=clock)

    def publish(self, *events: Event, source: str | None = None, ids: tuple[UUID, ...] = ()) -> tuple[UUID, ...]:
        """Say these events as another service would; with ``ids`` of earlier ones, again. Their ids."""
        ids = ids or tuple(new_id() for _ in events)
        with amqp_connection(self.amqp_uri) as connection:
            channel = connection.channel()
            channel.confirm_select()
            for event, id_ in zip(events, ids, strict=True):
                message = amqp.Message(
                    wire(event, id_, source=source, time=datetime.now(UTC), correlation_id=uuid4()),
                    delivery_mode=2,
                    message_id=str(id_),
                    user_id=user_of(source or event.ANNOUNCED_BY[0]),
                )
                channel.basic_publish_confirm(message, exchange=broker.EXCHANGE.name, routing_key=event.TYPE)
        return ids

    @contextmanager
    def tap(self, *types: str) -> Iterator["Tap"]:
        """Hears everything, or the events whose type fits one of the patterns, from now on."""
        with amqp_connection(self.amqp_uri) as connection:
            yield Tap(connection, types or ("#",), f"/bancheng/{self.name}")


class Tap(one_service.Tap):
    """A queue of the tests' own; what the service itself says is read as events."""

    def __init__(self, connection: amqp.Connection, types: Sequence[str], source: str) -> None:
        super().__init__(connection, types)
        self._source = source

    def all(self) -> list[dict[str, Any]]:
        """The envelopes of all that the service has said."""
        return [said for said in self.read(seconds=0.02) if said["source"] == self._source]

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
        return found
