"""Where the contents of files lie, encrypted: in the database, or in a store of objects (BANCHENG_ATTACHMENTS_S3).

A row without a content that is not removed has it in the store.
"""

import os
from functools import lru_cache
from typing import Any
from uuid import UUID

import structlog

from services.intake import store
from services.plumbing.ciphers import FieldCipher
from services.plumbing.database.transaction import Row, Transaction
from services.plumbing.http.replies import RequestRejected
from services.plumbing.objects import BadAddress, ObjectStore, StoreAway
from services.plumbing.runtime.resources import MissingSetting

_log = structlog.get_logger()


@lru_cache(maxsize=1)
def objects() -> ObjectStore | None:
    """The store of objects, None where the database keeps the contents. Raises MissingSetting, which shows no key."""
    address = os.environ.get("BANCHENG_ATTACHMENTS_S3")
    try:
        return ObjectStore(address) if address else None
    except BadAddress as error:
        raise MissingSetting(f"BANCHENG_ATTACHMENTS_S3: {error}") from None


def stored(center: str, attachment_id: UUID, encrypted: bytes) -> bytes | None:
    """What the row keeps of a new content: all of it, or nothing where the store of objects has it.

    Raises RequestRejected while the store is away.
    """
    if (bucket := objects()) is None:
        return encrypted
    _or_refuse(bucket.put, _name(center, attachment_id), encrypted)
    return None


def read(cipher: FieldCipher, row: Row) -> bytes:
    """The content of a file, decrypted. Raises RequestRejected, ciphers.Undecryptable."""
    encrypted = row.content
    if encrypted is None:
        encrypted = _or_refuse(_needed().get, _name(row.center, row.id))
    return cipher.decrypt_bytes(encrypted, context=context_of(row.ticket_id, row.id))


def forget(row: Row) -> None:
    """Remove a content from the store of objects, if it lies there. Raises RequestRejected."""
    if row.content is None:
        _or_refuse(_needed().delete, _name(row.center, row.id))


def encrypt_anew(tx: Transaction, cipher: FieldCipher, row: Row) -> None:
    """Encrypt a content with the current key, where it lies. Raises RequestRejected, ciphers.Undecryptable."""
    encrypted = cipher.encrypt_bytes(read(cipher, row), context=context_of(row.ticket_id, row.id))
    if row.content is None:
        _or_refuse(_needed().put, _name(row.center, row.id), encrypted)
    store.attachments.update_content(tx, row.id, cipher.key_ids[0], None if row.content is None else encrypted)


def context_of(ticket_id: UUID, attachment_id: UUID) -> bytes:
    """Ticket and file of an encrypted content: for another one it cannot be decrypted."""
    return ticket_id.bytes + attachment_id.bytes + b"content"


def _needed() -> ObjectStore:
    if (bucket := objects()) is None:
        raise RequestRejected(503, "The file lies in a store that this service was not told of.")
    return bucket


def _name(center: str, attachment_id: UUID) -> str:
    return f"{center}/{attachment_id}"


def _or_refuse(act: Any, *arguments: Any) -> Any:
    try:
        return act(*arguments)
    except StoreAway as away:
        _log.warning("the store of objects is away", why=str(away))
        raise RequestRejected(503, "The store of files does not answer at present; try again later.") from None
