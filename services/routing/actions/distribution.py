"""Who handles tickets: carrying out what a rule or the duty leader decided, and the docket of what is undecided.

The tickets' rows are locked by whoever calls, unless it says otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from schemas.center.center import Center
from schemas.enums import AssignmentState, TicketState
from schemas.errors import Conflict
from schemas.events.decisions import ArbitrationDecided, ArbitrationRequested
from schemas.events.event import Event
from schemas.reasons import ArbitrationReason
from schemas.requests.docket import Arbitrate
from services.access import centers
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.http.group_commit import Call
from services.routing import duty, store
from services.routing.rules import events
from services.routing.rules.assignments import Redistribution, redistribute
from services.routing.rules.routing import RoutingDecision, by_leader
from services.routing.rules.ticket import Assignment, Ticket
from services.routing.store.timeline import record_and_announce

GONE_BATCH = 100
"""How many tickets of departments that are gone are moved in one transaction."""


def distribute(
    tx: Transaction, center: Center, ticket: Ticket, decision: RoutingDecision, *, final: bool = False
) -> None:
    """Give the departments of ``decision`` their assignments and take the others' away.

    ``final`` assignments, those of the duty leader's decision, cannot be returned.
    """
    change = redistribute(store.assignments.of_round(tx, ticket), decision.lead, decision.assisting)
    store.tickets.set_routed(tx, ticket, decision)
    store.assignments.set_replaced(tx, change.replaced)
    if final:
        store.assignments.set_final(tx, change.kept)
    assign(tx, {center.code: center}, [(ticket, decision, change)], final=final)


def assign(
    tx: Transaction,
    by_code: Mapping[str, Center],
    decided: Iterable[tuple[Ticket, RoutingDecision, Redistribution]],
    *,
    final: bool = False,
) -> None:
    """Store and announce new assignments of any number of tickets, and ask that the liaisons be notified."""
    made: list[tuple[Ticket, Assignment]] = []
    changes: list[Event] = []
    notices: list[Event] = []
    for ticket, decision, change in decided:
        new = [
            Assignment(new_id(), ticket.id, ticket.round, department, role, AssignmentState.MADE, final, tx.now)
            for department, role in change.made
        ]
        made += [(ticket, each) for each in new]
        changes.append(events.routed(ticket, decision, tx.now))
        changes += [events.replaced(ticket, each, tx.now) for each in change.replaced]
        changes += [events.made(ticket, each) for each in new]
        known = (by_code[ticket.center].departments.get(each.department) for each in new)
        if liaisons := [liaison for department in known if department for liaison in department.liaisons]:
            notices.append(events.notice(ticket, new_id(), liaisons, events.ASSIGNED, tx.now))
    store.assignments.insert(tx, made)
    record_and_announce(tx, *changes)
    tx.announce(*notices)


def end_assignments(tx: Transaction, ticket: Ticket) -> None:
    """The ticket ended, or was answered: no department has anything to do about it any more."""
    store.docket.end_open_extension(tx, ticket.id)
    replace_assignments(tx, ticket, [each for each in store.assignments.of_round(tx, ticket) if each.is_open])


def replace_assignments(tx: Transaction, ticket: Ticket, assignments: Sequence[Assignment]) -> None:
    """These departments are no longer asked."""
    if assignments:
        store.assignments.set_replaced(tx, assignments)
        record_and_announce(tx, *(events.replaced(ticket, each, tx.now) for each in assignments))


def put_on_docket(
    tx: Transaction, by_code: Mapping[str, Center], tickets: Sequence[Ticket], reason: ArbitrationReason
) -> None:
    """Ask the duty leader to decide about these locked tickets, but for those that wait for a decision already."""
    if not tickets:
        return
    arbitrations = [(new_id(), ticket, reason) for ticket in tickets]
    new = store.docket.insert_arbitrations(tx, arbitrations)
    arbitrations = [each for each in arbitrations if each[1].id in new]
    for _id, ticket, _reason in arbitrations:
        if ticket.state != TicketState.IN_ARBITRATION:
            store.tickets.update(tx, ticket.id, state=TicketState.IN_ARBITRATION)
    requested = [
        ArbitrationRequested(
            center=ticket.center,
            ticket_id=ticket.id,
            arbitration_id=arbitration_id,
            round=ticket.round,
            reason=reason,
            requested_at=tx.now,
        )
        for arbitration_id, ticket, reason in arbitrations
    ]
    record_and_announce(tx, *requested)
    leaders = {code: leader_or_director(tx, by_code[code]) for code in {ticket.center for ticket in tickets}}
    tx.announce(
        *(
            events.notice(ticket, new_id(), [leaders[ticket.center]], events.DOCKETED, tx.now)
            for _id, ticket, _reason in arbitrations
        )
    )


def leader_or_director(tx: Transaction, center: Center) -> str:
    """Who is notified of what waits for a leader: the one on duty; the director while nobody ever sits."""
    return duty.duty_leader(tx, center) or center.director


def arbitrate(call: Call, ticket_id: UUID) -> None:
    """The duty leader decides who handles the ticket; no department can return it after that."""
    tx = call.tx
    center = centers.current(tx, call.actor.center)
    ticket = store.tickets.lock(tx, ticket_id, center.code)
    arbitration_id = store.docket.open_arbitration(tx, ticket.id)
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
    store.docket.end_arbitration(tx, ticket.id, by=call.actor.staff, why=body.why)
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


def move_gone_departments_to_docket(tx: Transaction) -> int:
    """Move a batch of open tickets of departments that the newest center file leaves out; how many were moved.

    Nobody could sign for them or answer them any more. Looked for from time to time and not when the file is published,
    since a replica that went by the version before may route a ticket there a moment later. What another replica has
    locked is left to it. The departments that are left keep their assignments until the leader has decided.
    """
    in_use: dict[str, set[str]] = defaultdict(set)
    for code, department in store.assignments.departments_at_work(tx):
        in_use[code].add(department)
    moved = 0
    for code, departments in in_use.items():
        # Read after the departments, and not from this process's cache: whoever got a ticket is in this version.
        version = centers.newest_version(tx, code)
        if version == 0:
            continue
        center = centers.at_version(tx, code, version)
        gone = departments - center.departments.keys()
        tickets = store.tickets.lock_with_departments(tx, code, gone, limit=GONE_BATCH) if gone else []
        for ticket in tickets:
            assignments = store.assignments.of_round(tx, ticket)
            replace_assignments(tx, ticket, [each for each in assignments if each.is_open and each.department in gone])
        assigned = [ticket for ticket in tickets if ticket.is_assigned]
        put_on_docket(tx, {code: center}, assigned, ArbitrationReason.DEPARTMENT_GONE)
        moved += len(tickets)
    return moved
