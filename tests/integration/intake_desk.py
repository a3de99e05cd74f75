"""The intake service at work, and the people who use it: what they ask, what the other services tell it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from schemas.center.center import Center
from schemas.enums import Complexity, DeadlineKind, DeadlineState, Outcome, Role
from schemas.events.assignments import AssignmentAccepted
from schemas.events.deadlines import DeadlineMoved, DeadlineSet
from schemas.events.event import Event
from schemas.events.tickets import TicketAnswered, TicketClosed, TicketRouted
from services.access import centers
from services.plumbing.ciphers import generate_keys
from tests.builders import a_center, published
from tests.stack import desk
from tests.stack.access import bearer
from tests.stack.desk import Header as Header
from tests.stack.one_service import OneService

KEYS = generate_keys()
CLERK = bearer("fang", Role.CLERK)
FEED = bearer("hotline-feed", Role.CHANNEL)
LEADER = bearer("gu", Role.DUTY_LEADER)
STRANGE_LEADER = bearer("tax-head", Role.DUTY_LEADER)  # of a department: the roster does not name this person
DIRECTOR = bearer("director", Role.DIRECTOR)
LIAISON = bearer("tax-clerk", Role.LIAISON, department="SWJ")
ELSEWHERE = bearer("fang", Role.CLERK, center="XX")

NOW = datetime.fromisoformat("2025-01-24T10:00:00+08:00")
NAME, PHONE, ID_NUMBER = "欧阳静怡", "13912345678", "11010519491231002X"

_phones = count(13700000000)


def an_applicant(**fields: Any) -> dict[str, Any]:
    """A person whom nobody has met before."""
    return {"kind": "person", "name": "周小满", "phone": str(next(_phones)), **fields}


def a_ticket(**fields: Any) -> dict[str, Any]:
    """What a clerk types in."""
    ticket = {"title": "发票开不出来", "text": "跑了三次，窗口都说系统问题。", "channel": "window"}
    return {**ticket, "applicant": an_applicant(), **fields}


def routed(ticket_id: UUID, minutes: int = 1, **changes: Any) -> TicketRouted:
    """Routing decided: the tax office leads, an ordinary matter."""
    fields: dict[str, Any] = {
        "round": 1,
        "complexity": Complexity.ORDINARY,
        "lead": "SWJ",
        "rule": "tax",
        "why": "发票",
    }
    return TicketRouted(**{**_of(ticket_id), **fields, "routed_at": later(minutes), **changes})


def accepted(ticket_id: UUID, minutes: int = 3, **changes: Any) -> AssignmentAccepted:
    """The tax office signed for it."""
    fields: dict[str, Any] = {"assignment_id": uuid4(), "department": "SWJ", "accepted_by": "tax-clerk"}
    return AssignmentAccepted(**{**_of(ticket_id), **fields, "accepted_at": later(minutes), **changes})


def promised(ticket_id: UUID, due_at: datetime, **changes: Any) -> DeadlineSet:
    """The promise's deadline was started."""
    fields: dict[str, Any] = {"kind": DeadlineKind.ANSWER, "round": 1, "started_at": NOW, "due_at": due_at}
    fields |= {"deadline_id": uuid4(), "revision": 1, "counted": (), "provisional": False}
    return DeadlineSet(
        **{**_of(ticket_id), **fields, "sequence": 1, "calendar_version": "tests", "center_version": 1, **changes}
    )


def moved(ticket_id: UUID, due_at: datetime, **changes: Any) -> DeadlineMoved:
    """The promise's due time changed."""
    fields: dict[str, Any] = {"kind": DeadlineKind.ANSWER, "round": 1, "due_at": due_at, "revision": 2}
    fields |= {"sequence": 2, "state": DeadlineState.RUNNING}
    return DeadlineMoved(
        **{**_of(ticket_id), **fields, "deadline_id": uuid4(), "provisional": False, "why": "tests", **changes}
    )


