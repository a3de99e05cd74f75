"""New keys for old: after a rotation of BANCHENG_DATA_KEY all is sealed anew, in bites, while the service runs."""

from uuid import UUID

from services.intake import metrics, store_seals
from services.intake.privacy import Vault, place_of
from services.plumbing import telemetry
from services.plumbing.transaction import Row, Transaction

BITE = 50
"""Tickets a transaction: some ten milliseconds of work, in which nobody else has a turn."""


def rotate(tx: Transaction, vault: Vault, limit: int = BITE) -> int:
    """Seal up to ``limit`` tickets anew that were sealed with an old key that is still held; how many, 0 when done.

    Their phones and ID numbers get fingerprints of the current key too.

    Repeat it in transactions of its own until it says 0; then the old keys may be dropped. Raises privacy.BrokenSeal.
    """
    rows = store_seals.sealed_with(tx, vault.old_key_ids, limit)
    if rows:
        store_seals.keep_seals(tx, [_all_anew(vault, row) for row in rows])
        metrics.REENCRYPTED.inc(len(rows))
    return len(rows)


def missing_keys(tx: Transaction, vault: Vault) -> list[str]:
    """The keys that tickets are sealed with and that are not held, in order."""
    return sorted(store_seals.key_ids_in_use(tx) - set(vault.key_ids))


def keep_rotating(tx: Transaction, vault: Vault) -> int:
    """The next bite of the rotation. While a key is missing this process says that it is not ready."""
    missing = missing_keys(tx, vault)
    metrics.KEYS_MISSING.set(len(missing))
    telemetry.set_obstacle(tx.service, "data keys", lacking(missing) if missing else None)
    return rotate(tx, vault)


def lacking(missing: list[str]) -> str:
    """What an operator is told of missing keys; their ids, never a key."""
    return (
        f"BANCHENG_DATA_KEY lacks {', '.join(missing)}, which tickets are still encrypted with (bancheng keys status)"
    )


def _all_anew(vault: Vault, row: Row) -> dict[str, UUID | bytes | None]:
    """The columns that a rotation changes: what is encrypted, and the fingerprints of what it says."""
    columns: dict[str, UUID | bytes | None] = {"id": row.id, "id_number_print": None}
    for field in store_seals.FIELDS:
        sealed, place = getattr(row, f"sealed_{field}"), place_of(row.id, field)
        text = None if sealed is None else vault.open(sealed, context=place)
        columns[f"sealed_{field}"] = None if text is None else vault.seal(text, context=place)
        if text is not None and field in store_seals.FINGERPRINTED:
            columns[f"{field}_print"] = vault.fingerprint(text)
    return columns
