"""The services of the system: their classes, addresses, migrations and subscriptions, each named here once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.registry import VOCABULARY
from services.deadline_watch.service import DeadlineWatchService
from services.desk.service import DeskService
from services.intake.service import IntakeService
from services.knowledge.service import KnowledgeService
from services.notify.service import NotifyService
from services.plumbing.database import migrate
from services.plumbing.messaging import broker_users
from services.plumbing.messaging.broker import Subscriptions
from services.plumbing.messaging.inbox import subscriptions_of
from services.plumbing.runtime.resources import Administration
from services.plumbing.runtime.runner import Placed
from services.routing.service import RoutingService


@dataclass(frozen=True)
class ServiceSpec:
    """One service: its class, and the address it serves HTTP on unless ``BANCHENG_<NAME>_ADDRESS`` says otherwise.

    ``default_operations_address`` is for a process that it is the first service of (`operations_address`).
    """

    service: type
    default_address: str
    default_operations_address: str
    migrations: Path

    def placed(self, name: str) -> Placed:
        """The service at the address of this process."""
        return Placed(self.service, os.environ.get(f"BANCHENG_{name.upper()}_ADDRESS") or self.default_address)


_HERE = Path(__file__).parent

SERVICES = {
    "intake": ServiceSpec(IntakeService, "127.0.0.1:8001", "127.0.0.1:9001", _HERE / "intake" / "migrations"),
    "routing": ServiceSpec(RoutingService, "127.0.0.1:8002", "127.0.0.1:9002", _HERE / "routing" / "migrations"),
    "deadline_watch": ServiceSpec(
        DeadlineWatchService, "127.0.0.1:8003", "127.0.0.1:9003", _HERE / "deadline_watch" / "migrations"
    ),
    "notify": ServiceSpec(NotifyService, "127.0.0.1:8004", "127.0.0.1:9004", _HERE / "notify" / "migrations"),
    "desk": ServiceSpec(DeskService, "127.0.0.1:8005", "127.0.0.1:9005", _HERE / "desk" / "migrations"),
    "knowledge": ServiceSpec(KnowledgeService, "127.0.0.1:8006", "127.0.0.1:9006", _HERE / "knowledge" / "migrations"),
}


def operations_address(first: str) -> str:
    """Where a process serves metrics and health: BANCHENG_OPERATIONS_ADDRESS, or the default of its first service."""
    return os.environ.get("BANCHENG_OPERATIONS_ADDRESS") or SERVICES[first].default_operations_address


def subscriptions() -> Subscriptions:
    """The event types that each service subscribes to, from the services' declarations."""
    return {name: subscriptions_of(spec.service) for name, spec in SERVICES.items()}


def announced() -> broker_users.Types:
    """Who announces what, read off the declarations of the events."""
    return {name: [type_ for type_, event in VOCABULARY.items() if name in event.ANNOUNCED_BY] for name in SERVICES}


def broker_definitions(uris: Mapping[str, str]) -> dict[str, Any]:
    """The broker's users of the services, with the passwords of their URIs and the rights that they need, as RabbitMQ
    imports them.
    """
    return broker_users.definitions(uris, announced(), subscriptions())


def migrate_all(settings: Administration) -> None:
    """Make database and broker ready for all services. Safe to run again.

    The broker's users come first: a relay that reads of a new subscription must be allowed to bind it.
    """
    if settings.broker.management_url:
        definitions = broker_definitions(settings.broker.service_uris)
        broker_users.import_definitions(settings.broker.management_url, definitions)
    migrate.migrate_database(
        settings.database_url,
        {name: spec.migrations for name, spec in SERVICES.items()},
        subscriptions(),
        settings.clock,
        settings.service_urls,
    )
    migrate.migrate_broker(settings.broker.amqp_uri, subscriptions())
