"""What happened to tickets is noted, and what is solved by it is learnt, or what is not solved after all forgotten."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from schemas.events.forgetting import TicketForgotten
from schemas.events.tickets import TicketRegistered, TicketRouted
from services.knowledge import metrics, store
from services.knowledge.actions import learning, offering
from services.knowledge.rules.ticket import KnownTicket, after
from services.knowledge.rules.weighing import Case
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging import retry_queue
from services.plumbing.messaging.failures import EventRejected, NotYet


def record(tx: Transaction, events: Sequence[Any]) -> None:
    """Note events about tickets, in whatever order they come. Raises NotYet, EventRejected."""
    ids = {event.ticket_id for event in events}
    known = store.tickets.lock(tx, ids)
    if new := ids - known.keys():
        first = {event.ticket_id: event for event in reversed(events)}
        store.tickets.insert(tx, [KnownTicket(id_, first[id_].center) for id_ in new])
        known |= store.tickets.lock(tx, new)
    now = dict(known)
    for event in events:
        now[event.ticket_id] = after(_of_own_center(now[event.ticket_id], event), event)
    for event in events:
        if isinstance(event, TicketRouted) and event.decided_by:
            offering.note_decision(tx, now[event.ticket_id], event)
    if registered := [
        id_ for id_, ticket in now.items() if ticket.number and not known[id_].number and not ticket.forgotten
    ]:
        store.trust.expect(tx, registered)
    if routed := [event for event in events if isinstance(event, TicketRouted)]:
        store.trust.keep_routings(tx, routed)
    if forgotten := [event.ticket_id for event in events if isinstance(event, TicketForgotten)]:
        store.trust.forget(tx, forgotten)
        store.typical_cases.delete(tx, forgotten)
        retry_queue.forget(tx, forgotten)
    changed = {id_: ticket for id_, ticket in now.items() if ticket != known[id_]}
    store.tickets.save(tx, list(changed.values()))
    _relearn(tx, {id_: (known[id_], ticket) for id_, ticket in changed.items()})


def _of_own_center(ticket: KnownTicket, event: Any) -> KnownTicket:
    """The ticket that an event is about. Its registration says whose it is; what came before in another center's name
    is dropped, what comes after is refused. Raises NotYet, EventRejected.
    """
    if ticket.center == event.center:
        return ticket
    if ticket.number is not None:
        raise EventRejected("center: the ticket is another center's", [event])
    if isinstance(event, TicketRegistered):
        return KnownTicket(ticket.id, event.center)
    raise NotYet("it is not known yet whose ticket this is", [event])


def _relearn(tx: Transaction, changes: dict[UUID, tuple[KnownTicket, KnownTicket]]) -> None:
    gone: dict[str, dict[UUID, Case]] = defaultdict(dict)
    come: dict[str, dict[UUID, Case]] = defaultdict(dict)
    not_solved: list[UUID] = []
    for id_, (before, now) in changes.items():
        was, is_ = before.case, now.case
        if was is not None and was != is_:
            gone[before.center][id_] = was
        if was is not None and is_ is None:
            not_solved.append(id_)
        if is_ is not None and was != is_:
            come[now.center][id_] = is_
    store.typical_cases.take_back(tx, not_solved)
    for center in sorted({*gone, *come}):
        learning.forget(tx, center, gone[center])
        learning.learn(tx, center, come[center])
        metrics.count_changes(tx, len(come[center]), len(gone[center]))
