"""Clients of the house: they ask, write down what they heard, and ask again with the same key in doubt."""

import itertools
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import requests

from tests.faults.house import House
from tests.faults.journal import Entry, Journal

PATIENCE_S = 35.0  # the house answers within its own deadlines, or never
PAUSE_S = 0.5
_numbers = itertools.count(1)


class Caller:
    """Asks over HTTP, each request on a connection of its own, any replica; gives up when `has_ended` says so.

    Nobody asks anything new while the ``gate`` is closed.
    """

    def __init__(
        self,
        house: House,
        journal: Journal,
        chance: random.Random,
        *,
        gate: threading.Event,
        has_ended: Callable[[], bool],
    ) -> None:
        self._house, self._journal, self._chance = house, journal, chance
        self._gate, self._has_ended = gate, has_ended

    def look(self, path: str, token: str) -> Any | None:
        """What a GET of routing says; None if it does not answer."""
        try:
            reply = requests.get(self._url("routing") + path, headers=_bearer(token), timeout=PATIENCE_S)
            return reply.json() if reply.status_code == 200 else None
        except (requests.RequestException, ValueError):
            return None

    def ask(
        self,
        service: str,
        path: str,
        token: str,
        body: dict[str, Any],
        *,
        act: str,
        about: tuple[str, ...] = (),
        key: str = "",
        patience: float = PATIENCE_S,
    ) -> Entry:
        """Ask once, and write down what came."""
        key = key or new_key(act)
        headers = _bearer(token) | {"Idempotency-Key": key}
        began = time.time()
        answer: dict[str, Any] = {"status": 0, "error": "", "reply": None}
        try:
            reply = requests.post(self._url(service) + path, json=body, headers=headers, timeout=patience)
            answer |= {"status": reply.status_code, "reply": reply.json()}
        except (requests.RequestException, ValueError) as error:
            answer |= {"status": 0, "error": type(error).__name__}
        return self._journal.write(began, service, act, about, key, **answer)

    def insist(self, service: str, path: str, token: str, body: dict[str, Any], **more: Any) -> Entry:
        """Ask until there is an answer that says what became of it; the last entry."""
        more.setdefault("key", new_key(more["act"]))
        self._gate.wait()
        entry = self.ask(service, path, token, body, **more)
        while entry.is_unclear and not self._has_ended():
            time.sleep(PAUSE_S)
            entry = self.ask(service, path, token, body, **more)
        return entry

    def _url(self, service: str) -> str:
        wanted = [each for each in self._house.supervisor.of(service) if each.is_wanted]
        return self._chance.choice(wanted or self._house.supervisor.of(service)).process.url


def new_key(act: str) -> str:
    """An Idempotency-Key that nobody else uses in this run of the suite."""
    return f"{act}-{next(_numbers)}"


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
