"""What is personal is deleted: when the center keeps it no longer, or when the auditor or the director says why."""

from datetime import timedelta

from schemas.enums import TicketState
from schemas.errors import Conflict
from schemas.events.forgetting import TicketForgotten
from schemas.requests.applicants import ForgetTicket, ForgottenTicket
from services.access import centers
from services.intake import contents, store
from services.intake.actions.applicants import applicant_of
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.messaging import retry_queue
from services.privacy.masking import mask_letter

BATCH = 20
"""Tickets in a transaction: each is a handful of statements, and nobody waits for them for long."""
OVER = "retention"
"""Stands for a reason where the time was over that the center keeps personal data."""
_ENDED = (TicketState.CLOSED, TicketState.DECLINED, TicketState.WITHDRAWN)


def forget(tx: Transaction, cipher: FieldCipher, ticket: Row, wanted: ForgetTicket, staff: str) -> ForgottenTicket:
    """Delete what is personal in a locked ticket, for a reason, which is recorded. Raises Conflict while it is open."""
    if ticket.state not in _ENDED:
        raise Conflict("An open ticket cannot be forgotten: it is still worked on.")
    if ticket.forgotten_at is not None:
        raise Conflict("The personal data of this ticket were deleted before.")
    reason = mask_letter(wanted.reason, applicant_of(cipher, ticket))
    _forget(tx, cipher, ticket, reason, staff)
    return ForgottenTicket(id=ticket.id, number=ticket.number, forgotten_at=tx.now)


def forget_old(tx: Transaction, cipher: FieldCipher) -> int:
    """Forget a batch of tickets of the centers that say for how long they keep personal data; how many those were."""
    ends = {}
    for code, _name in centers.codes(tx):
        days = centers.current(tx, code).retention.days_after_end
        if days is not None:
            ends[code] = tx.now - timedelta(days=days)
    tickets = store.forgetting.ended_before(tx, ends, BATCH) if ends else []
    for ticket in tickets:
        _forget(tx, cipher, ticket, OVER, None)
    return len(tickets)


def _forget(tx: Transaction, cipher: FieldCipher, ticket: Row, reason: str, staff: str | None) -> None:
    for file in store.forgetting.files_of(tx, ticket.id):
        contents.forget(file)
    store.forgetting.forget(tx, cipher, ticket.id, staff)
    store.audit.keep_forgetting(tx, ticket.center, ticket.id, staff, reason)
    retry_queue.forget(tx, [ticket.id])
    tx.announce(TicketForgotten(center=ticket.center, ticket_id=ticket.id, forgotten_by=staff, forgotten_at=tx.now))
