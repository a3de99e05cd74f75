"""What a running service is given from outside: the environment, read once, and its database."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nameko.extensions import DependencyProvider, SharedExtension

from services.plumbing import logins
from services.plumbing.access import MOST_HOURS, MOST_HOURS_OF_A_CHANNEL
from services.plumbing.database import Database
from services.plumbing.http_clients import BadNetworks, Networks, networks

SECRET_BYTES = 32
"""A shorter secret is guessed by whoever has one token."""


class MissingSetting(Exception):
    """An environment variable that the service cannot do without is not set, or makes no sense."""


@dataclass(frozen=True)
class Environment:
    """The settings of a service's process (README: Settings). "" where a service has no such key:
    ``data_key`` is intake's alone, ``masking_key`` intake's and routing's.
    """

    amqp_uri: str
    secret: str
    data_key: str
    clock: str | None
    masking_key: str = ""
    trusted_proxies: Networks = ()
    operations_cache_seconds: float = 1.0
    token_hours: int = MOST_HOURS


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


def _networks(name: str) -> Networks:
    try:
        return networks(os.environ.get(name, ""))
    except BadNetworks as error:
        raise MissingSetting(f"{name}: {error}") from None


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The settings. Raises MissingSetting, naming the variable."""
    return Environment(
        amqp_uri=_lasting_broker(),
        secret=token_secret(),
        data_key=os.environ.get("BANCHENG_DATA_KEY", ""),
        masking_key=os.environ.get("BANCHENG_MASKING_KEY", ""),
        clock=os.environ.get("BANCHENG_CLOCK") or None,
        trusted_proxies=_networks("BANCHENG_TRUSTED_PROXIES"),
        operations_cache_seconds=_number("BANCHENG_OPERATIONS_CACHE_SECONDS", default=1),
        token_hours=token_hours(),
    )


def _lasting_broker() -> str:
    """The broker, which must remember events for as long as the database remembers that they were sent.

    An in-process broker forgets them with its process. To announce them anew would take a second record of what each
    service has taken, for demonstrations alone; so it is refused wherever the database outlives the process.
    """
    uri = _required("AMQP_URI")
    if uri.startswith("memory") and os.environ.get("BANCHENG_THROWAWAY_DATABASE") != "1":
        raise MissingSetting(
            "AMQP_URI: memory:// forgets with the process what the database remembers as sent: events would be lost."
            " Name a RabbitMQ; or set BANCHENG_THROWAWAY_DATABASE=1 if the database ends with the process"
        )
    return uri


def token_secret() -> str:
    """What access tokens are signed with. Raises MissingSetting."""
    secret = _required("BANCHENG_SECRET")
    if (size := len(secret.encode("utf-8", "surrogateescape"))) < SECRET_BYTES:
        raise MissingSetting(f"BANCHENG_SECRET has {size} bytes, {SECRET_BYTES} are needed: `bancheng keys` makes one")
    return secret


def token_hours() -> int:
    """How long a person's token is good for at most. Raises MissingSetting."""
    hours = _number("BANCHENG_TOKEN_HOURS", default=MOST_HOURS)
    if not 1 <= hours <= MOST_HOURS_OF_A_CHANNEL:
        raise MissingSetting(f"BANCHENG_TOKEN_HOURS is not from 1 to {MOST_HOURS_OF_A_CHANNEL}")
    return hours


def database_url(service: str) -> str:
    """The URL of a service's own login. Raises MissingSetting, naming the variable."""
    return _required(logins.setting_of(service))


@dataclass(frozen=True)
class Administration:
    """What `bancheng migrate` works with: an administrator's ways in, and the ways in that the services get."""

    amqp_uri: str
    database_url: str
    service_urls: Mapping[str, str]
    clock: str | None


def administration(services: Iterable[str]) -> Administration:
    """The settings of an administrator. Raises MissingSetting, naming the variable."""
    return Administration(
        amqp_uri=_required("AMQP_URI"),
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

    A service class says ``vault = Made(vault_of)``.
    """

    def __init__(self, make: Callable[[Environment], Any]) -> None:
        self._make = make

    def setup(self) -> None:
        """Make it. Raises what ``make`` raises."""
        self._made = self._make(environment())

    def get_dependency(self, worker_ctx: Any) -> Any:
        """The same for every worker."""
        return self._made
