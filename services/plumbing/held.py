"""The tables behind the inbox: what was taken already, and what is held because it could not be handled."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from schemas.event import Envelope
from services.plumbing.transaction import Row, Transaction, document

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600))
"""Real time between tries; after the last one an event is parked."""
NOT_YET_PAUSES = (timedelta(seconds=1),) * 120 + (timedelta(seconds=30),) * 2880
"""For a cause that has not come: first soon, then for a day, within which a roll-call brings what was lost."""


def claim_fresh(tx: Transaction, event_ids: Sequence[UUID]) -> set[UUID]:
    """Write the ids down as taken; those that were not taken before. Sorted, so that replicas cannot lock crosswise."""
    ids = sorted(event_ids)
    return tx.fresh(
        "INSERT INTO inbox (event_id) SELECT id::uuid FROM json_array_elements_text(%(ids)s) AS taken (id)"
        " ON CONFLICT DO NOTHING RETURNING event_id",
        ids,
        ids=document(ids),
    )


def hold(tx: Transaction, envelope: Envelope, body: bytes, error: str) -> None:
    """Keep an event whose handler failed, for another try."""
    if claim_fresh(tx, [envelope.id]):
        tx.run(
            "INSERT INTO held (event_id, type, subject, body, attempts, next_try_at, error)"
            " VALUES (%(event_id)s, %(type)s, %(subject)s, %(body)s, 1, clock_timestamp() + %(pause)s, %(error)s)",
            event_id=envelope.id,
            type=envelope.type,
            subject=envelope.subject,
            body=body,
            pause=PAUSES[0],
            error=error,
        )


def park_unreadable(tx: Transaction, body: bytes, reason: str) -> bool:
    """Keep bytes that are no event for a person to see; False if they were kept before.

    Their id is made from the bytes: delivered twice, parked once.
    """
    event_id = uuid5(NAMESPACE_OID, hashlib.sha256(body).hexdigest())
    if not claim_fresh(tx, [event_id]):
        return False
    tx.run(
        "INSERT INTO held (event_id, body, attempts, error) VALUES (%(event_id)s, %(body)s, 1, %(error)s)",
        event_id=event_id,
        body=body,
        error=reason,
    )
    return True


def among_held(tx: Transaction, type_: str, subjects: Iterable[UUID]) -> set[UUID]:
    """Those of ``subjects`` of which an event of this type is held: waiting, or parked for a person to look at."""
    rows = tx.rows(
        "SELECT subject FROM held WHERE type = %(type)s AND subject = ANY(%(subjects)s)",
        type=type_,
        subjects=list(map(str, subjects)),
    )
    return {UUID(row.subject) for row in rows}


def next_due(tx: Transaction) -> Row | None:
    """The held event whose turn it is, locked against other replicas."""
    return tx.row(
        "SELECT event_id, type, body, attempts FROM held WHERE next_try_at <= clock_timestamp()"
        " ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED"
    )


def postpone(tx: Transaction, row: Row, error: str, *, not_yet: bool) -> bool:
    """Another try failed: when to try again, or never. True when the event was parked."""
    pauses = NOT_YET_PAUSES if not_yet else PAUSES
    pause = pauses[row.attempts] if row.attempts < len(pauses) else None
    tx.run(
        "UPDATE held SET attempts = attempts + 1, next_try_at = clock_timestamp() + %(pause)s, error = %(error)s"
        " WHERE event_id = %(event_id)s",
        pause=pause,
        error=error,
        event_id=row.event_id,
    )
    return pause is None


def park(tx: Transaction, row: Row, error: str) -> None:
    """Never again by itself: what was held cannot be read (any more)."""
    tx.run(
        "UPDATE held SET attempts = attempts + 1, next_try_at = NULL, error = %(error)s WHERE event_id = %(event_id)s",
        error=error,
        event_id=row.event_id,
    )


def release(tx: Transaction, event_id: UUID) -> None:
    """The event is held no longer: it was handled, or a person discarded it."""
    tx.run("DELETE FROM held WHERE event_id = %(event_id)s", event_id=event_id)


def parked(tx: Transaction) -> list[Row]:
    """What was given up, oldest first."""
    return tx.rows(
        "SELECT event_id, type, attempts, error, held_since, body FROM held"
        " WHERE next_try_at IS NULL ORDER BY held_since"
    )


def replay(tx: Transaction, event_id: UUID) -> bool:
    """Try a parked event again from the start; False when there is none of that id."""
    touched = tx.run(
        "UPDATE held SET attempts = 1, next_try_at = clock_timestamp()"
        " WHERE event_id = %(event_id)s AND next_try_at IS NULL",
        event_id=event_id,
    )
    return touched == 1
