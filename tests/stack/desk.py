"""People at one service: what they ask over HTTP, and what the other services announce to it meanwhile."""

from collections.abc import Callable
from typing import Any

import requests

from schemas.events.event import Event
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.services import ServiceProcess
from tests.stack.tap import Tap

Header = dict[str, str]


class Desk:
    """One process of a service that is alone, and a tap for what it announces."""

    def __init__(self, house: OneService, service: ServiceProcess, tap: Tap) -> None:
        self.house, self.service, self.tap = house, service, tap

    def ask(self, method: str, path: str, who: Header | None, body: Any = None, **more: Any) -> requests.Response:
        """The reply to ``who``, None for somebody without a token."""
        headers = (who or {}) | more.pop("headers", {})
        return self.service.ask(method, path, headers=headers, json=body, **more)

    def good(self, status: int, method: str, path: str, who: Header | None, body: Any = None, **more: Any) -> Any:
        """What is replied, with this status."""
        reply = self.ask(method, path, who, body, **more)
        assert reply.status_code == status, reply.text
        return reply.json()

    def problem(self, status: int, method: str, path: str, who: Header | None, body: Any = None) -> Any:
        """The problem's fields, or its detail where it has none."""
        reply = self.ask(method, path, who, body)
        assert reply.status_code == status, reply.text
        assert reply.headers["Content-Type"] == "application/problem+json"
        return reply.json().get("errors") or reply.json()["detail"]

    def hears_until(self, holds: Callable[[], object], *events: Event, source: str = "") -> None:
        """The other services announce something, until it shows."""
        self.house.announce(*events, source=source)
        assert eventually(holds), self.service.log[-2000:]
