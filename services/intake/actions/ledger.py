"""What intake adds to a page of the ledger: the applicants, masked, or unmasked with a row of the audit for each."""

from schemas.requests.ledger import LedgerApplicant, LedgerApplicants
from services.intake import store
from services.intake.actions.applicants import applicant_of, decrypted, masked_view, true_view
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row
from services.plumbing.http.group_commit import Call
from services.plumbing.runtime.cooperation import TimeSlice
from services.privacy.masking import mask_letter


def applicants(call: Call, cipher: FieldCipher) -> LedgerApplicants:
    """The applicants of the center's tickets among those that were named, masked."""
    rows = store.tickets.some(call.tx, call.actor.center, call.body.tickets)
    return LedgerApplicants(
        items=tuple(
            LedgerApplicant(
                id=row.id,
                applicant=masked_view(applicant_of(cipher, row)),
                times_refused=_times_refused(row),
                registered_by=row.registered_by,
            )
            for row in TimeSlice().between(rows)
        )
    )


def revealed(call: Call, cipher: FieldCipher) -> LedgerApplicants:
    """The same as they were given, with title and text. The reason is recorded with nothing personal in it."""
    items, reasons, pause = [], [], TimeSlice()
    for row in pause.between(store.tickets.some(call.tx, call.actor.center, call.body.tickets)):
        applicant = applicant_of(cipher, row)
        reasons.append((row.id, mask_letter(call.body.reason, applicant)))
        items.append(
            LedgerApplicant(
                id=row.id,
                applicant=true_view(applicant),
                times_refused=_times_refused(row),
                registered_by=row.registered_by,
                title=decrypted(cipher, row, "title"),
                text=decrypted(cipher, row, "text"),
            )
        )
    store.audit.keep_reveals(call.tx, call.actor.center, call.actor.staff, reasons)
    return LedgerApplicants(items=tuple(items))


def _times_refused(row: Row) -> int:
    return sum(int(each["times"]) for each in row.refused_before)
