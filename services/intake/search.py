"""Search by phone: it undoes the mask for who tries numbers, so each search is written down and they are counted."""

from datetime import timedelta

from schemas.center import Center
from schemas.intake_requests import FindByPhone, StaffPage
from schemas.refusals import TooMany
from services.intake import metrics, store, store_audit, views
from services.intake.applicants import phone_prints
from services.intake.privacy import Vault
from services.masking import mask_text
from services.plumbing.transaction import Transaction

FOUND = 50
PERIOD = timedelta(hours=1)


def by_phone(tx: Transaction, vault: Vault, center: Center, asked: FindByPhone, staff: str) -> StaffPage:
    """The latest tickets of the applicant with this phone, masked. A search counts whether or not it finds something.

    Raises TooMany when ``staff`` has searched as often in the last hour as the center allows, in all replicas.
    """
    wait = store_audit.seconds_until_next_search(
        tx, center.code, staff, most=center.phone_searches_per_hour, period=PERIOD
    )
    if wait is not None:
        metrics.PHONE_SEARCHES_REFUSED.inc()
        raise TooMany(
            f"The center allows {center.phone_searches_per_hour} searches by phone an hour.", retry_after=wait
        )
    prints = phone_prints(vault, asked.phone)
    rows = store.page(tx, center.code, limit=FOUND + 1, phone_prints=prints)
    store_audit.keep_phone_search(tx, center.code, staff, mask_text(asked.reason), prints[0], found=len(rows[:FOUND]))
    return views.staff_page(rows, FOUND, center, vault)
