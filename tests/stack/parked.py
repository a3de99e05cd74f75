"""Events that a service of a house has given up on."""

from datetime import UTC, datetime
from uuid import UUID

from schemas.events.tickets import TicketAnswered
from services.plumbing.database.database import Database
from services.plumbing.database.logins import as_login
from services.plumbing.database.transaction import new_id
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.failures import FailureKind
from tests.stack.desk_house import DeskHouse
from tests.stack.envelopes import the_event, wire

SECRET = "张三丰住在幸福路七号，电话13912345678"
NOW = datetime(2026, 4, 28, 1, 0, tzinfo=UTC)


def database(house: DeskHouse, service: str) -> Database:
    """The service's tables, in its own name."""
    return Database(as_login(house.sandbox.database_url, f"bancheng_{service}"), service, size=1)


def park(house: DeskHouse, service: str, *, center: str = "BC", error: str = "EventRejected: it cannot be") -> UUID:
    """An answer that the service has given up on."""
    event = TicketAnswered(
        center=center,
        ticket_id=new_id(),
        round=1,
        department="SWJ",
        answered_by="luo-min",
        answer=SECRET,
        answered_at=NOW,
    )
    id_ = new_id()
    delivery = the_event(wire(event, id_, time=NOW))
    with database(house, service).transaction() as tx:
        retry_queue.hold(tx, [(delivery.envelope, delivery.raw.body)], error, FailureKind.REJECTED)
    return id_


def park_unreadable(house: DeskHouse, service: str, body: bytes = SECRET.encode()) -> None:
    """Bytes that are no event."""
    with database(house, service).transaction() as tx:
        retry_queue.park_unreadable(tx, body, "not JSON: JSONDecodeError")