def answered(ticket_id: UUID, minutes: int = 5, **changes: Any) -> TicketAnswered:
    """The tax office fed its solution back."""
    fields: dict[str, Any] = {"round": 1, "department": "SWJ", "answer": "已为您开好发票。", "answered_by": "tax-clerk"}
    return TicketAnswered(**{**_of(ticket_id), **fields, "answered_at": later(minutes), **changes})


def closed(ticket_id: UUID, minutes: int = 9, **changes: Any) -> TicketClosed:
    """The ticket ended."""
    fields: dict[str, Any] = {"round": 1, "outcome": Outcome.RESOLVED, "closed_by": "fang"}
    return TicketClosed(**{**_of(ticket_id), **fields, "closed_at": later(minutes), **changes})


def later(minutes: int) -> datetime:
    """So many minutes after the clock of the tests."""
    return NOW + timedelta(minutes=minutes)


def _of(ticket_id: UUID) -> dict[str, Any]:
    return {"center": "BC", "ticket_id": ticket_id}


class Desk(desk.Desk):
    """What the tests do to one intake service."""

    def gets(self, path: str, who: Header | None = CLERK, **query: str) -> dict[str, Any]:
        """What ``who`` is shown."""
        shown: dict[str, Any] = self.good(200, "GET", path, who, params=query)
        return shown

    def does(self, path: str, who: Header | None = CLERK, **body: Any) -> dict[str, Any]:
        """What ``who`` is answered, who may do it."""
        replied: dict[str, Any] = self.good(200, "POST", path, who, body)
        return replied

    def refuses(self, status: int, method: str, path: str, who: Header | None = CLERK, body: Any = None) -> Any:
        """Why ``who`` may not."""
        return self.problem(status, method, path, who, body)

    def registers(self, who: Header = CLERK, **fields: Any) -> dict[str, Any]:
        """The receipt of a new ticket."""
        receipt: dict[str, Any] = self.good(201, "POST", "/tickets", who, a_ticket(**fields))
        return receipt

    def ticket(self, **fields: Any) -> UUID:
        """A new ticket."""
        return UUID(self.registers(**fields)["id"])

    def answered(self, **fields: Any) -> dict[str, Any]:
        """The receipt of a ticket that was routed and answered."""
        receipt = self.registers(**fields)
        self.hears(receipt["id"], "answered", routed(UUID(receipt["id"])), answered(UUID(receipt["id"])))
        return receipt

    def state(self, ticket_id: UUID | str) -> str:
        """Where the ticket stands."""
        return str(self.gets(f"/tickets/{ticket_id}")["state"])

    def hears(self, ticket_id: UUID | str, state: str, *events: Event) -> None:
        """The other services say something that brings the ticket to ``state``."""
        self.hears_until(lambda: self.state(ticket_id) == state, *events)

    def remembers(self) -> str:
        """Everything that the tables of the service hold, as text."""
        tables = self.house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'intake'")
        rows = (self.house.rows(f'SELECT to_json(each)::text FROM "{name}" AS each') for (name,) in tables)
        return "\n".join(row[0] for table in rows for row in table)


def opened_desk(amqp_uri: str, database_url: str, **environment: str) -> AbstractContextManager[Desk]:
    """An intake service with one center, on a deadline that stands still; ``environment`` are more settings."""
    return opened_desk_of(a_center(), amqp_uri, database_url, **environment)


@contextmanager
def opened_desk_of(center: Center, amqp_uri: str, database_url: str, **environment: str) -> Iterator[Desk]:
    """The same with this center."""
    house = OneService("intake", amqp_uri, database_url, clock=f"{NOW.isoformat()}@0")
    with house.database.transaction() as tx:
        centers.keep(tx, published(center))
    process = house.process()
    process.environment |= {"BANCHENG_DATA_KEY": KEYS} | environment
    with house.tap() as tap, process as service:
        yield Desk(house, service, tap)
        print(service.log[-4000:])  # pytest shows it when a test failed
