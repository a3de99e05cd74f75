"""Papers that may come later (容缺受理): promised by signature, brought, or not brought by the promised day."""

from schemas.errors import Conflict
from schemas.events.materials import ToleranceGranted, ToleranceLapsed, ToleranceSupplied
from schemas.requests.papers import TicketPapers, TolerateMaterials
from services.access import centers
from services.calendar.calendar import work_calendar
from services.intake import store, views
from services.intake.actions.applicants import applicant_of, phone_fingerprints
from services.intake.rules import tickets, tolerance
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.masking import mask_reply

BATCH = 100


def tolerate(tx: Transaction, cipher: FieldCipher, ticket: Row, wanted: TolerateMaterials, staff: str) -> TicketPapers:
    """Take the ticket without some papers. Raises Conflict, Invalid, NotFound for a file that the ticket has not."""
    tickets.check(tickets.Act.TOLERATE, store.tickets.round_state_of(ticket))
    center = centers.current(tx, ticket.center)
    tolerance.check_tolerable(center, ticket.matter, wanted.items)
    tolerance.check_due_day(center, ticket.matter, wanted.promised_on, tx.now, work_calendar(center.calendar))
    earlier = [each for each in store.materials.tolerated_of(tx, ticket.id) if each.round == ticket.round]
    tolerance.check_first_list(len(earlier))
    applicant, pause = applicant_of(cipher, ticket), TimeSlice()
    ids = cipher.fingerprints(applicant.id_number) if applicant.id_number else ()
    phones = phone_fingerprints(cipher, applicant.phone)
    tolerance.check_believed(store.materials.broken_promises(tx, ticket.center, phones, ids, applicant.credit_code))
    if wanted.attachment_id is not None:
        store.attachments.one(tx, ticket.id, wanted.attachment_id)
    items = tuple(mask_reply(item, applicant, pause) for item in wanted.items)
    store.materials.insert_tolerated(
        tx, ticket.id, ticket.round, items, wanted.promised_on, wanted.attachment_id, staff
    )
    tx.announce(
        ToleranceGranted(
            center=ticket.center,
            ticket_id=ticket.id,
            round=ticket.round,
            items=items,
            due_on=wanted.promised_on,
            attachment_id=wanted.attachment_id,
            granted_by=staff,
            granted_at=tx.now,
        ),
    )
    return views.papers(tx, ticket)


def supply(tx: Transaction, ticket: Row, staff: str) -> TicketPapers:
    """The papers that were promised are there, in time or late, which mends the promise. Raises Conflict."""
    supplied = store.materials.supply_tolerated(tx, ticket.id, staff)
    if not supplied:
        raise Conflict("No papers of this ticket are to come later.")
    tx.announce(
        *(
            ToleranceSupplied(
                center=ticket.center,
                ticket_id=ticket.id,
                round=each.round,
                late=each.lapsed_at is not None,
                supplied_by=staff,
                supplied_at=tx.now,
            )
            for each in supplied
        )
    )
    return views.papers(tx, ticket)


def lapse(tx: Transaction) -> int:
    """End the promises of which the day has passed, local to their center, of tickets that are open; how many."""
    lapsed = 0
    for code, _name in centers.codes(tx):
        today = work_calendar(centers.current(tx, code).calendar).local(tx.now).date()
        rows = store.materials.lapse(tx, code, today, BATCH)
        lapsed += len(rows)
        tx.announce(
            *(
                ToleranceLapsed(
                    center=code, ticket_id=row.ticket_id, round=row.round, due_on=row.promised_on, lapsed_at=tx.now
                )
                for row in rows
            )
        )
    return lapsed
