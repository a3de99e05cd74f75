"""A house with the sample service in it: made ready, with its process, and with looks behind its doors."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import amqp
import psycopg2
import psycopg2.extras
import requests

from schemas.enums import Role
from services.plumbing.database.database import Database
from services.plumbing.database.migrate import migrate_broker, migrate_database
from services.plumbing.messaging import broker
from services.plumbing.messaging.broker_users import user_of
from services.plumbing.security import access
from tests.stack.envelopes import envelopes_in
from tests.stack.eventually import eventually
from tests.stack.ports import free_ports
from tests.stack.sample_types import COPIED, FORGOTTEN, NAME, QUEUE, RATED, SUBSCRIPTIONS, WRITTEN
from tests.stack.services import SECRET, ServiceProcess, login_urls, settings
from tests.stack.waiting import amqp_connection

MIGRATIONS = {NAME: Path(__file__).parent / "sample_migrations"}


def token(*roles: Role, center: str = "BC", seconds: int = 3600) -> dict[str, str]:
    """The header of somebody with these roles."""
    actor = access.Actor(staff="xu", roles=roles or (Role.CLERK,), center=center)
    return {"Authorization": f"Bearer {access.issue(SECRET, actor, seconds=seconds)}"}


class SampleHouse:
    """The sample service's database and broker, made ready.

    :param database_url: how the tests reach the database; processes may be sent another way (`process`).
    """

    def __init__(self, amqp_uri: str, database_url: str, *, clock: str = "") -> None:
        self.amqp_uri, self.database_url, self.clock = amqp_uri, database_url, clock
        urls = login_urls(database_url, NAME)
        migrate_database(database_url, MIGRATIONS, SUBSCRIPTIONS, clock or None, urls)
        migrate_broker(amqp_uri, SUBSCRIPTIONS)
        self.database = Database(urls[NAME], NAME, size=4)

    def process(
        self, module: str = "tests.stack.run_sample", *, amqp_uri: str = "", database_url: str = "", failpoint: str = ""
    ) -> ServiceProcess:
        """A process of the service, not started yet; ``module`` runs it."""
        (port,) = free_ports(1)
        environment = settings(
            amqp_uri or self.amqp_uri, database_url or self.database_url, clock=self.clock, failpoint=failpoint
        )
        return ServiceProcess(module, f"127.0.0.1:{port}", port=port, environment=environment)

    def rows(self, query: str, **values: Any) -> list[Any]:
        """What the database holds, asked as the superuser within the service's schema."""
        connect = psycopg2.connect(self.database_url, cursor_factory=psycopg2.extras.NamedTupleCursor)
        with closing(connect) as connection, connection, connection.cursor() as cursor:
            cursor.execute("SET search_path = sample, bancheng")
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def count(self, table: str, condition: str = "true", **values: Any) -> int:
        """How many rows of a table there are."""
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {condition}", **values)[0][0])

    def heard(self, note_id: str) -> list[int]:
        """The serial numbers of the events about a note that took effect, in the order in which they did."""
        rows = self.rows("SELECT serial FROM heard WHERE note_id = %(id)s ORDER BY seq", id=note_id)
        return [row.serial for row in rows]

    def hears(self, note_id: str, events: int = 1, *, seconds: float = 15.0) -> bool:
        """Whether all events about a note take effect in time, each once and in order."""
        eventually(lambda: len(self.heard(note_id)) >= events, seconds=seconds)
        return self.heard(note_id) == list(range(events))

    def drains(self, *, seconds: float = 30.0) -> bool:
        """Whether the outbox is empty in time."""
        return eventually(lambda: self.count("outbox") == 0, seconds=seconds)

    def send(self, *bodies: bytes, type_: str = WRITTEN, **properties: Any) -> None:
        """Publish bytes as they are to the house's exchange, as the service's user unless told otherwise."""
        with amqp_connection(self.amqp_uri) as connection:
            channel = connection.channel()
            channel.confirm_select()
            for body in bodies:
                message = amqp.Message(body, delivery_mode=2, **{"user_id": user_of(NAME)} | properties)
                channel.basic_publish_confirm(message, exchange=broker.EXCHANGE.name, routing_key=type_)

    @contextmanager
    def tap(self) -> Iterator["Tap"]:
        """Hears every event of the house from now on."""
        with amqp_connection(self.amqp_uri) as connection:
            channel = connection.channel()
            queue = channel.queue_declare("", exclusive=True).queue
            channel.queue_bind(queue, broker.EXCHANGE.name, "#")
            yield Tap(channel, queue)


class Tap:
    """A queue of the tests' own with everything that was published."""

    def __init__(self, channel: amqp.Channel, queue: str) -> None:
        self._channel, self._queue = channel, queue
        self.envelopes: list[dict[str, Any]] = []
        self.messages = 0

    def read(self) -> list[dict[str, Any]]:
        """All envelopes so far."""
        while message := self._channel.basic_get(self._queue, no_ack=True):
            self.messages += 1
            self.envelopes.extend(envelopes_in(message.body))
        return self.envelopes


def write(
    service: ServiceProcess, text: str = "a note", *, key: str | None = None, timeout: float = 30, **more: Any
) -> requests.Response:
    """Ask the service to write a note. Raises requests.Timeout."""
    headers = token() | ({"Idempotency-Key": key} if key else {})
    return service.ask("POST", "/notes", json={"text": text, **more}, headers=headers, timeout=timeout)


def written(service: ServiceProcess, text: str = "a note", **more: Any) -> str:
    """The id of a note that the service has accepted."""
    response = write(service, text, **more)
    assert response.status_code == 201, response.text
    return str(response.json()["id"])


def an_event(type_: str = WRITTEN, *, note_id: UUID | None = None, **data: Any) -> dict[str, Any]:
    """A whole envelope as it would be on the wire."""
    fields = {"center": "BC", "ticket_id": str(note_id or uuid4())} | data
    if type_ == WRITTEN:
        fields = {"serial": 0, "text": "a note"} | fields
    return {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/bancheng/sample",
        "type": type_,
        "subject": fields["ticket_id"],
        "time": "2025-01-24T09:00:00+08:00",
        "center": "BC",
        "correlationid": str(uuid4()),
        "data": fields,
    }


def wire(envelope: Mapping[str, Any], **changes: Any) -> bytes:
    """An envelope's bytes; a change to None takes the attribute out."""
    changed = {name: value for name, value in {**envelope, **changes}.items() if value is not None}
    return json.dumps(changed).encode()


__all__ = ["COPIED", "FORGOTTEN", "NAME", "QUEUE", "RATED", "SUBSCRIPTIONS", "WRITTEN", "SampleHouse", "Tap"]
