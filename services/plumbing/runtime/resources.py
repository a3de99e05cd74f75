"""What a running service is given from outside: the environment, read once, and its database."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from nameko.extensions import DependencyProvider, SharedExtension

from services.plumbing.database import logins
from services.plumbing.database.database import Database
from services.plumbing.http.clients import BadNetworks, Networks, networks
from services.plumbing.messaging import broker_users

SECRET_BYTES = 32
"""A shorter secret is guessed by whoever has one token."""

TOKEN_HOURS = 24
"""How long a person's token is good for at most, unless BANCHENG_TOKEN_HOURS says otherwise: a day at work."""
SYSTEM_TOKEN_HOURS = 366 * 24
"""Nobody is there to renew a feeding system's token each day. Like a person's it can be revoked."""


class MissingSetting(Exception):
    """An environment variable that the service cannot do without is not set, or makes no sense."""


@dataclass(frozen=True)
class Environment:
    """The settings of a service's process (README: Settings). "" where a service has no such key:
    ``data_key`` is intake's alone, ``masking_key`` intake's and routing's.
    """

    secret: str
    data_key: str
    clock: str | None
    masking_key: str = ""
    trusted_proxies: Networks = ()
    operations_cache_seconds: float = 1.0
    token_hours: int = TOKEN_HOURS


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise MissingSetting(f"{name} is not set")
    return value


def _number(name: str, *, default: int = 0) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdecimal():
        raise MissingSetting(f"{name} is not a number")
    return int(value)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The settings. Raises MissingSetting, naming the variable."""
    try:
        trusted_proxies = networks(os.environ.get("BANCHENG_TRUSTED_PROXIES", ""))
    except BadNetworks as error:
        raise MissingSetting(f"BANCHENG_TRUSTED_PROXIES: {error}") from None
    return Environment(
        secret=token_secret(),
        data_key=os.environ.get("BANCHENG_DATA_KEY", ""),
        masking_key=os.environ.get("BANCHENG_MASKING_KEY", ""),
        clock=os.environ.get("BANCHENG_CLOCK") or None,
        trusted_proxies=trusted_proxies,
        operations_cache_seconds=_number("BANCHENG_OPERATIONS_CACHE_SECONDS", default=1),
        token_hours=token_hours(),
    )


def is_in_process() -> bool:
    """Whether the events travel inside this process, between all services of the system."""
    return os.environ.get("AMQP_URI", "").startswith("memory")


def broker_uri(service: str) -> str:
    """The broker's URI for a service's own user, or the in-process broker's. Raises MissingSetting, BrokerUserUnusable.

    A broker must remember events for as long as the database remembers that they were sent. An in-process broker
    forgets them with its process. To announce them anew would take a second record of what each service has taken, for
    demonstrations alone; so it is refused wherever the database outlives the process.
    """
    if not is_in_process():
        uri = _required(broker_users.setting_of(service))
        broker_users.ensure_own(service, uri)
        return uri
    if os.environ.get("BANCHENG_THROWAWAY_DATABASE") != "1":
        raise MissingSetting(
            "AMQP_URI: memory:// forgets with the process what the database remembers as sent: events would be lost."
            " Name a RabbitMQ; or set BANCHENG_THROWAWAY_DATABASE=1 if the database ends with the process"
        )
    return os.environ["AMQP_URI"]


def administrators_broker_uri() -> str:
    """The broker's URI for an administrator. Raises MissingSetting."""
    return _required("AMQP_URI")


def token_secret() -> str:
    """What access tokens are signed with. Raises MissingSetting."""
    secret = _required("BANCHENG_SECRET")
    if (size := len(secret.encode("utf-8", "surrogateescape"))) < SECRET_BYTES:
        raise MissingSetting(f"BANCHENG_SECRET has {size} bytes, {SECRET_BYTES} are needed: `bancheng keys` makes one")
    return secret


def token_hours() -> int:
    """How long a person's token is good for at most. Raises MissingSetting."""
    hours = _number("BANCHENG_TOKEN_HOURS", default=TOKEN_HOURS)
    if not 1 <= hours <= SYSTEM_TOKEN_HOURS:
        raise MissingSetting(f"BANCHENG_TOKEN_HOURS is not from 1 to {SYSTEM_TOKEN_HOURS}")
    return hours


def database_url(service: str) -> str:
    """The URL of a service's own login. Raises MissingSetting, naming the variable."""
    return _required(logins.setting_of(service))


@dataclass(frozen=True)
class BrokerAccess:
    """The ways to a broker: an administrator's, and those that the services get.

    ``management_url`` is that of its management API, for an administrator; "" where the users are made another way.
    """

    amqp_uri: str
    service_uris: Mapping[str, str] = field(default_factory=dict)
    management_url: str = ""


IN_PROCESS = BrokerAccess("memory://")


def broker_access(services: Collection[str]) -> BrokerAccess:
    """The settings of the broker, all of them. Raises MissingSetting, BrokerUserUnusable."""
    uri = administrators_broker_uri()
    if is_in_process():
        return BrokerAccess(uri)
    uris = {service: broker_uri(service) for service in services}
    return BrokerAccess(uri, uris, os.environ.get(broker_users.MANAGEMENT_SETTING, ""))


@dataclass(frozen=True)
class Administration:
    """What `bancheng migrate` works with: an administrator's ways in, and the ways in that the services get."""

    broker: BrokerAccess
    database_url: str
    service_urls: Mapping[str, str]
    clock: str | None


def administration(services: Collection[str]) -> Administration:
    """The settings of an administrator. Raises MissingSetting, naming the variable."""
    return Administration(
        broker=broker_access(services),
        database_url=_required("DATABASE_URL"),
        service_urls={service: database_url(service) for service in services},
        clock=os.environ.get("BANCHENG_CLOCK") or None,
    )


class ServiceDatabase(SharedExtension):  # type: ignore[misc]
    """The service's pool, shared by all that serves it."""

    database: Database

    def setup(self) -> None:
        """Make the pool; no connection is opened yet."""
        service = self.container.service_name
        self.database = Database(database_url(service), service)

    def kill(self) -> None:
        """Close what is idle."""
        self.database.close()


class Made(DependencyProvider):  # type: ignore[misc]
    """Something that is made of the settings once, at the start: what cannot be made keeps the service from starting.

    A service class says ``vault = Made(cipher_of)``.
    """

    def __init__(self, make: Callable[[Environment], Any]) -> None:
        self._make = make

    def setup(self) -> None:
        """Make it. Raises what ``make`` raises."""
        self._made = self._make(environment())

    def get_dependency(self, worker_ctx: Any) -> Any:
        """The same for every worker."""
        return self._made
