"""More time for a promise: the lead department asks, a leader grants or refuses with a token of the leader's own.

What a leader posts himself is granted at once. The answer to a request counts while the promise still runs: the citizen
must hear of the new date before the old one has passed.
"""

from uuid import UUID

from schemas.center.center import Center
from schemas.enums import ExtensionState, Role
from schemas.errors import Conflict, Forbidden, NotFound
from schemas.events.tickets import ExtensionGranted, ExtensionRefused, ExtensionRequested
from schemas.requests.routing import GrantExtension
from services.calendar.calendar import work_calendar
from services.plumbing.database.transaction import Transaction, new_id
from services.plumbing.http.group_commit import Call
from services.plumbing.security import centers
from services.routing import store
from services.routing.actions.distribution import leader_or_director
from services.routing.rules import announcements
from services.routing.rules.progress import ensure_open
from services.routing.rules.promises import ensure_may_extend
from services.routing.rules.ticket import Extension, Ticket
from services.routing.store.timeline import record_and_announce


def extend(call: Call, ticket_id: UUID) -> None:
    """More time, asked for in time: granted at once when a leader says so, else a request for a leader to decide."""
    tx, actor = call.tx, call.actor
    ticket = store.tickets.held_for(tx, ticket_id, actor.center)
    center = centers.current(tx, ticket.center)
    is_leader = actor.has(Role.DUTY_LEADER, Role.DIRECTOR)
    if not is_leader:
        _must_be_of_the_lead(call, ticket)
    ensure_open(ticket)
    if store.extensions.open_request(tx, ticket.id) is not None:
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
    _check(tx, center, ticket, extension)
    store.extensions.insert(tx, ticket.center, extension)
    if is_leader:
        _grant(tx, ticket, extension, actor.staff)
        return
    record_and_announce(tx, _requested(ticket, extension, actor.department or ""))
    _notify(tx, ticket, leader_or_director(tx, center), "extension.requested")


def grant(call: Call, extension_id: UUID) -> UUID:
    """A leader grants what was requested; the ticket's id."""
    ticket, extension, center = _held(call, extension_id)
    ensure_open(ticket)
    _check(call.tx, center, ticket, extension)
    _grant(call.tx, ticket, extension, call.actor.staff)
    _notify(call.tx, ticket, extension.requested_by, "extension.granted")
    return ticket.id


def refuse(call: Call, extension_id: UUID) -> UUID:
    """A leader refuses what was requested, and says why; the ticket's id."""
    tx = call.tx
    ticket, extension, _center = _held(call, extension_id)
    store.extensions.decide(tx, extension.id, ExtensionState.REFUSED, by=call.actor.staff, why=call.body.why)
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


def _held(call: Call, extension_id: UUID) -> tuple[Ticket, Extension, Center]:
    """A request that waits for a leader, its ticket held. Raises NotFound, Conflict once it was decided."""
    tx = call.tx
    center = centers.current(tx, call.actor.center)
    ticket = store.tickets.held_for(tx, store.extensions.ticket_behind(tx, extension_id, center.code), center.code)
    extension = store.extensions.get(tx, extension_id)
    if extension.state != ExtensionState.REQUESTED:
        raise Conflict(f"this extension is {extension.state} already")
    return ticket, extension, center


def _must_be_of_the_lead(call: Call, ticket: Ticket) -> None:
    if ticket.lead is not None and call.actor.department == ticket.lead:
        return
    if any(each.department == call.actor.department for each in store.assignments.of_round(call.tx, ticket)):
        raise Forbidden("only the lead department asks for more time")
    raise NotFound("no such ticket")


def _check(tx: Transaction, center: Center, ticket: Ticket, extension: Extension) -> None:
    ensure_may_extend(
        center.extension,
        work_calendar(center.calendar),
        store.deadlines.promise_of(tx, ticket),
        working_days=extension.working_days,
        granted=store.extensions.granted(tx, ticket),
        requested_at=extension.requested_at,
        now=tx.now,
    )


def _grant(tx: Transaction, ticket: Ticket, extension: Extension, leader: str) -> None:
    store.extensions.decide(tx, extension.id, ExtensionState.GRANTED, by=leader)
    store.tickets.set_extended(tx, ticket.id)
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


def _requested(ticket: Ticket, extension: Extension, department: str) -> ExtensionRequested:
    return ExtensionRequested(
        center=ticket.center,
        ticket_id=ticket.id,
        extension_id=extension.id,
        round=ticket.round,
        department=department,
        working_days=extension.working_days,
        reason=extension.reason,
        legal_basis=extension.legal_basis,
        requested_by=extension.requested_by,
        requested_at=extension.requested_at,
    )


def _notify(tx: Transaction, ticket: Ticket, staff: str, template: str) -> None:
    tx.announce(announcements.notice(ticket, new_id(), [staff], template, tx.now))
