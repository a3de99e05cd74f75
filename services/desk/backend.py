"""The other services, asked over their HTTP interfaces in the name of whoever is logged in.

A right is judged in one place, there: the desk can do nothing that the interface does not allow to that person.
"""

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

import requests
import structlog
from requests.adapters import HTTPAdapter

from schemas.enums import Role
from services.access.tokens import Actor, issue

TIMEOUT_SECONDS = (2.0, 10.0)
"""To connect, and between two parts of the reply."""
TOKEN_SECONDS = 300
CONNECTIONS = 50

_log = structlog.get_logger()


class BackendRefused(Exception):
    """A service refused: its status, what it said, and the fields that were wrong."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail')}")
        self.status = status
        self.detail = str(problem.get("detail") or "")
        self.errors = dict(_by_field("", problem.get("errors") or {}))


def _by_field(place: str, found: Any) -> Iterator[tuple[str, list[str]]]:
    """What was wrong, by the dotted name of the field: ``applicant.phone``."""
    if isinstance(found, Mapping):
        for name, within in found.items():
            yield from _by_field(f"{place}.{name}" if place else str(name), within)
    else:
        yield place, [str(each) for each in (found if isinstance(found, list) else [found])]


class BackendAway(Exception):
    """A service does not answer, or cannot work now; asking again later may help."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


def address_of(service: str, default: str) -> str:
    """Where a service is asked: BANCHENG_<NAME>_URL, or the address that it serves by default."""
    name = service.upper()
    own = os.environ.get(f"BANCHENG_{name}_ADDRESS") or default
    return (os.environ.get(f"BANCHENG_{name}_URL") or f"http://{own}").rstrip("/")


class Backend:
    """One keep-alive pool for each service; ``urls`` by service."""

    def __init__(self, urls: Mapping[str, str], secret: str) -> None:
        self._urls, self._secret = urls, secret
        self._session = requests.Session()
        for url in urls.values():
            self._session.mount(url, HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS, pool_block=False))

    def ask(
        self,
        service: str,
        method: str,
        path: str,
        token: str | None,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        key: str | None = None,
        client: str | None = None,
    ) -> Any:
        """The reply as plain JSON types. With ``key`` an act that is sent twice takes effect once. ``client`` is the
        address of a citizen, by whom a service counts; the desk must be among its trusted proxies.

        Raises BackendRefused, BackendAway.
        """
        headers = {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        if client is not None:
            headers["X-Forwarded-For"] = client
        query = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            response = self._session.request(
                method,
                self._urls[service] + path,
                headers=headers,
                json=body if body is not None else ({} if method == "POST" else None),
                params=query,
                timeout=TIMEOUT_SECONDS,
            )
            reply = response.json()
        except (requests.RequestException, ValueError) as error:
            _log.warning("a service does not answer", service=service, kind=type(error).__name__)
            raise BackendAway(service) from None
        if response.status_code >= 500:
            raise BackendAway(service)
        if response.status_code >= 400:
            raise BackendRefused(response.status_code, reply)
        return reply

    def token_for(self, staff: str, roles: frozenset[Role], center: str, department: str | None) -> str:
        """A token for a person who is logged in, good for some minutes."""
        return issue(self._secret, _actor(staff, roles, center, department), seconds=TOKEN_SECONDS)


def _actor(staff: str, roles: frozenset[Role], center: str, department: str | None) -> Actor:
    return Actor(staff=staff, roles=tuple(sorted(roles)), center=center, department=department)


class Person:
    """Somebody who is logged in, as the pages know them: who, in which roles, and their way to the services."""

    def __init__(
        self,
        backend: Backend,
        center: str,
        staff: str,
        roles: frozenset[Role],
        departments: tuple[str, ...],
        headed: tuple[str, ...] = (),
    ) -> None:
        self.center, self.staff, self.roles = center, staff, roles
        self.departments, self.headed = departments, headed
        """The departments that they are a liaison of, and those that they are the head of."""
        self._backend = backend
        self._tokens: dict[str | None, tuple[str, float]] = {}

    def has(self, *roles: Role) -> bool:
        """Whether they have one of ``roles``."""
        return not self.roles.isdisjoint(roles)

    def get(self, service: str, path: str, *, acting_for: str | None = None, **query: Any) -> Any:
        """Ask a service, as the liaison or head of ``acting_for`` where one is of several departments.

        Raises BackendRefused, BackendAway.
        """
        return self._backend.ask(service, "GET", path, self._token(acting_for), query=query)

    def post(
        self, service: str, path: str, body: Any = None, *, acting_for: str | None = None, key: str | None = None
    ) -> Any:
        """Have a service do something. Raises BackendRefused, BackendAway."""
        return self._backend.ask(service, "POST", path, self._token(acting_for), body=body, key=key)

    def _token(self, department: str | None) -> str:
        department = department or next(iter((*self.departments, *self.headed)), None)
        token, until = self._tokens.get(department, ("", 0.0))
        if time.monotonic() > until:
            token = self._backend.token_for(self.staff, self.roles, self.center, department)
            self._tokens[department] = token, time.monotonic() + TOKEN_SECONDS / 2
        return token
