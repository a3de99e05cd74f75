"""One ticket in front of the real deadline_watch: what that hears and says of it while a test steps the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from schemas.events.event import Event
from schemas.events.watermarks import EVERYWHERE, SourceReached
from services.deadline_watch.store.watermarks import SOURCES
from tests.builders import a_center, published
from tests.deadline_builders import at
from tests.stack.eventually import eventually
from tests.stack.one_service import OneService
from tests.stack.tap import Tap


@contextmanager
def watch_at_work(amqp_uri: str, database_url: str) -> Iterator[tuple[OneService, Tap]]:
    """The service with one center, on a clock that stands still, and a tap at what it says."""
    house = OneService("deadline_watch", amqp_uri, database_url, clock="2025-01-24T09:00:00+08:00@0")
    house.announce(published(a_center()))
    with house.tap("deadline.#", "mark.#") as tap, house.process() as process:
        yield house, tap
        print(process.log[-4000:])  # pytest shows it when a test failed
    house.database.close()


class WatchedTicket:
    """One ticket's events, sent to the service; what it announced of them."""

    def __init__(self, house: OneService, tap: Tap) -> None:
        self.house, self.tap, self.ticket = house, tap, uuid4()

    def hears(self, *events: Event) -> "WatchedTicket":
        """Let the service hear events, in this order."""
        self.house.announce(*events)
        return self

    def at(self, when: str) -> "WatchedTicket":
        """What is known so far takes effect; then time goes on, and what becomes due does."""
        self.settles()
        self.house.step(at(when))
        self.house.announce(*reached(when))
        return self.settles()

    def settles(self) -> "WatchedTicket":
        """Wait until all that was heard has taken effect and nothing is due."""
        assert eventually(self._has_settled, seconds=60), self.house.parked()
        return self

    def _has_settled(self) -> bool:
        return not self._due() and self.house.has_handled_all()

    def _due(self) -> int:
        return int(self.house.rows("SELECT count(*) FROM due_now")[0][0])

    @property
    def said(self) -> list[str]:
        """``set``, ``approaching 1``: in the order in which it was published."""
        self.settles()
        self.tap.read(seconds=0.3)  # a busy broker pauses between two messages
        return [brief(each) for each in self.tap.about(self.ticket)]

    def data(self, type_: str) -> list[dict[str, Any]]:
        """The data of the events of one type, such as ``breached``."""
        return [each["data"] for each in self.tap.about(self.ticket) if each["type"] == f"deadline.{type_}.v1"]

    def row(self, kind: str = "answer", round: int = 1) -> Any:
        """The clock as it is stored."""
        (found,) = self.house.rows(
            "SELECT * FROM deadlines WHERE ticket_id = %(ticket)s AND kind = %(kind)s AND round = %(round)s",
            ticket=self.ticket,
            kind=kind,
            round=round,
        )
        return found


def reached(when: str) -> list[SourceReached]:
    """All that the services did before a moment has been announced, as they say once a second."""
    return [SourceReached(center=EVERYWHERE, source=source, reached_at=at(when)) for source in SOURCES]


def brief(envelope: dict[str, Any]) -> str:
    """A clock's event without its noun and version: ``approaching 1`` with the level, ``met`` without."""
    level = envelope["data"].get("level")
    return f"{envelope['type'].split('.')[1]} {level or ''}".rstrip()
