"""What is done to a ticket at the window or by the citizen: decided by the rules, stored, announced.

``ticket`` is the stored row, locked until the transaction ends.
"""

from schemas.intake_requests import (
    DeclineTicket,
    RateTicket,
    RequestMaterials,
    RevealApplicant,
    RevealedTicket,
    TicketStanding,
)
from schemas.tickets import (
    MaterialsRequested,
    MaterialsSupplied,
    TicketDeclined,
    TicketRated,
    TicketReopened,
    TicketWithdrawn,
)
from schemas.words import Role
from services.calendar import work_calendar
from services.intake import rules, store, store_audit, store_materials, views
from services.intake.applicants import applicant_of
from services.intake.pauses import days_left
from services.intake.privacy import Vault
from services.masking import mask_letter, mask_reply
from services.plumbing import centers
from services.plumbing.access import Actor
from services.plumbing.cooperation import TimeSlice
from services.plumbing.transaction import Row, Transaction


def decline(tx: Transaction, vault: Vault, ticket: Row, why: DeclineTicket, staff: str) -> TicketStanding:
    """Not accepted; the citizen is told what can be done instead. Raises Conflict."""
    standing = rules.declined(store.standing_of(ticket), tx.now)
    remedy = mask_reply(why.remedy, applicant_of(vault, ticket))
    store.keep_standings(tx, [(ticket.id, standing)])
    store.keep_decline(tx, ticket.id, why.reason, remedy, staff)
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
    return views.standing_view(ticket, standing)


def request_materials(
    tx: Transaction, vault: Vault, ticket: Row, wanted: RequestMaterials, actor: Actor
) -> TicketStanding:
    """The citizen is given the list of missing papers, and the promise waits. Raises Conflict or Forbidden."""
    before = store.standing_of(ticket)
    standing = rules.awaiting_materials(before)
    center = centers.current(tx, ticket.center)
    left = days_left(
        center.pause,
        work_calendar(center.calendar),
        store_materials.pauses_of(tx, ticket.id, before.round),
        by_leader=actor.has(Role.DUTY_LEADER),
    )
    applicant, pause = applicant_of(vault, ticket), TimeSlice()
    items = tuple(mask_reply(item, applicant, pause) for item in wanted.items)
    store.keep_standings(tx, [(ticket.id, standing)])
    store_materials.keep_request(tx, ticket.id, before.round, items, left, actor.staff)
    tx.announce(
        MaterialsRequested(
            center=ticket.center,
            ticket_id=ticket.id,
            items=items,
            working_days_left=left,
            requested_by=actor.staff,
            requested_at=tx.now,
        )
    )
    return views.standing_view(ticket, standing)


def supply_materials(tx: Transaction, ticket: Row, staff: str) -> TicketStanding:
    """The papers are here, and the promise goes on. Raises Conflict."""
    standing = rules.supplied(store.standing_of(ticket))
    store.keep_standings(tx, [(ticket.id, standing)])
    store_materials.keep_supply(tx, ticket.id, staff)
    tx.announce(MaterialsSupplied(center=ticket.center, ticket_id=ticket.id, supplied_by=staff, supplied_at=tx.now))
    return views.standing_view(ticket, standing)


def withdraw(tx: Transaction, ticket: Row, *, staff: str | None) -> TicketStanding:
    """The citizen does not want it any more, and told a clerk, or with None did it alone. Raises Conflict."""
    standing = rules.withdrawn(store.standing_of(ticket), tx.now)
    store.keep_standings(tx, [(ticket.id, standing)])
    store.keep_withdrawal(tx, ticket.id, staff)
    tx.announce(
        TicketWithdrawn(
            center=ticket.center,
            ticket_id=ticket.id,
            round=standing.round,
            withdrawn_by=staff,
            withdrawn_at=tx.now,
        )
    )
    return views.standing_view(ticket, standing)


def rate(tx: Transaction, vault: Vault, ticket: Row, given: RateTicket, *, recorded_by: str | None) -> TicketStanding:
    """The citizen rates the present round; a bad rating opens the next. Raises Conflict."""
    before = store.standing_of(ticket)
    standing = rules.rated(before, given.rating, ticket.rated_rounds, tx.now)
    comment = mask_letter(given.comment, applicant_of(vault, ticket))
    store.keep_rating(tx, ticket.id, before.round, given.rating, comment, recorded_by)
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
    if standing.round > before.round:
        store.keep_standings(tx, [(ticket.id, standing)])
        tx.announce(TicketReopened(center=ticket.center, ticket_id=ticket.id, round=standing.round, reopened_at=tx.now))
    return views.standing_view(ticket, standing)


def reveal(tx: Transaction, vault: Vault, ticket: Row, asked: RevealApplicant, staff: str) -> RevealedTicket:
    """The applicant and the text as given, for a reason that is written down with the name of who asked."""
    reason = mask_letter(asked.reason, applicant_of(vault, ticket))
    store_audit.keep_reveal(tx, ticket.center, ticket.id, staff, reason)
    return views.revealed(ticket, vault)
