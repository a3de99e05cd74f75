"""The encrypted fields of tickets, by the key with which they were encrypted."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from services.plumbing.database.transaction import Row, Transaction, as_json_rows

FIELDS = ("title", "text", "name", "phone", "id_number")
"""All fields of a ticket are encrypted with the same key, at the same time."""

FINGERPRINTED = ("phone", "id_number")
_CHANGED = (*(f"encrypted_{field}" for field in FIELDS), *(f"{field}_fingerprint" for field in FINGERPRINTED))

_KEY = "substring(encrypted_phone FROM 3 FOR get_byte(encrypted_phone, 1))"


def encrypted_with(tx: Transaction, key_ids: Sequence[str], limit: int) -> list[Row]:
    """Up to ``limit`` tickets encrypted with one of the keys, locked; those that others have locked are left out."""
    return tx.rows(
        f"SELECT id, {', '.join(f'encrypted_{field}' for field in FIELDS)} FROM tickets"
        f" WHERE {_KEY} = ANY(%(keys)s::bytea[]) LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        keys=[key_id.encode() for key_id in key_ids],
        limit=limit,
    )


def keys_in_use(tx: Transaction) -> dict[str, int]:
    """How many tickets and files are encrypted with each key; a key without any may be removed."""
    rows = tx.rows(f"SELECT {_KEY} AS key_id, count(*) AS tickets FROM tickets GROUP BY 1")
    used = Counter({bytes(row.key_id).decode(): row.tickets for row in rows})
    files = tx.rows("SELECT key_id, count(*) AS files FROM attachments WHERE removed_at IS NULL GROUP BY key_id")
    return dict(used + Counter({row.key_id: row.files for row in files}))


def key_ids_in_use(tx: Transaction) -> set[str]:
    """The keys that tickets and files are encrypted with. It takes one look into an index for each key, not for each
    ticket.
    """
    tickets = _distinct(tx, _KEY, "tickets", "true")
    return {bytes(key).decode() for key in tickets} | {*_distinct(tx, "key_id", "attachments", "removed_at IS NULL")}


def _distinct(tx: Transaction, key: str, table: str, condition: str) -> list[Any]:
    rows = tx.rows(
        f"WITH RECURSIVE used (key_id) AS (SELECT min({key}) FROM {table} WHERE {condition}"
        f" UNION ALL SELECT (SELECT min({key}) FROM {table} WHERE {key} > used.key_id AND {condition}) FROM used"
        " WHERE used.key_id IS NOT NULL)"
        " SELECT key_id FROM used WHERE key_id IS NOT NULL"
    )
    return [row.key_id for row in rows]


def update_encrypted(tx: Transaction, encrypted: Sequence[dict[str, Any]]) -> None:
    """Replace encrypted values and fingerprints; each mapping has the ticket's ``id`` and all columns of _CHANGED."""
    tx.execute(
        f"UPDATE tickets SET {', '.join(f'{column} = anew.{column}' for column in _CHANGED)}"
        f" FROM json_to_recordset(%(rows)s) AS anew (id uuid, {', '.join(f'{column} bytea' for column in _CHANGED)})"
        " WHERE tickets.id = anew.id",
        rows=as_json_rows(list(encrypted)),
    )
