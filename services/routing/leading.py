"""What the duty leader decides: who handles a ticket, and whether it is complex."""

from uuid import UUID

from schemas.docket_requests import Arbitrate
from schemas.refusals import Conflict
from schemas.tickets import ArbitrationDecided, TicketReclassified
from services.calendar import work_calendar
from services.plumbing import centers
from services.plumbing.http_company import Call
from services.routing import store, store_clocks, store_leader
from services.routing.distribution import distribute
from services.routing.promises import may_reclassify
from services.routing.rules import by_leader
from services.routing.store_timeline import tell


def arbitrate(call: Call, ticket_id: UUID) -> None:
    """The duty leader decides who handles the ticket; nobody can send it back after that."""
    tx = call.tx
    center = centers.current(tx, call.actor.center)
    ticket = store.held_for(tx, ticket_id, center.code)
    arbitration_id = store_leader.open_arbitration(tx, ticket.id)
    if arbitration_id is None:
        raise Conflict("this ticket does not lie on the docket")
    body: Arbitrate = call.body
    decision = by_leader(
        center,
        ticket,
        lead=body.lead,
        assisting=body.assisting,
        complexity=body.complexity,
        why=body.why,
        leader=call.actor.staff,
    )
    store_leader.end_arbitration(tx, ticket.id, by=call.actor.staff, why=body.why)
    distribute(tx, center, ticket, decision, final=True)
    tell(
        tx,
        ArbitrationDecided(
            center=ticket.center,
            ticket_id=ticket.id,
            arbitration_id=arbitration_id,
            round=ticket.round,
            decided_by=call.actor.staff,
            decided_at=tx.now,
        ),
    )


def reclassify(call: Call, ticket_id: UUID) -> None:
    """An ordinary ticket turns out to be complex; the time that has passed counts."""
    tx = call.tx
    center = centers.current(tx, call.actor.center)
    ticket = store.held_for(tx, ticket_id, center.code)
    calendar = work_calendar(center.calendar)
    may_reclassify(ticket, call.body.complexity, store_clocks.promise_of(tx, ticket), calendar, tx.now)
    store.set_complexity(tx, ticket.id, call.body.complexity)
    tell(
        tx,
        TicketReclassified(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            complexity=call.body.complexity,
            why=call.body.why,
            reclassified_by=call.actor.staff,
            reclassified_at=tx.now,
        ),
    )
