"""The watch fires marks in SQL: what that announces and stores is what the rules and `Transaction.announce` would.

No process is at work here: a test records, fires and reads itself, on the service's own tables.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from schemas.events.deadlines import DeadlineApproaching, DeadlineBreached, DeadlineOverdue
from schemas.events.event import Event
from schemas.events.tickets import TicketRegistered
from services.deadline_watch import store
from services.deadline_watch.rules.events import after_mark, mark_reached
from services.deadline_watch.service import DeadlineWatchService
from services.plumbing.database.transaction import new_id
from tests import deadline_builders as given
from tests.deadline_builders import at
from tests.integration.watch_by_hand import opened_watch
from tests.stack.one_service import OneService

_EVENTS = {event.TYPE: event for event in (DeadlineApproaching, DeadlineBreached, DeadlineOverdue)}
NOBODY: list[Event] = [given.registered("2025-01-24 10:00")]
LED = [*NOBODY, given.routed("2025-01-24 10:01")]
STORIES: dict[str, list[Event]] = {
    "a promise that nobody is responsible for": NOBODY,
    "a broken promise": LED,
    "one that was extended after its warning": [*LED, given.extension_granted("2025-01-27 10:00")],
    "one that was broken and then answered": [*LED, given.answered("2025-02-10 10:00")],
    "one that waits for the applicant since its warning": [*LED, given.materials_requested("2025-01-27 10:00")],
}


@pytest.fixture(scope="module")
def house(amqp_uri: str, database_url: str) -> Iterator[OneService]:
    with opened_watch(amqp_uri, database_url, "BC") as opened:
        yield opened


def recorded(house: OneService, story: list[Event]) -> UUID:
    house.rows("TRUNCATE tickets, deadlines, outbox CASCADE")
    ticket, service = new_id(), DeadlineWatchService()
    for event in story:
        own = type(event).load(event.dump() | {"ticket_id": str(ticket)})
        with house.database.transaction(correlation_id=new_id()) as tx:
            tx.event_ids = {id(own): new_id()}
            if isinstance(own, TicketRegistered):
                service.set_promises([own], tx)
            else:
                service.record_facts([own], tx)
    house.rows("TRUNCATE outbox")
    house.step(at("2025-04-01 09:00"))
    return ticket


def taken_from_outbox(house: OneService) -> list[dict[str, Any]]:
    """The rows that the relay would publish, with the event in place of its data."""
    rows = [row._asdict() for row in house.rows("SELECT * FROM outbox ORDER BY seq")]
    house.rows("TRUNCATE outbox")
    for row in rows:
        assert isinstance(row.pop("id"), UUID)
        assert isinstance(row.pop("announced_at"), datetime)
        assert isinstance(row.pop("stored_at"), datetime)
        assert row.pop("seq")
        assert row["data"].keys() == _EVENTS[row["type"]].load(row["data"]).dump().keys()
        row["data"] = _EVENTS[row["type"]].load(row["data"])
    return rows


@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("story", STORIES)
def test_firing_in_sql_says_what_the_rules_and_announce_would(house: OneService, story: str, confirmed: bool) -> None:
    ticket = recorded(house, STORIES[story])
    end = at("2025-03-31 09:00")
    with house.database.transaction() as tx:
        (deadline,) = store.deadlines.lock(tx, [ticket])[ticket].deadlines
        tx.correlation_id = tx.rows("SELECT correlation_id FROM deadlines")[0].correlation_id
        while deadline.marks[deadline.next_mark :]:
            tx.announce(mark_reached(deadline, confirmed=confirmed))
            deadline = after_mark(deadline)
    announced = taken_from_outbox(house)
    assert announced
    done = 1
    while done:
        with house.database.transaction() as tx:
            groups = (
                store.firing.fire(tx, end) if confirmed else store.firing.fire_unconfirmed(tx, "BC", end, known=None)
            )
            done = len(groups)
    fired = taken_from_outbox(house)
    assert fired == announced
    with house.database.transaction() as tx:
        assert store.deadlines.lock(tx, [ticket])[ticket].deadlines == (deadline,)


def test_firing_wakes_the_relay_and_finding_nothing_does_not(house: OneService) -> None:
    recorded(house, LED)
    woken: list[bool] = []
    house.database.on_announced = lambda: woken.append(True)
    for up_to in ("2025-01-24 10:00", "2025-03-31 09:00"):
        with house.database.transaction() as tx:
            store.firing.fire(tx, at(up_to))
    assert len(woken) == 1
