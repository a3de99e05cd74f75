"""The tables behind the inbox: the events that were taken already, and those that wait or are parked (`held`)."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_OID, UUID, uuid5

from schemas.events.event import Envelope
from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.plumbing.messaging.failures import ERRORS, FailureKind


def deduplicate(tx: Transaction, event_ids: Sequence[UUID]) -> set[UUID]:
    """Record ids as taken; returns those that are new. Sorted, so that replicas cannot lock crosswise."""
    ids = sorted(event_ids)
    return tx.insert_new(
        "INSERT INTO inbox (event_id) SELECT id::uuid FROM json_array_elements_text(%(ids)s) AS taken (id)"
        " ON CONFLICT DO NOTHING RETURNING event_id",
        ids,
        ids=as_json_rows(ids),
    )


def hold(tx: Transaction, events: Iterable[tuple[Envelope, bytes]], reason: str, kind: FailureKind) -> None:
    """Keep events that could not be handled, with their bodies, for another try or, if rejected, for a person."""
    bodies = {envelope.id: (envelope, body) for envelope, body in events}
    new = deduplicate(tx, list(bodies))
    tx.execute(
        "INSERT INTO held (event_id, type, subject, body, attempts, early_attempts, next_try_at, error)"
        " SELECT event_id, type, subject, body, %(attempts)s, %(early)s, clock_timestamp() + %(pause)s, %(reason)s"
        " FROM json_to_recordset(%(rows)s) AS failed (event_id uuid, type text, subject text, body bytea)",
        rows=as_json_rows(
            [
                {"event_id": id_, "type": envelope.type, "subject": envelope.subject, "body": body}
                for id_, (envelope, body) in bodies.items()
                if id_ in new
            ]
        ),
        attempts=int(kind in ERRORS),
        early=int(kind not in ERRORS),
        pause=kind.pause_after(1),
        reason=reason,
    )


def park_unreadable(tx: Transaction, body: bytes, reason: str) -> bool:
    """Keep bytes that are no event for a person to see; False if they were kept before.

    Their id is made from the bytes: delivered twice, parked once.
    """
    event_id = uuid5(NAMESPACE_OID, hashlib.sha256(body).hexdigest())
    if not deduplicate(tx, [event_id]):
        return False
    tx.execute(
        "INSERT INTO held (event_id, body, attempts, error) VALUES (%(event_id)s, %(body)s, 1, %(error)s)",
        event_id=event_id,
        body=body,
        error=reason,
    )
    return True


def among_held(tx: Transaction, type_: str, subjects: Iterable[UUID]) -> set[UUID]:
    """Those of ``subjects`` that an event of this type is about which waits, or is parked for a person to look at."""
    rows = tx.rows(
        "SELECT subject FROM held WHERE type = %(type)s AND subject = ANY(%(subjects)s)",
        type=type_,
        subjects=list(map(str, subjects)),
    )
    return {UUID(row.subject) for row in rows}


def next_due(tx: Transaction) -> Row | None:
    """The waiting event that is due, locked against other replicas; None if none is due."""
    return tx.row(
        "SELECT event_id, type, body, attempts, early_attempts FROM held WHERE next_try_at <= statement_timestamp()"
        " ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED"
    )


def postpone(tx: Transaction, row: Row, reason: str, kind: FailureKind) -> bool:
    """Another try failed: set the time of the next one, or park the event. True when it was parked.

    Errors are counted apart from tries that came too early, or a long wait for a cause would leave no try for an error.
    """
    is_error = kind in ERRORS
    attempts, early = row.attempts + is_error, row.early_attempts + (not is_error)
    pause = kind.pause_after(attempts if is_error else early)
    tx.execute(
        "UPDATE held SET attempts = %(attempts)s, early_attempts = %(early)s,"
        " next_try_at = clock_timestamp() + %(pause)s, error = %(reason)s WHERE event_id = %(event_id)s",
        attempts=attempts,
        early=early,
        pause=pause,
        reason=reason,
        event_id=row.event_id,
    )
    return pause is None


def park(tx: Transaction, row: Row, error: str) -> None:
    """Park an event that waited and cannot be read (any more): it is not tried again by itself."""
    tx.execute(
        "UPDATE held SET attempts = attempts + 1, next_try_at = NULL, error = %(error)s WHERE event_id = %(event_id)s",
        error=error,
        event_id=row.event_id,
    )


def release(tx: Transaction, event_id: UUID) -> None:
    """Delete an event that was handled, or that a person discarded."""
    tx.execute("DELETE FROM held WHERE event_id = %(event_id)s", event_id=event_id)


def forget(tx: Transaction, subjects: Iterable[UUID]) -> int:
    """Delete what waits or is parked about these subjects, whose data are kept no longer; how many events that were.
    Their ids stay among those that were taken.
    """
    return tx.execute("DELETE FROM held WHERE subject = ANY(%(subjects)s)", subjects=list(map(str, subjects)))


def parked(tx: Transaction) -> list[Row]:
    """The events that were given up, oldest first."""
    return tx.rows(
        "SELECT event_id, type, attempts, early_attempts, error, held_since, body FROM held"
        " WHERE next_try_at IS NULL ORDER BY held_since"
    )


def waiting(tx: Transaction) -> list[Row]:
    """The events that will be tried again, the next one first; ``tries`` includes those that came too early."""
    return tx.rows(
        "SELECT event_id, type, next_try_at, attempts + early_attempts AS tries, error FROM held"
        " WHERE next_try_at IS NOT NULL ORDER BY next_try_at"
    )


def replay(tx: Transaction, event_id: UUID) -> bool:
    """Try a parked event again from the start; False when there is none of that id."""
    touched = tx.execute(
        "UPDATE held SET attempts = 1, early_attempts = 0, next_try_at = clock_timestamp()"
        " WHERE event_id = %(event_id)s AND next_try_at IS NULL",
        event_id=event_id,
    )
    return touched == 1
