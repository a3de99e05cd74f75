"""Takes in what has happened to tickets: their histories grow, their clocks follow, and what differs is announced."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from schemas.event import Event
from schemas.tickets import TicketRegistered
from services.deadline_watch import metrics, policies, store
from services.deadline_watch.announcements import difference, never_set
from services.deadline_watch.clocks import Clock, Policy, Ticket, Transition
from services.deadline_watch.facts import Fact, fact_of, joined
from services.deadline_watch.history import clocks_of
from services.deadline_watch.store import Stored
from services.plumbing.handling import EventRejected, NotYet
from services.plumbing.transaction import Transaction


class ForeignTicket(EventRejected):
    """An event speaks of a ticket of another center than its own."""


class Outcome(NamedTuple):
    """What became of a ticket: itself, those of its clocks that changed, and what there is to announce."""

    stored: Stored
    clocks: tuple[Clock, ...] = ()
    events: tuple[Event, ...] = ()


def register(tx: Transaction, events: Sequence[TicketRegistered]) -> None:
    """Set the promise of every ticket whose registration is news. Raises NotYet."""
    facts = _facts(tx, events)
    new = {event.ticket_id: _outcome(tx, _blank(event, event.number), facts[event.ticket_id]) for event in events}
    fresh = store.insert(tx, {id_: outcome.stored for id_, outcome in new.items()})
    _keep(tx, [new[id_] for id_ in new if id_ in fresh], inserted=True)
    if others := [event for event in events if event.ticket_id not in fresh]:
        hear(tx, others)


def hear(tx: Transaction, events: Sequence[Any]) -> None:
    """Take in events that are facts, of known and unknown tickets. Raises NotYet, ForeignTicket."""
    facts = _facts(tx, events)
    known = store.lock(tx, facts)
    if missing := {event.ticket_id: _blank(event) for event in events if event.ticket_id not in known}:
        store.insert(tx, missing)
        known |= store.lock(tx, missing)
    for event in events:
        known[event.ticket_id] = _own(known[event.ticket_id], event)
    _keep(tx, [_outcome(tx, known[id_], told) for id_, told in facts.items()])


def revise(tx: Transaction, ticket_ids: Iterable[UUID], change: Callable[[Stored], Stored]) -> int:
    """Change what is known of tickets without any event of theirs, such as the time; how many clocks that changed.

    Tickets that another replica is at work on are left to it.
    """
    known = store.lock(tx, ticket_ids, wait=False)
    outcomes = [_outcome(tx, change(stored), (), is_changed=True) for stored in known.values()]
    _keep(tx, outcomes)
    return sum(len(outcome.clocks) for outcome in outcomes)


def _facts(tx: Transaction, events: Iterable[Any]) -> dict[UUID, list[Fact]]:
    versions = {code: policies.current(tx, code).version for code in sorted({event.center for event in events})}
    facts: dict[UUID, list[Fact]] = {}
    for event in events:
        facts.setdefault(event.ticket_id, []).append(fact_of(event, tx.id_of(event), versions[event.center]))
    return facts


def _blank(event: Any, number: str | None = None) -> Stored:
    return Stored(Ticket(ticket_id=event.ticket_id, center=event.center), number)


def _own(stored: Stored, event: Any) -> Stored:
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


def _without_foreign(stored: Stored, event: TicketRegistered) -> Stored:
    """A ticket of whose facts none holds. Its clocks stay until the history, which does not know them, ends them."""
    blank = _blank(event, event.number)
    return blank._replace(ticket=replace(blank.ticket, clocks=stored.ticket.clocks))


def _outcome(tx: Transaction, stored: Stored, told: Sequence[Fact], *, is_changed: bool = False) -> Outcome:
    """What ``told`` makes of a ticket; nothing, unless ``is_changed``, where all of it was known."""
    facts = joined(stored.facts, told)
    if len(facts) == len(stored.facts) and not is_changed:
        return Outcome(stored)
    policy = _policies(tx, stored.ticket)
    after, transitions = clocks_of(stored.ticket, facts, policy, stored.until)
    rows = {clock.id: clock for clock in stored.ticket.clocks}
    by_clock = _by_clock(transitions)
    clocks = _in_order(after, by_clock)
    differences = [difference(rows.get(id_), clock, by_clock[id_]) for id_, clock in clocks.items()]
    differences += [never_set(row) for id_, row in rows.items() if id_ not in clocks]
    return Outcome(
        stored._replace(ticket=after, facts=facts),
        tuple(each.clock for each in differences if each.clock != rows.get(each.clock.id)),
        tuple(event for each in differences for event in each.events),
    )


def _policies(tx: Transaction, ticket: Ticket) -> Callable[[int], Policy]:
    """The versions of a ticket's center file. Raises NotYet where a clock was counted by a newer calendar than the one
    that this process has: another replica is to take the event.
    """
    newest = policies.current(tx, ticket.center)
    for clock in ticket.clocks:
        if clock.provisional and policies.is_newer(clock.calendar_version, newest.calendar.version):
            raise NotYet("a newer calendar than the one here has counted this")
    return newest.earlier


def _by_clock(transitions: Iterable[Transition]) -> dict[UUID, list[Transition]]:
    """Each clock's transitions, the clock with the latest transition last."""
    found: dict[UUID, list[Transition]] = {}
    for transition in transitions:
        found[transition.clock.id] = [*found.pop(transition.clock.id, []), transition]
    return found


def _in_order(ticket: Ticket, by_clock: Mapping[UUID, list[Transition]]) -> dict[UUID, Clock]:
    clocks = {clock.id: clock for clock in ticket.clocks}
    return {id_: clocks[id_] for id_ in by_clock}


def _keep(tx: Transaction, outcomes: Sequence[Outcome], *, inserted: bool = False) -> None:
    announced = [event for outcome in outcomes for event in outcome.events]
    tx.announce(*announced)
    metrics.count(announced)
    store.save(
        tx,
        [] if inserted else [outcome.stored for outcome in outcomes],
        [clock for outcome in outcomes for clock in outcome.clocks],
    )
