"""In whatever order intake's events of a ticket arrive, and however often, routing knows the same of it in the end.

No process is at work here: each order is a transaction on routing's own tables, which is undone.
"""

import random
from collections import deque
from dataclasses import replace
from typing import Any

import pytest

from schemas.events import tickets
from schemas.events.event import Event
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import NotYet
from services.routing.service import RoutingService
from tests import deadline_builders as given
from tests.deadline_builders import TICKET
from tests.stack.one_service import OneService
from tests.stack.undone import undone

ORDERS = 60
"""How many orders of each history."""
REGISTERED = given.registered("2025-01-24 10:00", title="发票")
HISTORIES: dict[str, list[Event]] = {
    "papers asked for anew in the second round": [
        REGISTERED,
        given.materials_requested("2025-01-24 11:00"),
        given.materials_supplied("2025-01-24 12:00"),
        given.reopened("2025-01-27 10:00", round=2),
        given.materials_requested("2025-01-27 11:00"),
    ],
    "withdrawn in the third round": [
        REGISTERED,
        given.reopened("2025-01-25 10:00", round=2),
        given.materials_requested("2025-01-25 11:00"),
        given.reopened("2025-01-26 10:00", round=3),
        replace(given.withdrawn("2025-01-27 10:00"), round=3),
    ],
    "declined while papers are awaited": [
        REGISTERED,
        given.materials_requested("2025-01-24 11:00"),
        given.declined("2025-01-24 12:00"),
    ],
}


def handle(tx: Transaction, event: Event) -> None:
    service = RoutingService()
    match event:
        case tickets.TicketRegistered():
            service.register([event], tx)
        case tickets.MaterialsRequested() | tickets.MaterialsSupplied():
            service.note_materials(event, tx)
        case tickets.TicketReopened():
            service.reopen(event, tx)
        case tickets.TicketDeclined() | tickets.TicketWithdrawn():
            service.end(event, tx)


def heard(routing: OneService, order: list[Event]) -> tuple[Any, list[Any], int]:
    """The ticket and its assignments once all is handled, and how often an event had to wait for its cause."""
    with undone(routing.database.transaction()) as tx:
        waiting, waited = deque(order), 0
        while waiting:
            event = waiting.popleft()
            try:
                with tx.savepoint():
                    handle(tx, event)
            except NotYet:
                waiting.append(event)
                waited += 1
                assert waited < 100, "an event waits for what has come"
        ticket = tx.row(
            "SELECT state, round, awaiting_materials, materials_at, ended_at, lead FROM tickets WHERE id = %(id)s",
            id=TICKET,
        )
        parts = tx.rows(
            "SELECT round, department, role, state FROM assignments WHERE ticket_id = %(id)s ORDER BY 1, 2", id=TICKET
        )
        return tuple(ticket or ()), [tuple(part) for part in parts], waited


@pytest.mark.parametrize("name", HISTORIES)
def test_a_ticket_is_the_same_in_any_order_of_its_own_events(routing: OneService, name: str) -> None:
    history = HISTORIES[name]
    *expected, waited = heard(routing, history)
    assert waited == 0
    has_waited = 0
    for seed in range(ORDERS):
        chance = random.Random(f"{name} {seed}")
        order = history + chance.sample(history, len(history) // 2)
        chance.shuffle(order)
        *found, waited = heard(routing, order)
        assert found == expected, [type(event).__name__ for event in order]
        has_waited += waited
    assert has_waited > 0, "no order put an effect before its cause"
