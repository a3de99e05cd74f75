"""What was asked of the house and what it answered, as the clients saw it: the promise that the house is held to."""

import json
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One request. ``status`` 0: no answer came, and ``error`` says why; what became of the request is not known.

    ``at`` is a Unix time, ``took`` seconds. ``act`` names what was wanted ("register", ...), ``about`` what of: the
    marks in the titles of the tickets to register, or the id of an assignment or ticket.
    """

    at: float
    took: float
    service: str
    act: str
    about: tuple[str, ...]
    key: str
    status: int
    error: str
    reply: Any

    @property
    def is_done(self) -> bool:
        """Whether the house said that it did it."""
        return 200 <= self.status < 300

    @property
    def is_unclear(self) -> bool:
        """Whether it may or may not have been done: no answer, or one that tells to ask again."""
        return self.status == 0 or self.status >= 500


class Journal:
    """Entries of all clients, in the order of the answers."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def write(self, began: float, service: str, act: str, about: tuple[str, ...], key: str, **answer: Any) -> Entry:
        """Note an answer that came now to what was asked at ``began``."""
        entry = Entry(began, time.time() - began, service, act, about, key, **answer)
        with self._lock:
            self._entries.append(entry)
        return entry

    @property
    def entries(self) -> list[Entry]:
        """All entries so far."""
        with self._lock:
            return list(self._entries)

    def since(self, instant: float, act: str = "") -> list[Entry]:
        """What was asked from ``instant`` on."""
        return [each for each in self.entries if each.at >= instant and act in ("", each.act)]

    def save(self, path: Path) -> None:
        """One line of JSON an entry."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            for entry in self.entries:
                file.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")


def registered(entries: list[Entry]) -> dict[str, set[str]]:
    """Which ticket ids were promised for each mark: one each, if all is well."""
    promised: dict[str, set[str]] = {}
    for entry in entries:
        if entry.act != "register" or not entry.is_done:
            continue
        results = entry.reply.get("results") or [entry.reply | {"status": entry.status}]
        for mark, result in zip(entry.about, results, strict=True):
            if result["status"] == 201:
                promised.setdefault(mark, set()).add(result["id"])
    return promised
