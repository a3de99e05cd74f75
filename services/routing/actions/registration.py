"""New tickets: who handles each is decided as soon as it is heard of, a whole batch in a handful of statements."""

from collections.abc import Collection, Sequence

from schemas.center.center import Center
from schemas.enums import ArbitrationReason, DepartmentRole, TicketState
from schemas.events.event import Event
from schemas.events.tickets import TicketRegistered
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.messaging.dispatcher import EventRejected, NotYet
from services.plumbing.security import centers
from services.routing import store
from services.routing.actions.distribution import (
    arbitration_requested,
    leader_or_director,
    liaisons_notice,
    new_assignment,
)
from services.routing.rules import announcements
from services.routing.rules.routing import Decision, choose, matter_of
from services.routing.rules.ticket import Ticket
from services.routing.store.timeline import record, record_and_announce

FOREIGN = "center: the ticket is another center's"


def register(tx: Transaction, events: Sequence[TicketRegistered]) -> None:
    """Store and route what is new; what no rule fits goes to the duty leader's docket."""
    by_code = centers_of(tx, events)
    once = {event.ticket_id: event for event in events}.values()
    decided = [(event, _choice(by_code[event.center], event)) for event in once]
    fresh = store.tickets.insert_registered(tx, decided)
    _ensure_same_center(tx, [event for event in once if event.ticket_id not in fresh])
    decided = [(event, decision) for event, decision in decided if event.ticket_id in fresh]
    store.search.note_new(tx, fresh)
    record(tx, (event for event, _decision in decided))
    _assign(tx, by_code, [(_ticket(event), decision) for event, decision in decided if decision])
    _put_on_docket(tx, by_code, [_ticket(event) for event, decision in decided if not decision])


def _ensure_same_center(tx: Transaction, known: Sequence[TicketRegistered]) -> None:
    """Raises EventRejected for those that were registered by another center before."""
    if known:
        centers_now = store.tickets.centers_of_tickets(tx, (event.ticket_id for event in known))
        if foreign := [event for event in known if event.center != centers_now[event.ticket_id]]:
            raise EventRejected(FOREIGN, foreign)


def centers_of(tx: Transaction, events: Collection[Event]) -> dict[str, Center]:
    """The current files of the centers that events come from. Raises NotYet when one has not been published."""
    known = {}
    for code in {event.center for event in events}:
        try:
            known[code] = centers.current(tx, code)
        except centers.UnknownCenter as error:
            raise NotYet(error.detail, [event for event in events if event.center == code]) from None
    return known


def _choice(center: Center, event: TicketRegistered) -> Decision | None:
    return choose(center, matter_of(event.title, event.text, event.matter, event.cause))


def _ticket(event: TicketRegistered) -> Ticket:
    return Ticket(
        id=event.ticket_id,
        center=event.center,
        number=event.number,
        title=event.title,
        text=event.text,
        matter=event.matter,
        cause=event.cause,
        first_responsible=event.first_responsible,
        state=TicketState.REGISTERED,
    )


def _assign(tx: Transaction, by_code: dict[str, Center], routed: Sequence[tuple[Ticket, Decision]]) -> None:
    made, said = [], []
    notices: list[Event] = []
    for ticket, decision in routed:
        roles = {decision.lead: DepartmentRole.LEAD} | dict.fromkeys(decision.assisting, DepartmentRole.ASSISTING)
        parts = [new_assignment(tx, ticket, *part, final=False) for part in roles.items()]
        made += [(ticket, part) for part in parts]
        said += [announcements.routed(ticket, decision, tx.now), *(announcements.made(ticket, each) for each in parts)]
        notices += liaisons_notice(tx, by_code[ticket.center], ticket, roles)
    store.assignments.insert(tx, made)
    record_and_announce(tx, *said)
    tx.announce(*notices)


def _put_on_docket(tx: Transaction, by_code: dict[str, Center], tickets: Sequence[Ticket]) -> None:
    if not tickets:
        return
    leaders = {code: leader_or_director(tx, center) for code, center in by_code.items()}
    arbitrations = [(new_id(), ticket, ArbitrationReason.NO_RULE) for ticket in tickets]
    store.arbitrations.insert_arbitrations(tx, arbitrations)
    record_and_announce(tx, *(arbitration_requested(tx, ticket, id_, reason) for id_, ticket, reason in arbitrations))
    for ticket in tickets:
        leader = leaders[ticket.center]
        tx.announce(announcements.notice(ticket, new_id(), [leader], announcements.DOCKETED, tx.now))
