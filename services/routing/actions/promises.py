"""What changes the promise to the citizen: a ticket turns out to be complex, or more time is granted.

The lead department asks for more time, a leader grants or refuses it with a token of the leader's own. What a leader
posts is granted at once. A grant counts while the promise still runs: the citizen must learn of the new date before the
old one has passed.
"""

from uuid import UUID

from schemas.center.center import Center
from schemas.enums import ExtensionState, Role
from schemas.errors import Conflict
from schemas.events.decisions import ExtensionGranted, ExtensionRefused, ExtensionRequested
from schemas.events.tickets import TicketReclassified
from schemas.requests.routing import GrantExtension
from services.access import centers
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.http.group_commit import Call
from services.routing import store
from services.routing.actions.departments import ensure_of_lead
from services.routing.actions.distribution import leader_or_director
from services.routing.rules import events
from services.routing.rules.assignments import ensure_open
from services.routing.rules.deadlines import ensure_may_extend, ensure_may_reclassify
from services.routing.rules.ticket import Extension, Ticket
from services.routing.store.timeline import record_and_announce


def reclassify(call: Call, ticket_id: UUID) -> None:
    """An ordinary ticket turns out to be complex; the time that has passed counts."""
    tx, complexity = call.tx, call.body.complexity
    center = centers.current(tx, call.actor.center)
    ticket = store.tickets.lock(tx, ticket_id, center.code)
    promise = store.deadlines.promise_of(tx, ticket)
    ensure_may_reclassify(ticket, complexity, promise, work_calendar(center.calendar), tx.now)
    store.tickets.update(tx, ticket.id, complexity=complexity, complex_since=tx.now)
    record_and_announce(
        tx,
        TicketReclassified(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            complexity=complexity,
            why=call.body.why,
            reclassified_by=call.actor.staff,
            reclassified_at=tx.now,
        ),
    )


def extend(call: Call, ticket_id: UUID) -> None:
    """More time, asked for in time: granted at once when a leader says so, else a request for a leader to decide."""
    tx, actor = call.tx, call.actor
    ticket = store.tickets.lock(tx, ticket_id, actor.center)
    center = centers.current(tx, ticket.center)
    is_leader = actor.has(Role.DUTY_LEADER, Role.DIRECTOR)
    if not is_leader:
        ensure_of_lead(call, ticket, store.assignments.of_round(tx, ticket))
    ensure_open(ticket)
    if store.docket.open_extension(tx, ticket.id) is not None:
        raise Conflict("more time was requested for this ticket already, and that is to be decided first")
    body: GrantExtension = call.body
    extension = Extension(
        id=new_id(),
        ticket_id=ticket.id,
        round=ticket.round,
        working_days=body.working_days,
        reason=body.reason,
        legal_basis=body.legal_basis,
        requested_by=actor.staff,
        requested_at=tx.now,
        state=ExtensionState.REQUESTED,
    )
    _ensure_may_extend(tx, center, ticket, extension)
    store.docket.insert_extension(tx, ticket.center, extension)
    if is_leader:
        _grant(tx, ticket, extension, actor.staff)
        return
    record_and_announce(
        tx,
        ExtensionRequested(
            center=ticket.center,
            ticket_id=ticket.id,
            extension_id=extension.id,
            round=ticket.round,
            department=actor.department or "",
            working_days=extension.working_days,
            reason=extension.reason,
            legal_basis=extension.legal_basis,
            requested_by=extension.requested_by,
            requested_at=extension.requested_at,
        ),
    )
    _notify(tx, ticket, leader_or_director(tx, center), "extension.requested")


def grant(call: Call, extension_id: UUID) -> UUID:
    """A leader grants what was requested; the ticket's id."""
    ticket, extension, center = _lock_request(call, extension_id)
    ensure_open(ticket)
    _ensure_may_extend(call.tx, center, ticket, extension)
    _grant(call.tx, ticket, extension, call.actor.staff)
    _notify(call.tx, ticket, extension.requested_by, "extension.granted")
    return ticket.id


def refuse(call: Call, extension_id: UUID) -> UUID:
    """A leader refuses what was requested, and says why; the ticket's id."""
    tx = call.tx
    ticket, extension, _center = _lock_request(call, extension_id)
    store.docket.decide_extension(tx, extension.id, ExtensionState.REFUSED, by=call.actor.staff, why=call.body.why)
    record_and_announce(
        tx,
        ExtensionRefused(
            center=ticket.center,
            ticket_id=ticket.id,
            extension_id=extension.id,
            round=ticket.round,
            why=call.body.why,
            refused_by=call.actor.staff,
            refused_at=tx.now,
        ),
    )
    _notify(tx, ticket, extension.requested_by, "extension.refused")
    return ticket.id


def _lock_request(call: Call, extension_id: UUID) -> tuple[Ticket, Extension, Center]:
    """A request that waits for a leader, its ticket locked. Raises NotFound, Conflict once it was decided."""
    tx = call.tx
    center = centers.current(tx, call.actor.center)
    ticket = store.tickets.lock(tx, store.docket.ticket_of_extension(tx, extension_id, center.code), center.code)
    extension = store.docket.extension(tx, extension_id)
    if extension.state != ExtensionState.REQUESTED:
        raise Conflict(f"this extension is {extension.state} already")
    return ticket, extension, center


def _ensure_may_extend(tx: Transaction, center: Center, ticket: Ticket, extension: Extension) -> None:
    ensure_may_extend(
        center.extension,
        work_calendar(center.calendar),
        store.deadlines.promise_of(tx, ticket),
        working_days=extension.working_days,
        granted=store.docket.extensions_granted(tx, ticket),
        requested_at=extension.requested_at,
        now=tx.now,
    )


def _grant(tx: Transaction, ticket: Ticket, extension: Extension, leader: str) -> None:
    store.docket.decide_extension(tx, extension.id, ExtensionState.GRANTED, by=leader)
    store.tickets.update(tx, ticket.id, extended_at=tx.now)
    record_and_announce(
        tx,
        ExtensionGranted(
            center=ticket.center,
            ticket_id=ticket.id,
            extension_id=extension.id,
            round=ticket.round,
            working_days=extension.working_days,
            reason=extension.reason,
            legal_basis=extension.legal_basis,
            requested_by=extension.requested_by,
            approved_by=leader,
            granted_at=tx.now,
        ),
    )


def _notify(tx: Transaction, ticket: Ticket, staff: str, template: str) -> None:
    tx.announce(events.notice(ticket, new_id(), [staff], template, tx.now))
