"""What the duty leader decides: who handles a ticket, whether it is complex, whether there is more time."""

from uuid import UUID

from schemas.docket_requests import Arbitrate
from schemas.refusals import Conflict, Invalid
from schemas.routing_requests import GrantExtension
from schemas.tickets import ArbitrationDecided, ExtensionGranted, TicketReclassified
from services.calendar import work_calendar
from services.plumbing import centers
from services.plumbing.http_company import Call
from services.routing import store, store_clocks, store_leader
from services.routing.distribution import distribute
from services.routing.progress import must_be_open
from services.routing.promises import may_extend, may_reclassify
from services.routing.rules import by_leader
from services.routing.store_timeline import tell


def arbitrate(call: Call, ticket_id: UUID) -> None:
    """The duty leader decides who handles the ticket; nobody can send it back after that."""
    tx = call.tx
    ticket = store.held_for(tx, ticket_id, call.actor.center)
    arbitration_id = store_leader.open_arbitration(tx, ticket.id)
    if arbitration_id is None:
        raise Conflict("this ticket does not lie on the docket")
    center = centers.current(tx, ticket.center)
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
    ticket = store.held_for(tx, ticket_id, call.actor.center)
    calendar = work_calendar(centers.current(tx, ticket.center).calendar)
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


def extend(call: Call, ticket_id: UUID) -> None:
    """More time, asked for in time; deadline_watch moves the promise."""
    tx = call.tx
    ticket = store.held_for(tx, ticket_id, call.actor.center)
    must_be_open(ticket)
    center = centers.current(tx, ticket.center)
    body: GrantExtension = call.body
    if body.approved_by is not None and body.approved_by not in center.staff:
        raise Invalid("approved_by", "No such member of staff.")
    may_extend(
        center.extension,
        work_calendar(center.calendar),
        store_clocks.promise_of(tx, ticket),
        working_days=body.working_days,
        granted=store_leader.extensions_granted(tx, ticket),
        now=tx.now,
    )
    granted = ExtensionGranted(
        center=ticket.center,
        ticket_id=ticket.id,
        round=ticket.round,
        working_days=body.working_days,
        reason=body.reason,
        legal_basis=body.legal_basis,
        approved_by=body.approved_by or call.actor.staff,
        granted_at=tx.now,
    )
    store_leader.insert_extension(tx, granted)
    tell(tx, granted)
