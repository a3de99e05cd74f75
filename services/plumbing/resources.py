"""What a running service is given from outside: the environment, read once, and its database."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nameko.extensions import DependencyProvider, SharedExtension

from services.plumbing.database import Database
from services.plumbing.http_clients import BadNetworks, Networks, networks


class MissingSetting(Exception):
    """An environment variable that the service cannot do without is not set, or makes no sense."""


@dataclass(frozen=True)
class Environment:
    """The settings of a process (README: Settings)."""

    amqp_uri: str
    database_url: str
    secret: str
    data_key: str
    clock: str | None
    trusted_proxies: Networks = ()
    operations_cache_seconds: float = 1.0


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
        amqp_uri=_required("AMQP_URI"),
        database_url=_required("DATABASE_URL"),
        secret=_required("BANCHENG_SECRET"),
        data_key=_required("BANCHENG_DATA_KEY"),
        clock=os.environ.get("BANCHENG_CLOCK") or None,
        trusted_proxies=_networks("BANCHENG_TRUSTED_PROXIES"),
        operations_cache_seconds=_number("BANCHENG_OPERATIONS_CACHE_SECONDS", default=1),
    )


class ServiceDatabase(SharedExtension):  # type: ignore[misc]
    """The service's pool, shared by all that serves it."""

    database: Database

    def setup(self) -> None:
        """Make the pool; no connection is opened yet."""
        self.database = Database(environment().database_url, self.container.service_name)

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
