"""The sample service's database and broker, made ready, with looks behind its doors."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import amqp
import requests

from schemas.enums import Role
from services.plumbing.messaging import broker
from services.plumbing.messaging.broker_users import user_of
from tests.stack.access import bearer
from tests.stack.eventually import eventually
from tests.stack.one_service import MigratedService
from tests.stack.sample_types import COPIED, FORGOTTEN, NAME, QUEUE, RATED, SUBSCRIPTIONS, WRITTEN
from tests.stack.services import ServiceProcess
from tests.stack.waiting import amqp_connection

MIGRATIONS = {NAME: Path(__file__).parent / "sample_migrations"}


def token(*roles: Role, center: str = "BC", seconds: int = 3600) -> dict[str, str]:
    """The header of somebody with these roles, a clerk if none are named."""
    return bearer("xu", *(roles or (Role.CLERK,)), center=center, seconds=seconds)


class SampleHouse(MigratedService):
    """The sample service, which tests of the plumbing use."""

    def __init__(self, amqp_uri: str, database_url: str, *, clock: str = "") -> None:
        servers = (amqp_uri, database_url)
        super().__init__(
            NAME, servers, SUBSCRIPTIONS, MIGRATIONS[NAME], clock=clock, command=("tests.stack.run_sample",)
        )

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


__all__ = ["COPIED", "FORGOTTEN", "NAME", "QUEUE", "RATED", "SUBSCRIPTIONS", "WRITTEN", "SampleHouse"]
