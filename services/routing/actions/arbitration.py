"""What the duty leader decides: who handles a ticket, and whether it is complex."""

from uuid import UUID

from schemas.errors import Conflict
from schemas.events.tickets import ArbitrationDecided, TicketReclassified
from schemas.requests.docket import Arbitrate
from services.calendar.calendar import work_calendar
from services.plumbing.http.group_commit import Call
from services.plumbing.security import centers
from services.routing import store
from services.routing.actions.distribution import distribute
from services.routing.rules.promises import ensure_may_reclassify
from services.routing.rules.routing import by_leader
from services.routing.store.timeline import record_and_announce


def arbitrate(call: Call, ticket_id: UUID) -> None:
    """The duty leader decides who handles the ticket; nobody can send it back after that."""
    tx = call.tx
    center = centers.current(tx, call.actor.center)
    ticket = store.tickets.held_for(tx, ticket_id, center.code)
    arbitration_id = store.arbitrations.open_arbitration(tx, ticket.id)
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
    store.arbitrations.end_arbitration(tx, ticket.id, by=call.actor.staff, why=body.why)
    distribute(tx, center, ticket, decision, final=True)
    record_and_announce(
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
    ticket = store.tickets.held_for(tx, ticket_id, center.code)
    calendar = work_calendar(center.calendar)
    ensure_may_reclassify(ticket, call.body.complexity, store.deadlines.promise_of(tx, ticket), calendar, tx.now)
    store.tickets.set_complexity(tx, ticket.id, call.body.complexity)
    record_and_announce(
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
