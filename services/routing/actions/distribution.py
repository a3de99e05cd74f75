"""Carrying out a decision about who handles a ticket, or handing the question to the duty leader.

The ticket's row is held by whoever calls.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from schemas.center.center import Center
from schemas.enums import ArbitrationReason, AssignmentState, DepartmentRole, TicketState
from schemas.events.notices import NoticeRequested
from schemas.events.tickets import ArbitrationRequested
from services.plumbing.database.transaction import Transaction, new_id
from services.routing import store
from services.routing.rules import announcements
from services.routing.rules.assignments import redistribute
from services.routing.rules.roster import duty_leader
from services.routing.rules.routing import Decision
from services.routing.rules.ticket import Assignment, Ticket
from services.routing.store.timeline import record_and_announce


def new_assignment(
    tx: Transaction, ticket: Ticket, department: str, role: DepartmentRole, *, final: bool
) -> Assignment:
    """A department's part in the ticket's present round, not stored yet."""
    return Assignment(new_id(), ticket.id, ticket.round, department, role, AssignmentState.MADE, final, tx.now)


def distribute(tx: Transaction, center: Center, ticket: Ticket, decision: Decision, *, final: bool = False) -> None:
    """Give the departments of ``decision`` their parts, take the others', tell whoever got one.

    ``final`` parts, those of the duty leader's decision, cannot be sent back.
    """
    change = redistribute(store.assignments.of_round(tx, ticket), decision.lead, decision.assisting)
    made = [new_assignment(tx, ticket, *part, final=final) for part in change.made]
    store.tickets.set_routed(tx, ticket, decision)
    store.assignments.set_replaced(tx, change.replaced)
    store.assignments.insert(tx, [(ticket, each) for each in made])
    if final:
        store.assignments.set_final(tx, change.kept)
    record_and_announce(
        tx,
        announcements.routed(ticket, decision, tx.now),
        *(announcements.replaced(ticket, each, tx.now) for each in change.replaced),
        *(announcements.made(ticket, each) for each in made),
    )
    tx.announce(*liaisons_notice(tx, center, ticket, (each.department for each in made)))


def liaisons_notice(
    tx: Transaction, center: Center, ticket: Ticket, departments: Iterable[str]
) -> tuple[NoticeRequested, ...]:
    """The request that the liaisons of these departments be told of their part; nothing when there are none."""
    liaisons = announcements.liaisons_of(center, departments)
    if not liaisons:
        return ()
    return (announcements.notice(ticket, new_id(), liaisons, announcements.ASSIGNED, tx.now),)


def put_on_docket(tx: Transaction, center: Center, ticket: Ticket, reason: ArbitrationReason) -> None:
    """Ask the duty leader to decide, unless the ticket lies before one already."""
    if store.arbitrations.open_arbitration(tx, ticket.id) is not None:
        return
    arbitration_id = new_id()
    store.arbitrations.insert_arbitrations(tx, [(arbitration_id, ticket, reason)])
    store.tickets.set_state(tx, ticket.id, TicketState.IN_ARBITRATION)
    record_and_announce(tx, arbitration_requested(tx, ticket, arbitration_id, reason))
    leader = leader_or_director(tx, center)
    tx.announce(announcements.notice(ticket, new_id(), [leader], announcements.DOCKETED, tx.now))


def arbitration_requested(
    tx: Transaction, ticket: Ticket, arbitration_id: UUID, reason: ArbitrationReason
) -> ArbitrationRequested:
    """The ticket lies on the docket."""
    return ArbitrationRequested(
        center=ticket.center,
        ticket_id=ticket.id,
        arbitration_id=arbitration_id,
        round=ticket.round,
        reason=reason,
        requested_at=tx.now,
    )


def leader_or_director(tx: Transaction, center: Center) -> str:
    """Who is told of the docket: the leader on duty; the director while nobody ever sits."""
    return duty_leader(center, tx.now) or center.director


def end_assignments(tx: Transaction, ticket: Ticket) -> None:
    """The ticket ended, or was answered: nobody has anything to do about it any more."""
    store.extensions.lapse(tx, ticket.id)
    replace_assignments(tx, ticket, [each for each in store.assignments.of_round(tx, ticket) if each.is_open])


def replace_assignments(tx: Transaction, ticket: Ticket, parts: Sequence[Assignment]) -> None:
    """These departments have no part any more."""
    if parts:
        store.assignments.set_replaced(tx, parts)
        record_and_announce(tx, *(announcements.replaced(ticket, each, tx.now) for each in parts))
