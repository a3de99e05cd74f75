"""Takes in what happened to tickets: their histories grow, their deadlines follow, and what differs is announced."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from schemas.events.event import Event
from schemas.events.tickets import TicketRegistered
from services.deadline_watch import metrics, store
from services.deadline_watch.actions import policies
from services.deadline_watch.rules.deadline import Deadline, Policy, Ticket, Transition
from services.deadline_watch.rules.differences import difference, never_set
from services.deadline_watch.rules.facts import Fact, fact_of, joined
from services.deadline_watch.rules.history import deadlines_of
from services.deadline_watch.store.deadlines import TicketRecord
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.failures import EventRejected, NotYet


class ForeignTicket(EventRejected):
    """An event speaks of a ticket of another center than its own."""


class Outcome(NamedTuple):
    """What became of a ticket: itself, those of its deadlines that changed, and what there is to announce."""

    stored: TicketRecord
    deadlines: tuple[Deadline, ...] = ()
    events: tuple[Event, ...] = ()


def register(tx: Transaction, events: Sequence[TicketRegistered]) -> None:
    """Set the promise of every ticket whose registration is news. Raises NotYet."""
    facts = _facts(tx, events)
    new = {event.ticket_id: _outcome(tx, _blank(event, event.number), facts[event.ticket_id]) for event in events}
    fresh = store.deadlines.insert(tx, {id_: outcome.stored for id_, outcome in new.items()})
    _keep(tx, [new[id_] for id_ in new if id_ in fresh], inserted=True)
    if others := [event for event in events if event.ticket_id not in fresh]:
        hear(tx, others)


def hear(tx: Transaction, events: Sequence[Any]) -> None:
    """Take in events that are facts, of known and unknown tickets. Raises NotYet, ForeignTicket."""
    facts = _facts(tx, events)
    known = store.deadlines.lock(tx, facts)
    if missing := {event.ticket_id: _blank(event) for event in events if event.ticket_id not in known}:
        store.deadlines.insert(tx, missing)
        known |= store.deadlines.lock(tx, missing)
    for event in events:
        known[event.ticket_id] = _own(known[event.ticket_id], event)
    _keep(tx, [_outcome(tx, known[id_], told) for id_, told in facts.items()])


def revise(tx: Transaction, ticket_ids: Iterable[UUID], change: Callable[[TicketRecord], TicketRecord]) -> int:
    """Change what is known of tickets without any event of theirs, such as the time; how many deadlines that changed.

    Tickets that another replica is at work on are left to it.
    """
    known = store.deadlines.lock(tx, ticket_ids, wait=False)
    outcomes = [_outcome(tx, change(stored), (), is_changed=True) for stored in known.values()]
    _keep(tx, outcomes)
    return sum(len(outcome.deadlines) for outcome in outcomes)


def _facts(tx: Transaction, events: Iterable[Any]) -> dict[UUID, list[Fact]]:
    versions = {code: policies.current(tx, code).version for code in sorted({event.center for event in events})}
    facts: dict[UUID, list[Fact]] = {}
    for event in events:
        facts.setdefault(event.ticket_id, []).append(fact_of(event, tx.id_of(event), versions[event.center]))
    return facts


def _blank(event: Any, number: str | None = None) -> TicketRecord:
    return TicketRecord(Ticket(ticket_id=event.ticket_id, center=event.center), number)


def _own(stored: TicketRecord, event: Any) -> TicketRecord:
    """The ticket that an event is about. Its registration says whose it is: what another center said of it before is
    forgotten, what another center says of it afterwards is refused. Raises NotYet, ForeignTicket.
    """
    is_same = stored.ticket.center == event.center
    if isinstance(event, TicketRegistered) and stored.number is None:
        return stored._replace(number=event.number) if is_same else _without_foreign(stored, event)
    if is_same:
        return stored
    if stored.number is None:
        raise NotYet("it is not known yet whose ticket this is", [event])
    raise ForeignTicket("this is the ticket of another center", [event])


def _without_foreign(stored: TicketRecord, event: TicketRegistered) -> TicketRecord:
    """A ticket of whose facts none holds. Its deadlines stay until the history, which does not know them, ends them."""
    blank = _blank(event, event.number)
    return blank._replace(ticket=replace(blank.ticket, deadlines=stored.ticket.deadlines))


def _outcome(tx: Transaction, stored: TicketRecord, told: Sequence[Fact], *, is_changed: bool = False) -> Outcome:
    """What ``told`` makes of a ticket; nothing, unless ``is_changed``, where all of it was known."""
    facts = joined(stored.facts, told)
    if len(facts) == len(stored.facts) and not is_changed:
        return Outcome(stored)
    policy = _policies(tx, stored.ticket)
    after, transitions = deadlines_of(stored.ticket, facts, policy, stored.until)
    rows = {deadline.id: deadline for deadline in stored.ticket.deadlines}
    by_deadline = _by_deadline(transitions)
    deadlines = _in_order(after, by_deadline)
    differences = [difference(rows.get(id_), deadline, by_deadline[id_]) for id_, deadline in deadlines.items()]
    differences += [never_set(row) for id_, row in rows.items() if id_ not in deadlines]
    return Outcome(
        stored._replace(ticket=after, facts=facts),
        tuple(each.deadline for each in differences if each.deadline != rows.get(each.deadline.id)),
        tuple(event for each in differences for event in each.events),
    )


def _policies(tx: Transaction, ticket: Ticket) -> Callable[[int], Policy]:
    """The versions of a ticket's center file. Raises NotYet where a deadline was counted by a newer calendar than the
    one that this process has: another replica is to take the event.
    """
    newest = policies.current(tx, ticket.center)
    for deadline in ticket.deadlines:
        if deadline.provisional and policies.is_newer(deadline.calendar_version, newest.calendar.version):
            raise NotYet("a newer calendar than the one here has counted this")
    return newest.earlier


def _by_deadline(transitions: Iterable[Transition]) -> dict[UUID, list[Transition]]:
    """Each deadline's transitions, the deadline with the latest transition last."""
    found: dict[UUID, list[Transition]] = {}
    for transition in transitions:
        found[transition.deadline.id] = [*found.pop(transition.deadline.id, []), transition]
    return found


def _in_order(ticket: Ticket, by_deadline: Mapping[UUID, list[Transition]]) -> dict[UUID, Deadline]:
    deadlines = {deadline.id: deadline for deadline in ticket.deadlines}
    return {id_: deadlines[id_] for id_ in by_deadline}


def _keep(tx: Transaction, outcomes: Sequence[Outcome], *, inserted: bool = False) -> None:
    announced = [event for outcome in outcomes for event in outcome.events]
    tx.announce(*announced)
    metrics.count(announced)
    store.deadlines.save(
        tx,
        [] if inserted else [outcome.stored for outcome in outcomes],
        [deadline for outcome in outcomes for deadline in outcome.deadlines],
    )
