"""Records what happened to tickets: facts are added, the deadlines worked out again, and the differences announced."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from schemas.events.event import Event
from schemas.events.tickets import TicketRegistered
from services.deadline_watch import metrics, store
from services.deadline_watch.actions import policies
from services.deadline_watch.rules.deadline import Deadline, Policy
from services.deadline_watch.rules.differences import difference, never_set
from services.deadline_watch.rules.facts import Fact, fact_of, merge_facts
from services.deadline_watch.rules.history import history_of
from services.deadline_watch.store.deadlines import TicketRecord
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import EventRejected, NotYet


class ForeignTicket(EventRejected):
    """An event is about a ticket that belongs to another center than the event."""


class TicketChange(NamedTuple):
    """A ticket with the added facts, those of its deadlines that changed, and the events to announce."""

    ticket: TicketRecord
    deadlines: tuple[Deadline, ...] = ()
    events: tuple[Event, ...] = ()


def register(tx: Transaction, events: Sequence[TicketRegistered]) -> None:
    """Set the promise of every ticket that is new. Raises NotYet."""
    current = _current_policies(tx, events)
    facts = _facts(tx, events, current)
    tickets = {event.ticket_id: TicketRecord(event.ticket_id, event.center, event.number) for event in events}
    changes = {id_: _change(ticket, facts[id_], current[ticket.center]) for id_, ticket in tickets.items()}
    new = store.deadlines.insert(tx, [change.ticket for change in changes.values()])
    _save(tx, [change for id_, change in changes.items() if id_ in new], is_inserted=True)
    if known := [event for event in events if event.ticket_id not in new]:
        record_events(tx, known)


def record_events(tx: Transaction, events: Sequence[Any]) -> None:
    """Record events that are facts, of known and unknown tickets. Raises NotYet, ForeignTicket."""
    current = _current_policies(tx, events)
    facts = _facts(tx, events, current)
    tickets = store.deadlines.lock(tx, facts)
    unknown = {event.ticket_id: event.center for event in events if event.ticket_id not in tickets}
    if unknown:
        store.deadlines.insert(tx, [TicketRecord(id_, center) for id_, center in unknown.items()])
        tickets |= store.deadlines.lock(tx, unknown)
    for event in events:
        tickets[event.ticket_id] = _of_own_center(tickets[event.ticket_id], event)
    _save(tx, [_change(tickets[id_], added, current[tickets[id_].center]) for id_, added in facts.items()])


def revise(tx: Transaction, ticket_ids: Iterable[UUID], change: Callable[[TicketRecord], TicketRecord]) -> int:
    """Apply ``change`` to tickets although no event about them came; returns how many deadlines that changed.

    Tickets that another replica is working on are left to that replica. Raises NotYet.
    """
    tickets = store.deadlines.lock(tx, ticket_ids, wait=False).values()
    current = _current_policies(tx, tickets)
    changes = [_change(change(ticket), (), current[ticket.center], is_changed=True) for ticket in tickets]
    _save(tx, changes)
    return sum(len(each.deadlines) for each in changes)


def _current_policies(tx: Transaction, about: Iterable[Any]) -> dict[str, Policy]:
    return {code: policies.current(tx, code) for code in sorted({each.center for each in about})}


def _facts(tx: Transaction, events: Iterable[Any], current: Mapping[str, Policy]) -> dict[UUID, list[Fact]]:
    facts: dict[UUID, list[Fact]] = {}
    for event in events:
        fact = fact_of(event, tx.id_of(event), current[event.center].version)
        facts.setdefault(event.ticket_id, []).append(fact)
    return facts


def _of_own_center(ticket: TicketRecord, event: Any) -> TicketRecord:
    """The ticket that an event is about. Its registration says which center it belongs to. What came before from
    another center is dropped, and deadlines from it end, since no history has them; what comes later from another
    center is refused. Raises NotYet, ForeignTicket.
    """
    is_same = ticket.center == event.center
    if isinstance(event, TicketRegistered) and ticket.number is None:
        if is_same:
            return ticket._replace(number=event.number)
        return TicketRecord(ticket.ticket_id, event.center, event.number, deadlines=ticket.deadlines)
    if is_same:
        return ticket
    if ticket.number is None:
        raise NotYet("it is not known yet whose ticket this is", [event])
    raise ForeignTicket("this is the ticket of another center", [event])


def _change(ticket: TicketRecord, added: Sequence[Fact], current: Policy, *, is_changed: bool = False) -> TicketChange:
    """What the facts ``added`` change about a ticket. If all of them were known, nothing, unless ``is_changed``.

    Raises NotYet if a deadline was counted by a newer calendar than the one that this process has: then another replica
    must handle the event.
    """
    facts = merge_facts(ticket.facts, added)
    if len(facts) == len(ticket.facts) and not is_changed:
        return TicketChange(ticket)
    for deadline in ticket.deadlines:
        if deadline.provisional and policies.is_newer(deadline.calendar_version, current.calendar.version):
            raise NotYet("a newer calendar than the one here has counted this")
    history = history_of(ticket.ticket_id, ticket.center, facts, current.earlier, ticket.pauses_ended_at)
    stored = {deadline.id: deadline for deadline in ticket.deadlines}
    differences = [
        difference(stored.get(id_), history.deadlines[id_], transitions)
        for id_, transitions in history.transitions.items()
    ]
    differences += [never_set(deadline) for id_, deadline in stored.items() if id_ not in history.deadlines]
    return TicketChange(
        ticket._replace(facts=facts),
        tuple(each.deadline for each in differences if each.deadline != stored.get(each.deadline.id)),
        tuple(event for each in differences for event in each.events),
    )


def _save(tx: Transaction, changes: Sequence[TicketChange], *, is_inserted: bool = False) -> None:
    announced = [event for change in changes for event in change.events]
    tx.announce(*announced)
    metrics.count_voids(tx, announced)
    store.deadlines.save(
        tx,
        [] if is_inserted else [change.ticket for change in changes],
        [deadline for change in changes for deadline in change.deadlines],
    )
