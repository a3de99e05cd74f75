"""Search by phone. With it masked digits could be found by trying, so each search is recorded and counted."""

from datetime import timedelta

from prometheus_client import Counter

from schemas.center.center import Center
from schemas.errors import TooMany
from schemas.requests.applicants import FindByPhone
from schemas.requests.intake import StaffPage
from services.intake import store, views
from services.intake.actions.applicants import applicant_of, phone_fingerprints
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Transaction
from services.privacy.masking import mask_letter, mask_text

PHONE_SEARCHES_REFUSED = Counter(
    "bancheng_phone_searches_refused", "Searches by phone beyond what the center allows one person in an hour."
)
FOUND = 50
PERIOD = timedelta(hours=1)


def by_phone(tx: Transaction, cipher: FieldCipher, center: Center, wanted: FindByPhone, staff: str) -> StaffPage:
    """The latest tickets of the applicant with this phone, masked. A search counts whether or not it finds something.

    Raises TooMany when ``staff`` has searched as often in the last hour as the center allows, in all replicas.
    """
    wait = store.audit.seconds_until_next_search(
        tx, center.code, staff, most=center.phone_searches_per_hour, period=PERIOD
    )
    if wait is not None:
        PHONE_SEARCHES_REFUSED.inc()
        raise TooMany(
            f"The center allows {center.phone_searches_per_hour} searches by phone an hour.", retry_after=wait
        )
    fingerprints = phone_fingerprints(cipher, wanted.phone)
    rows = store.tickets.page(tx, center.code, limit=FOUND + 1, phone_fingerprints=fingerprints)
    reason = mask_text(wanted.reason)
    for applicant in {applicant_of(cipher, row) for row in rows[:FOUND]}:
        reason = mask_letter(reason, applicant)
    store.audit.keep_phone_search(tx, center.code, staff, reason, fingerprints[0], found=len(rows[:FOUND]))
    return views.staff_page(rows, FOUND, center, cipher)
