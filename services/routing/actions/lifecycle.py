"""What routing does about what intake announces of a ticket later on. Everything may be heard twice, or late."""

from collections.abc import Sequence
from datetime import datetime

from schemas.enums import ArbitrationReason, TicketState
from schemas.events.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    TicketDeclined,
    TicketRated,
    TicketReopened,
    TicketWithdrawn,
)
from services.plumbing.database.transaction import Transaction
from services.plumbing.messaging.dispatcher import EventRejected, NotYet
from services.routing import store
from services.routing.actions.distribution import distribute, end_assignments, put_on_docket
from services.routing.actions.registration import FOREIGN, centers_of
from services.routing.rules.routing import Decision
from services.routing.rules.ticket import Ticket
from services.routing.store.timeline import record

_ENDED = (TicketState.CLOSED, TicketState.DECLINED, TicketState.WITHDRAWN)


_OfATicket = TicketDeclined | TicketWithdrawn | MaterialsRequested | MaterialsSupplied | TicketReopened


def _known(tx: Transaction, event: _OfATicket) -> Ticket:
    """The ticket, held. Raises NotYet, or EventRejected."""
    ticket = store.tickets.hold(tx, event.ticket_id)
    if ticket is None:
        raise NotYet("the ticket has not been heard of")
    if ticket.center != event.center:
        raise EventRejected(FOREIGN)
    return ticket


def end(tx: Transaction, event: TicketDeclined | TicketWithdrawn) -> None:
    """The ticket was declined or withdrawn: nobody has anything to do about it any more. What had ended stays so."""
    ticket = _known(tx, event)
    if isinstance(event, TicketWithdrawn) and event.round > ticket.round:
        raise NotYet("the round in which it was withdrawn has not been heard of")
    if ticket.state in _ENDED:
        return
    record(tx, [event])
    end_assignments(tx, ticket)
    store.arbitrations.end_arbitration(tx, ticket.id)
    if isinstance(event, TicketDeclined):
        store.tickets.set_ended(tx, ticket.id, TicketState.DECLINED, event.declined_at)
    else:
        store.tickets.set_ended(tx, ticket.id, TicketState.WITHDRAWN, event.withdrawn_at)


def await_materials(tx: Transaction, event: MaterialsRequested) -> None:
    """The applicant must bring papers first."""
    _set_awaiting(tx, event, True, event.requested_at)


def receive_materials(tx: Transaction, event: MaterialsSupplied) -> None:
    """The papers are there."""
    _set_awaiting(tx, event, False, event.supplied_at)


def _set_awaiting(tx: Transaction, event: MaterialsRequested | MaterialsSupplied, awaiting: bool, at: datetime) -> None:
    ticket = _known(tx, event)
    store.tickets.set_awaiting(tx, ticket.id, awaiting, at)
    record(tx, [event])


def note_ratings(tx: Transaction, events: Sequence[TicketRated]) -> None:
    """What citizens thought of it stands in the timeline; a bad rating comes back as a new round."""
    centers = store.tickets.centers_of_tickets(tx, (event.ticket_id for event in events))
    if early := [event for event in events if event.ticket_id not in centers]:
        raise NotYet("the ticket has not been heard of", early)
    if foreign := [event for event in events if event.center != centers[event.ticket_id]]:
        raise EventRejected(FOREIGN, foreign)
    record(tx, events)


def reopen(tx: Transaction, event: TicketReopened) -> None:
    """A new round: the same departments get the ticket again, and may send it back again."""
    ticket = _known(tx, event)
    if event.round <= ticket.round or ticket.state in (TicketState.DECLINED, TicketState.WITHDRAWN):
        return
    if event.round > ticket.round + 1:
        raise NotYet("the round before has not been heard of")
    center = centers_of(tx, [event])[event.center]
    end_assignments(tx, ticket)
    store.arbitrations.end_arbitration(tx, ticket.id)
    record(tx, [event])
    store.tickets.begin_round(tx, ticket.id, event.round, event.reopened_at)
    again = ticket._replace(round=event.round)
    if ticket.lead is None or ticket.complexity is None or ticket.lead not in center.departments:
        put_on_docket(
            tx, center, again, ArbitrationReason.DEPARTMENT_GONE if ticket.lead else ArbitrationReason.NO_RULE
        )
        return
    assisting = tuple(department for department in ticket.assisting if department in center.departments)
    distribute(tx, center, again, Decision(ticket.lead, assisting, ticket.complexity, "reopened after a bad rating"))
