"""A ticket from registration to end: what intake announces of it, which may arrive twice or late, and its closing.

Who handles a new ticket is decided as soon as it arrives, a whole batch in a handful of statements.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from schemas.center.center import Center
from schemas.center.rules import matter_of
from schemas.enums import TicketState
from schemas.events.event import Event
from schemas.events.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    TicketClosed,
    TicketDeclined,
    TicketRated,
    TicketRegistered,
    TicketReopened,
    TicketWithdrawn,
)
from schemas.reasons import ArbitrationReason, RoutingReason
from services.access import centers
from services.plumbing.database.transaction import Transaction
from services.plumbing.http.group_commit import Call
from services.plumbing.messaging.failures import EventRejected, NotYet
from services.routing import store
from services.routing.actions.distribution import assign, distribute, end_assignments, put_on_docket
from services.routing.rules.assignments import ensure_may_close, redistribute
from services.routing.rules.routing import RoutingDecision, choose
from services.routing.rules.ticket import Ticket
from services.routing.store.timeline import record, record_and_announce

_FOREIGN = "center: the ticket is another center's"
_UNKNOWN = "the ticket is not known yet"
ENDED = (TicketState.CLOSED, TicketState.DECLINED, TicketState.WITHDRAWN)


def centers_of(tx: Transaction, events: Collection[Event]) -> dict[str, Center]:
    """The current files of the centers that events come from. Raises NotYet when one has not been published."""
    known = {}
    for code in {event.center for event in events}:
        try:
            known[code] = centers.current(tx, code)
        except centers.UnknownCenter as error:
            raise NotYet(error.detail, [event for event in events if event.center == code]) from None
    return known


def register(tx: Transaction, events: Sequence[TicketRegistered]) -> None:
    """Store and route new tickets; what no rule fits goes to the duty leader's docket.

    Raises EventRejected for those that were registered by another center before.
    """
    by_code = centers_of(tx, events)
    unique = {event.ticket_id: event for event in events}.values()
    decided = [
        (event, choose(by_code[event.center], matter_of(event.title, event.text, event.matter, event.cause)))
        for event in unique
    ]
    new = store.tickets.insert_registered(tx, decided)
    if known := [event for event in unique if event.ticket_id not in new]:
        _ensure_same_center(tx, known)
    decided = [(event, decision) for event, decision in decided if event.ticket_id in new]
    store.lists.note_new(tx, new)
    record(tx, (event for event, _decision in decided))
    assign(
        tx,
        by_code,
        [
            (_ticket(event), decision, redistribute((), decision.lead, decision.assisting))
            for event, decision in decided
            if decision
        ],
    )
    put_on_docket(
        tx,
        by_code,
        [_ticket(event, TicketState.IN_ARBITRATION) for event, decision in decided if not decision],
        ArbitrationReason.NO_RULE,
    )


def _ticket(event: TicketRegistered, state: TicketState = TicketState.ASSIGNED) -> Ticket:
    return Ticket(
        id=event.ticket_id,
        center=event.center,
        number=event.number,
        title=event.title,
        text=event.text,
        matter=event.matter,
        cause=event.cause,
        first_responsible=event.first_responsible,
        state=state,
    )


def _ensure_same_center(tx: Transaction, events: Sequence[TicketRegistered | TicketRated]) -> None:
    """Raises NotYet of unknown tickets, EventRejected of those of another center than the event's."""
    known = store.tickets.centers_of_tickets(tx, (event.ticket_id for event in events))
    if early := [event for event in events if event.ticket_id not in known]:
        raise NotYet(_UNKNOWN, early)
    if foreign := [event for event in events if event.center != known[event.ticket_id]]:
        raise EventRejected(_FOREIGN, foreign)


def lock(tx: Transaction, event: Any) -> Ticket:
    """The ticket that an event is about, locked. Raises NotYet, or EventRejected."""
    ticket = store.tickets.lock_if_known(tx, event.ticket_id)
    if ticket is None:
        raise NotYet(_UNKNOWN)
    if ticket.center != event.center:
        raise EventRejected(_FOREIGN)
    return ticket


def end(tx: Transaction, event: TicketDeclined | TicketWithdrawn) -> None:
    """The ticket was declined or withdrawn: no department has to do anything any more. What had ended stays so."""
    ticket = lock(tx, event)
    if isinstance(event, TicketWithdrawn) and event.round > ticket.round:
        raise NotYet("the round in which it was withdrawn is not known yet")
    if ticket.state in ENDED:
        return
    record(tx, [event])
    end_assignments(tx, ticket)
    store.docket.end_arbitration(tx, ticket.id)
    if isinstance(event, TicketDeclined):
        store.tickets.update(tx, ticket.id, state=TicketState.DECLINED, ended_at=event.declined_at)
    else:
        store.tickets.update(tx, ticket.id, state=TicketState.WITHDRAWN, ended_at=event.withdrawn_at)


def note_materials(tx: Transaction, event: MaterialsRequested | MaterialsSupplied) -> None:
    """The applicant must bring papers first, or has brought them."""
    ticket = lock(tx, event)
    if isinstance(event, MaterialsRequested):
        store.tickets.set_awaiting(tx, ticket.id, True, event.requested_at)
    else:
        store.tickets.set_awaiting(tx, ticket.id, False, event.supplied_at)
    record(tx, [event])


def note_ratings(tx: Transaction, events: Sequence[TicketRated]) -> None:
    """What citizens thought of it stands in the timeline; a bad rating comes back as a new round."""
    _ensure_same_center(tx, events)
    record(tx, events)


def reopen(tx: Transaction, event: TicketReopened) -> None:
    """A new round: the same departments get the ticket again, and may return it again."""
    ticket = lock(tx, event)
    if event.round <= ticket.round or ticket.state in (TicketState.DECLINED, TicketState.WITHDRAWN):
        return
    if event.round > ticket.round + 1:
        raise NotYet("the round before is not known yet")
    by_code = centers_of(tx, [event])
    center = by_code[event.center]
    end_assignments(tx, ticket)
    store.docket.end_arbitration(tx, ticket.id)
    record(tx, [event])
    store.tickets.begin_round(tx, ticket.id, event.round, event.reopened_at)
    again = ticket._replace(round=event.round)
    if ticket.lead is None or ticket.complexity is None or ticket.lead not in center.departments:
        reason = ArbitrationReason.DEPARTMENT_GONE if ticket.lead else ArbitrationReason.NO_RULE
        put_on_docket(tx, by_code, [again], reason)
        return
    assisting = tuple(department for department in ticket.assisting if department in center.departments)
    distribute(tx, center, again, RoutingDecision(ticket.lead, assisting, ticket.complexity, RoutingReason.REOPENED))


def close(call: Call, ticket_id: UUID) -> None:
    """The ticket ends, with its outcome."""
    ticket = store.tickets.lock(call.tx, ticket_id, call.actor.center)
    ensure_may_close(ticket)
    now, outcome = call.tx.now, call.body.outcome
    store.tickets.update(call.tx, ticket.id, state=TicketState.CLOSED, outcome=outcome, closed_at=now)
    record_and_announce(
        call.tx,
        TicketClosed(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            outcome=outcome,
            closed_by=call.actor.staff,
            closed_at=now,
        ),
    )
