"""The other services, asked over their HTTP interfaces in the name of whoever is logged in.

A right is judged in one place, there: the desk can do nothing that the interface does not allow to that person.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import requests
import structlog
from requests.adapters import HTTPAdapter

from schemas.enums import Role
from services.access.tokens import Actor, issue

TIMEOUT_SECONDS = (2.0, 10.0)
"""To connect, and between two parts of the reply."""
FILE_SECONDS = (2.0, 60.0)
"""A file is looked into before it is answered for."""
TOKEN_SECONDS = 300
CONNECTIONS = 50
ASKED = {
    "intake": "127.0.0.1:8001",
    "routing": "127.0.0.1:8002",
    "deadline_watch": "127.0.0.1:8003",
    "notify": "127.0.0.1:8004",
    "knowledge": "127.0.0.1:8006",
}
"""The services that the pages ask, and where they serve by default."""

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


def addresses() -> dict[str, str]:
    """Where each service is asked, by its name."""
    return {name: address_of(name, default) for name, default in ASKED.items()}


def _headers(token: str | None, key: str | None, client: str | None) -> dict[str, str]:
    given = {"Authorization": token and f"Bearer {token}", "Idempotency-Key": key, "X-Forwarded-For": client}
    return {name: value for name, value in given.items() if value is not None}


def _away(service: str, error: Exception) -> BackendAway:
    _log.warning("a service does not answer", service=service, kind=type(error).__name__)
    return BackendAway(service)


def _read(service: str, response: requests.Response) -> Any:
    """The reply as plain JSON types. Raises BackendRefused, BackendAway."""
    try:
        reply = response.json()
    except ValueError as error:
        raise _away(service, error) from None
    if response.status_code >= 500:
        raise BackendAway(service)
    if response.status_code >= 400:
        raise BackendRefused(response.status_code, reply)
    return reply


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
        if body is None and method == "POST":
            body = {}
        headers = _headers(token, key, client)
        return _read(service, self._request(service, method, path, headers, query, TIMEOUT_SECONDS, json=body))

    def send(
        self,
        service: str,
        path: str,
        token: str | None,
        content: bytes,
        said: str,
        query: Mapping[str, Any],
        *,
        key: str | None = None,
        client: str | None = None,
        query_code: str | None = None,
    ) -> Any:
        """Send a file, of which the browser ``said`` what it is; a citizen's ``query_code`` goes with it.

        Raises BackendRefused, BackendAway.
        """
        headers = _headers(token, key, client) | {"Content-Type": said}
        if query_code is not None:
            headers["Query-Code"] = query_code
        return _read(service, self._request(service, "POST", path, headers, query, FILE_SECONDS, data=content))

    def fetch(self, service: str, path: str, token: str) -> tuple[bytes, str, str]:
        """A file: its content, its media type, its name. Raises BackendRefused, BackendAway."""
        response = self._request(service, "GET", path, _headers(token, None, None), {}, FILE_SECONDS)
        if response.status_code >= 400:
            _read(service, response)
        name = response.headers["Content-Disposition"].partition('filename="')[2].rstrip('"')
        return response.content, response.headers["Content-Type"], name

    def _request(
        self,
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        query: Mapping[str, Any] | None,
        timeout: tuple[float, float],
        **body: Any,
    ) -> requests.Response:
        query = {name: value for name, value in (query or {}).items() if value is not None}
        try:
            url = self._urls[service] + path
            return self._session.request(method, url, headers=headers, params=query, timeout=timeout, **body)
        except requests.RequestException as error:
            raise _away(service, error) from None

    def token_for(
        self, staff: str, roles: frozenset[Role], center: str, department: str | None, seconds: int = TOKEN_SECONDS
    ) -> str:
        """A token for a person who is logged in, good for some minutes."""
        return issue(self._secret, _actor(staff, roles, center, department), seconds=seconds)


def _actor(staff: str, roles: frozenset[Role], center: str, department: str | None) -> Actor:
    return Actor(staff=staff, roles=tuple(sorted(roles)), center=center, department=department)
