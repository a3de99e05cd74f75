"""Papers that may come later (容缺受理): recorded with what the applicant has promised, and announced."""

from schemas.events.materials import MaterialsTolerated
from schemas.requests.papers import TicketPapers, TolerateMaterials
from services.access import centers
from services.calendar.calendar import work_calendar
from services.intake import store, views
from services.intake.actions.applicants import applicant_of
from services.intake.rules import tickets
from services.intake.rules.pauses import check_promised_day
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.masking import mask_reply


def tolerate(tx: Transaction, cipher: FieldCipher, ticket: Row, wanted: TolerateMaterials, staff: str) -> TicketPapers:
    """Take the ticket without some papers. Raises Conflict, Invalid, NotFound for a file that the ticket has not."""
    tickets.check(tickets.Act.TOLERATE, store.tickets.round_state_of(ticket))
    calendar = work_calendar(centers.current(tx, ticket.center).calendar)
    check_promised_day(calendar, wanted.promised_on, tx.now)
    if wanted.attachment_id is not None:
        store.attachments.one(tx, ticket.id, wanted.attachment_id)
    applicant, pause = applicant_of(cipher, ticket), TimeSlice()
    items = tuple(mask_reply(item, applicant, pause) for item in wanted.items)
    store.materials.insert_tolerated(
        tx, ticket.id, ticket.round, items, wanted.promised_on, wanted.attachment_id, staff
    )
    tx.announce(
        MaterialsTolerated(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            items=items,
            promised_on=wanted.promised_on,
            attachment_id=wanted.attachment_id,
            tolerated_by=staff,
            tolerated_at=tx.now,
        )
    )
    return views.papers(tx, ticket)
