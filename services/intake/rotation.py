"""New keys for old: after a rotation of BANCHENG_DATA_KEY all is sealed anew, in bites, while the service runs."""

from services.intake import store_seals
from services.intake.privacy import Vault, place_of
from services.plumbing.transaction import Row, Transaction


def rotate(tx: Transaction, vault: Vault, limit: int) -> int:
    """Seal up to ``limit`` tickets anew that were sealed with an old key that is still held; how many, 0 when done.

    Repeat it in transactions of its own until it says 0; then the old keys may be dropped. Raises privacy.BrokenSeal.
    """
    rows = store_seals.sealed_with(tx, vault.old_key_ids, limit)
    store_seals.keep_seals(tx, [[row.id, *(_anew(vault, row, field) for field in store_seals.FIELDS)] for row in rows])
    return len(rows)


def _anew(vault: Vault, row: Row, field: str) -> bytes | None:
    sealed = getattr(row, f"sealed_{field}")
    if sealed is None:
        return None
    place = place_of(row.id, field)
    return vault.seal(vault.open(sealed, context=place), context=place)
