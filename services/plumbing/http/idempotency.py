"""A request that is sent again with the same Idempotency-Key gets the same reply and takes effect once.

A reply may hold what is told once and stored nowhere, such as a citizen's code, so replies are stored encrypted, with
a key made of BANCHENG_SECRET, another in each service.
"""

import hashlib
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from schemas.errors import Conflict, Invalid
from services.plumbing.database.transaction import Transaction
from services.plumbing.runtime.resources import environment
from services.plumbing.security import Cipher, derived_key


class StoredReply(NamedTuple):
    """What a request was answered, ``body`` in JSON."""

    status: int
    body: bytes


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same, beside the rights of who sends them."""
    return hashlib.sha256(f"{method} {path}\n".encode() + body).digest()


def begin(tx: Transaction, actor: str, key: str, rights: str, request: bytes) -> StoredReply | None:
    """Claim the key for this transaction; the stored reply if the request was answered before, with the same rights.

    A second request with the same key waits here until the first has ended. Raises Conflict if the key was used for
    another request, Invalid if it is not 1 to 200 visible ASCII characters.
    """
    if not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
        raise Invalid("Idempotency-Key", "1 to 200 visible ASCII characters are expected")
    request = hashlib.sha256(f"{rights}\n".encode() + request).digest()
    fresh = tx.execute(
        "INSERT INTO idempotency (actor, key, request) VALUES (%(actor)s, %(key)s, %(request)s) ON CONFLICT DO NOTHING",
        actor=actor,
        key=key,
        request=request,
    )
    if fresh:
        return None
    stored = tx.row(
        "SELECT request, status, reply FROM idempotency WHERE actor = %(actor)s AND key = %(key)s", actor=actor, key=key
    )
    if stored is None or bytes(stored.request) != request:
        raise Conflict("this Idempotency-Key was used for another request")
    cipher = _cipher(environment().secret, tx.service)
    try:
        body = cipher.decrypt(bytes(stored.reply), f"{actor}\n{key}".encode())
    except InvalidTag:
        raise Conflict("this request was answered before BANCHENG_SECRET was changed") from None
    return StoredReply(stored.status, body)


def finish(tx: Transaction, actor: str, key: str, reply: StoredReply) -> None:
    """Keep the reply, in the same transaction as the effect."""
    cipher = _cipher(environment().secret, tx.service)
    tx.execute_at_commit(
        "UPDATE idempotency SET status = %(status)s, reply = %(reply)s WHERE actor = %(actor)s AND key = %(key)s",
        status=reply.status,
        reply=cipher.encrypt(reply.body, f"{actor}\n{key}".encode()),
        actor=actor,
        key=key,
    )


def release(tx: Transaction, actor: str, key: str) -> None:
    """Leave a key free again whose request was refused."""
    tx.execute("DELETE FROM idempotency WHERE actor = %(actor)s AND key = %(key)s", actor=actor, key=key)


@lru_cache(maxsize=10)
def _cipher(secret: str, service: str) -> Cipher:
    return Cipher(derived_key(secret.encode(), f"bancheng replies of {service}"))
