"""Runs a rule over a batch of events: tickets read under a lock, decided one after the other, stored, announced."""

from collections.abc import Callable, Sequence
from typing import Any

from schemas.event import Event
from schemas.tickets import TicketRegistered
from services.deadline_watch import metrics, policies, rules, store
from services.deadline_watch.clocks import Decision, Policy, Ticket
from services.plumbing.handling import NotYet
from services.plumbing.transaction import Transaction

Rule = Callable[[Ticket, Any, Policy], Decision]


def admit(tx: Transaction, events: Sequence[TicketRegistered]) -> None:
    """Set the promise of every ticket that is new here. Raises NotYet."""
    before = store.admit(tx, events)
    new = {event.ticket_id: event for event in events if event.ticket_id in before}
    _decide(tx, list(new.values()), rules.registered, before)


def decide(tx: Transaction, events: Sequence[Event], rule: Rule) -> None:
    """Do what ``rule`` says of each event, in their order. Raises NotYet when the cause of one has not arrived."""
    _decide(tx, events, rule, store.lock(tx, (_ticket_of(event) for event in events)))


def _decide(tx: Transaction, events: Sequence[Event], rule: Rule, before: dict[Any, Ticket]) -> None:
    policy = {code: policies.current(tx, code) for code in sorted({event.center for event in events})}
    after = dict(before)
    early: list[Event] = []
    announced: list[Event] = []
    reason = ""
    for event in events:
        ticket = after.get(_ticket_of(event))
        try:
            if ticket is None:
                raise rules.TooEarly("the ticket is not known")
            after[ticket.ticket_id], said = rule(ticket, event, policy[event.center])
            announced += said
        except rules.TooEarly as error:
            reason = str(error)
            early.append(event)
    if early:
        raise NotYet(reason, early)
    tx.announce(*announced)
    metrics.count(announced)
    store.save(tx, before, after)


def _ticket_of(event: Any) -> Any:
    return event.ticket_id
