"""After a rotation of BANCHENG_DATA_KEY everything is encrypted again, in small batches, while the service runs."""

from uuid import UUID

from prometheus_client import Counter, Gauge

from services.intake import contents, store
from services.plumbing.ciphers import FieldCipher, associated_data
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.runtime import telemetry

REENCRYPTED = Counter("bancheng_tickets_reencrypted", "Tickets encrypted anew after a rotation of BANCHENG_DATA_KEY.")
KEYS_MISSING = Gauge(
    "bancheng_data_keys_missing", "Keys that tickets are encrypted with and this process lacks: an alarm."
)

BATCH = 50
"""Tickets in a transaction: some ten milliseconds of work, during which no other greenlet runs."""


def rotate(tx: Transaction, cipher: FieldCipher, limit: int = BATCH) -> int:
    """Encrypt again up to ``limit`` tickets whose old key this process still has, then files, which are large, one by
    one; returns how many, 0 when done.

    Phones and ID numbers of the tickets get fingerprints of the current key too.

    Repeat it, each time in a new transaction, until it returns 0; then the old keys may be removed. Raises
    ciphers.TamperedCiphertext.
    """
    rows = store.ciphers.encrypted_with(tx, cipher.old_key_ids, limit)
    if not rows:
        return _rotate_file(tx, cipher)
    store.ciphers.update_encrypted(tx, [_all_anew(cipher, row) for row in rows])
    REENCRYPTED.inc(len(rows))
    return len(rows)


def _rotate_file(tx: Transaction, cipher: FieldCipher) -> int:
    rows = store.attachments.encrypted_with(tx, cipher.old_key_ids, 1)
    for row in rows:
        contents.encrypt_anew(tx, cipher, row)
    return len(rows)


def missing_keys(tx: Transaction, cipher: FieldCipher) -> list[str]:
    """The ids of the keys that tickets are encrypted with and that this process does not have, sorted."""
    return sorted(store.ciphers.key_ids_in_use(tx) - set(cipher.key_ids))


def keep_rotating(tx: Transaction, cipher: FieldCipher) -> int:
    """Do the next batch of the rotation. While a key is missing, this process reports that it is not ready."""
    missing = missing_keys(tx, cipher)
    KEYS_MISSING.set(len(missing))
    telemetry.set_obstacle(tx.service, "data keys", lacking(missing) if missing else None)
    return rotate(tx, cipher)


def lacking(missing: list[str]) -> str:
    """The message to operators about missing keys: ids, never a key."""
    return (
        f"BANCHENG_DATA_KEY lacks {', '.join(missing)}, which tickets are still encrypted with (bancheng keys status)"
    )


def _all_anew(cipher: FieldCipher, row: Row) -> dict[str, UUID | bytes | None]:
    """The columns that a rotation changes: the encrypted fields, and the fingerprints of phone and ID number."""
    columns: dict[str, UUID | bytes | None] = {"id": row.id, "id_number_fingerprint": None}
    for field in store.ciphers.FIELDS:
        encrypted, place = getattr(row, f"encrypted_{field}"), associated_data(row.id, field)
        text = None if encrypted is None else cipher.decrypt(encrypted, context=place)
        columns[f"encrypted_{field}"] = None if text is None else cipher.encrypt(text, context=place)
        if text is not None and field in store.ciphers.FINGERPRINTED:
            columns[f"{field}_fingerprint"] = cipher.fingerprint(text)
    return columns
