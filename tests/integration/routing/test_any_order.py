"""In whatever order deadline_watch's events arrive, and however often: what routing knows of deadlines is the same, and
so are the broken promises of which somebody is notified and not notified otherwise since.

No process is at work here: each order is a transaction on routing's own tables, which is undone.
"""

import random
from collections import Counter
from typing import Any

import pytest

from schemas.enums import Complexity, Mark, TicketState
from schemas.events import tickets
from schemas.events.deadlines import DeadlineApproaching, MarkReached, MarkVoided
from schemas.events.decisions import ExtensionGranted
from schemas.events.event import Event
from services.deadline_watch.rules.facts import fact_of
from services.plumbing.database.transaction import Transaction
from services.routing import store
from services.routing.service import RoutingService
from tests import deadline_builders as given
from tests.deadline_builders import TICKET, named
from tests.deadline_story import Story
from tests.stack.one_service import OneService
from tests.stack.undone import undone
from tests.unit.test_deadline_any_order import END, HISTORIES

ORDERS = 40
"""How many orders of each history."""

MORE: dict[str, list[Event]] = {
    "broken after a pause that cost no working time": [
        given.registered("2025-01-24 10:00"),
        given.routed("2025-01-24 10:01"),
        given.materials_requested("2025-01-24 19:00"),
        given.materials_supplied("2025-01-24 20:00"),
        given.answered("2025-02-06 10:00"),
    ],
}


def announced_late(name: str, history: list[Event], chance: random.Random) -> list[Event]:
    """What the watch announces that hears of things in any order, some at once, and long after marks were due."""
    story, numbered = Story(fires_late=True), list(enumerate(history))
    chance.shuffle(numbered)
    while numbered:
        together = [numbered.pop() for _ in range(min(len(numbered), chance.choice((1, 1, 2, 5))))]
        story.add(*(fact_of(event, named(f"{name} {nth}"), story.policy.version) for nth, event in together))
        if chance.random() < 0.5:
            day, hour = chance.choice(("01-25", "01-27", "01-28", "02-07", "02-20")), chance.randrange(8, 20)
            story.now(f"2025-{day} {hour:02}:30")
    return story.now(END).announced


def hear(tx: Transaction, events: list[Event]) -> None:
    """Handle a batch as the inbox does: by the order of the handlers."""
    service = RoutingService()
    of_marks = (MarkReached, MarkVoided)
    if changes := [event for event in events if not isinstance(event, of_marks)]:
        service.keep_deadlines(changes, tx)
    if voided := [event for event in events if isinstance(event, MarkVoided)]:
        service.void_escalations(voided, tx)
    if reached := [event for event in events if isinstance(event, MarkReached)]:
        service.escalate(reached, tx)


def note(tx: Transaction, event: Event) -> None:
    """What is done about the ticket, and decided, is known in routing at once."""
    service = RoutingService()
    tx.now = fact_of(event, TICKET, 1).at
    match event:
        case tickets.MaterialsRequested() | tickets.MaterialsSupplied():
            service.note_materials(event, tx)
        case tickets.TicketDeclined() | tickets.TicketWithdrawn():
            service.end(event, tx)
        case tickets.TicketReopened():
            service.reopen(event, tx)
        case tickets.TicketAnswered():
            store.tickets.update(tx, TICKET, state=TicketState.ANSWERED, answered_at=event.answered_at)
        case tickets.ReportFiled():
            store.tickets.update(tx, TICKET, reported_at=event.filed_at)
        case ExtensionGranted():
            store.tickets.update(tx, TICKET, extended_at=event.granted_at)
        case tickets.TicketReclassified():
            store.tickets.update(tx, TICKET, complexity=Complexity.COMPLEX, complex_since=event.reclassified_at)


def outcome(tx: Transaction, announced: list[Event]) -> tuple[list[Any], Counter[Any]]:
    """What is known of the deadlines, and of which breaches somebody is notified still."""
    warnings = {(each.deadline_id, each.level) for each in announced if isinstance(each, DeadlineApproaching)}
    rows = tx.rows(
        "SELECT deadline_id, level, revision FROM escalations"
        " WHERE ticket_id = %(id)s AND recipients <> '{}' AND voided_at IS NULL",
        id=TICKET,
    )
    known = tx.rows("SELECT * FROM deadlines WHERE ticket_id = %(id)s ORDER BY deadline_id", id=TICKET)
    breaches = Counter(tuple(row) for row in rows if tuple(row)[:2] not in warnings)
    return [tuple(row) for row in known], breaches


def broken(announced: list[Event]) -> Counter[Any]:
    """The breaches that were announced and hold."""
    found: Counter[Any] = Counter()
    for event in announced:
        if isinstance(event, MarkReached) and not isinstance(event, DeadlineApproaching):
            found[event.deadline_id, event.level, event.revision] += 1
        elif isinstance(event, MarkVoided) and event.mark is not Mark.APPROACHING:
            found[event.deadline_id, event.level, event.revision] -= 1
    return +found


def heard(routing: OneService, history: list[Event], batches: list[list[Event]]) -> tuple[list[Any], Counter[Any]]:
    """The outcome once routing has handled these batches."""
    with undone(routing.database.transaction()) as tx:
        RoutingService().register([given.registered("2025-01-24 10:00", title="发票")], tx)
        for batch in batches:
            if batch[0] in history:
                note(tx, batch[0])
            else:
                hear(tx, batch)
        return outcome(tx, [event for batch in batches for event in batch])


@pytest.mark.parametrize("name", [*HISTORIES, *MORE])
def test_deadlines_and_kept_breaches_are_the_same_in_any_order_of_events(routing: OneService, name: str) -> None:
    history = (HISTORIES | MORE)[name]
    for seed in range(ORDERS):
        chance = random.Random(f"{name} {seed}")
        announced = announced_late(name, history, chance)
        expected = heard(routing, history, [[event] for event in announced])
        assert expected[1] == broken(announced), seed
        again = announced + chance.sample(announced, len(announced) // 2)
        chance.shuffle(again)
        batches = list[list[Event]]()
        while again:
            batches.append([again.pop() for _ in range(min(len(again), chance.choice((1, 1, 3, 9))))])
        for event in reversed(history[1:] if chance.random() < 0.7 else []):
            places = [nth for nth, batch in enumerate(batches) if batch[0] in history]
            batches.insert(chance.randrange(0, min(places, default=len(batches)) + 1), [event])
        assert heard(routing, history, batches) == expected, seed
