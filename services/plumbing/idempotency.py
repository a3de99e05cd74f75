"""A request that is sent again with the same Idempotency-Key gets the same reply and takes effect once."""

import hashlib
from typing import Any

import psycopg2.extras

from schemas.refusals import Conflict, Invalid
from services.plumbing.database import Row, Transaction


def fingerprint(method: str, path: str, body: bytes) -> bytes:
    """What makes two requests the same."""
    return hashlib.sha256(f"{method} {path}\n".encode() + body).digest()


def begin(tx: Transaction, actor: str, key: str, request: bytes) -> Row | None:
    """Claim the key for this transaction; the stored reply if the request was answered before.

    A second request with the same key waits here until the first has ended. Raises Conflict if the key was used for
    another request, Invalid if it is not 1 to 200 visible ASCII characters.
    """
    if not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
        raise Invalid("Idempotency-Key", "1 to 200 visible ASCII characters are expected")
    fresh = tx.run(
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
    return stored


def finish(tx: Transaction, actor: str, key: str, status: int, reply: Any) -> None:
    """Keep the reply, in the same transaction as the effect."""
    tx.run_last(
        "UPDATE idempotency SET status = %(status)s, reply = %(reply)s WHERE actor = %(actor)s AND key = %(key)s",
        status=status,
        reply=psycopg2.extras.Json(reply),
        actor=actor,
        key=key,
    )
