"""Whoever is logged in, and their way to the services."""

import time
from collections.abc import Mapping
from typing import Any

from schemas.enums import Role
from services.desk.backend import TOKEN_SECONDS, Backend


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

    def put(self, service: str, path: str, body: Any, *, acting_for: str | None = None, key: str | None = None) -> Any:
        """Have a service keep something in place of what it has. Raises BackendRefused, BackendAway."""
        return self._backend.ask(service, "PUT", path, self._token(acting_for), body=body, key=key)

    def send(
        self, service: str, path: str, content: bytes, said: str, query: Mapping[str, Any], *, key: str | None = None
    ) -> Any:
        """Send a file. Raises BackendRefused, BackendAway."""
        return self._backend.send(service, path, self._token(None), content, said, query, key=key)

    def fetch(self, service: str, path: str, *, acting_for: str | None = None) -> tuple[bytes, str, str]:
        """A file: its content, its media type, its name. Raises BackendRefused, BackendAway."""
        return self._backend.fetch(service, path, self._token(acting_for))

    def token_for_job(self, seconds: int) -> str:
        """A token for work in the background, which needs no department."""
        return self._backend.token_for(self.staff, self.roles, self.center, None, seconds)

    def _token(self, department: str | None) -> str:
        department = department or next(iter((*self.departments, *self.headed)), None)
        token, until = self._tokens.get(department, ("", 0.0))
        if time.monotonic() > until:
            token = self._backend.token_for(self.staff, self.roles, self.center, department)
            self._tokens[department] = token, time.monotonic() + TOKEN_SECONDS / 2
        return token
