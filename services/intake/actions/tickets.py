"""What is done to a ticket at the window or by the citizen: decided by the rules, stored, announced.

``ticket`` is the stored row, locked until the transaction ends.
"""

from schemas.enums import Role
from schemas.errors import Conflict
from schemas.events.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    TicketDeclined,
    TicketRated,
    TicketReopened,
    TicketWithdrawn,
)
from schemas.requests.applicants import RevealApplicant, RevealedTicket
from schemas.requests.citizen import RateTicket
from schemas.requests.intake import DeclineTicket, RequestMaterials, TicketStateReply
from services.access import centers
from services.access.tokens import Actor
from services.calendar.calendar import work_calendar
from services.intake import store, views
from services.intake.actions.applicants import applicant_of
from services.intake.rules import tickets
from services.intake.rules.pauses import days_left, due_day
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.masking import mask_letter, mask_reply


def decline(tx: Transaction, cipher: FieldCipher, ticket: Row, why: DeclineTicket, staff: str) -> TicketStateReply:
    """Decline the ticket; the citizen is told what can be done instead. Raises Conflict."""
    state = tickets.declined(store.tickets.round_state_of(ticket), tx.now)
    remedy = mask_reply(why.remedy, applicant_of(cipher, ticket))
    store.tickets.update_states(tx, [(ticket.id, state)])
    store.tickets.keep_decline(tx, ticket.id, why.reason, remedy, staff)
    tx.announce(
        TicketDeclined(
            center=ticket.center,
            ticket_id=ticket.id,
            reason=why.reason,
            remedy=remedy,
            declined_by=staff,
            declined_at=tx.now,
        )
    )
    return views.state_reply(ticket, state)


def request_materials(
    tx: Transaction, cipher: FieldCipher, ticket: Row, wanted: RequestMaterials, actor: Actor
) -> TicketStateReply:
    """Give the citizen the list of missing papers; the promise waits. Raises Conflict or Forbidden."""
    before = store.tickets.round_state_of(ticket)
    state = tickets.awaiting_materials(before)
    center = centers.current(tx, ticket.center)
    calendar, requests = work_calendar(center.calendar), store.materials.requests_of(tx, ticket.id, before.round)
    left = days_left(center.pause, calendar, store.materials.pauses_in(requests), by_leader=actor.has(Role.DUTY_LEADER))
    due_on = due_day(calendar, wanted.due_on, tx.now, left)
    applicant, pause = applicant_of(cipher, ticket), TimeSlice()
    items = tuple(mask_reply(item, applicant, pause) for item in wanted.items)
    store.tickets.update_states(tx, [(ticket.id, state)])
    store.materials.insert_request(tx, ticket.id, before.round, items, due_on, left, actor.staff)
    tx.announce(
        MaterialsRequested(
            center=ticket.center,
            ticket_id=ticket.id,
            items=items,
            due_on=due_on,
            working_days_left=left,
            requested_by=actor.staff,
            requested_at=tx.now,
        )
    )
    return views.state_reply(ticket, state)


def supply_materials(tx: Transaction, ticket: Row, staff: str) -> TicketStateReply:
    """The papers are here, and the promise goes on. Raises Conflict."""
    state = tickets.supplied(store.tickets.round_state_of(ticket))
    store.tickets.update_states(tx, [(ticket.id, state)])
    store.materials.update_supplied(tx, ticket.id, staff)
    tx.announce(MaterialsSupplied(center=ticket.center, ticket_id=ticket.id, supplied_by=staff, supplied_at=tx.now))
    return views.state_reply(ticket, state)


def withdraw(tx: Transaction, ticket: Row, *, staff: str | None) -> TicketStateReply:
    """The citizen withdraws; ``staff`` is the clerk who was told, None if there was no clerk. Raises Conflict."""
    state = tickets.withdrawn(store.tickets.round_state_of(ticket), tx.now)
    store.tickets.update_states(tx, [(ticket.id, state)])
    store.tickets.keep_withdrawal(tx, ticket.id, staff)
    tx.announce(
        TicketWithdrawn(
            center=ticket.center, ticket_id=ticket.id, round=state.round, withdrawn_by=staff, withdrawn_at=tx.now
        )
    )
    return views.state_reply(ticket, state)


def rate(
    tx: Transaction, cipher: FieldCipher, ticket: Row, given: RateTicket, *, recorded_by: str | None
) -> TicketStateReply:
    """The citizen rates the present round; a bad rating opens the next. Raises Conflict."""
    _ensure_kept(ticket)
    before = store.tickets.round_state_of(ticket)
    state = tickets.rated(before, given.rating, ticket.rated_rounds, tx.now)
    comment = mask_letter(given.comment, applicant_of(cipher, ticket))
    store.tickets.keep_rating(tx, ticket.id, before.round, given.rating, comment, recorded_by)
    tx.announce(
        TicketRated(
            center=ticket.center,
            ticket_id=ticket.id,
            round=before.round,
            rating=given.rating,
            comment=comment,
            recorded_by=recorded_by,
            rated_at=tx.now,
        )
    )
    if state.round > before.round:
        store.tickets.update_states(tx, [(ticket.id, state)])
        tx.announce(TicketReopened(center=ticket.center, ticket_id=ticket.id, round=state.round, reopened_at=tx.now))
    return views.state_reply(ticket, state)


def reveal(tx: Transaction, cipher: FieldCipher, ticket: Row, wanted: RevealApplicant, staff: str) -> RevealedTicket:
    """The applicant and the text as given; the reason and who asked are recorded. Raises Conflict."""
    _ensure_kept(ticket)
    reason = mask_letter(wanted.reason, applicant_of(cipher, ticket))
    store.audit.keep_reveal(tx, ticket.center, ticket.id, staff, reason)
    return views.revealed(ticket, cipher)


def _ensure_kept(ticket: Row) -> None:
    if ticket.forgotten_at is not None:
        raise Conflict("The personal data of this ticket were deleted: nothing can be done to it any more.")
