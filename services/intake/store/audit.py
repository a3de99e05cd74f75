"""The record of who saw personal data, or searched by them, and why. Rows are added and never changed."""

import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction, as_json_rows


def keep_reveal(tx: Transaction, center: str, ticket_id: UUID, staff: str, reason: str) -> None:
    """Record who was shown the personal data of a ticket, and why."""
    tx.execute(
        "INSERT INTO reveals (ticket_id, center, staff, reason, revealed_at)"
        " VALUES (%(id)s, %(center)s, %(staff)s, %(reason)s, %(now)s)",
        id=ticket_id,
        center=center,
        staff=staff,
        reason=reason,
        now=tx.now,
    )


def keep_reveals(tx: Transaction, center: str, staff: str, reasons: Sequence[tuple[UUID, str]]) -> None:
    """Record that the personal data of some tickets were shown together, each with its reason."""
    tx.execute(
        "INSERT INTO reveals (ticket_id, center, staff, reason, revealed_at)"
        " SELECT (e->>0)::uuid, %(center)s, %(staff)s, e->>1, %(now)s FROM json_array_elements(%(rows)s) AS e",
        center=center,
        staff=staff,
        now=tx.now,
        rows=as_json_rows([list(each) for each in reasons]),
    )


def seconds_until_next_search(tx: Transaction, center: str, staff: str, *, most: int, period: timedelta) -> int | None:
    """How many seconds ``staff`` has to wait before the next search by phone, None if there is no need to wait:
    ``most`` searches are allowed in a ``period``.

    Real time, whatever Bancheng's clock says. Searches of one person wait for each other until the transaction ends, so
    that the count is right with several replicas.
    """
    tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(%(who)s, 0))", who=f"phone search {staff}@{center}")
    row = tx.row(
        "SELECT extract(epoch FROM counted_at + %(period)s - clock_timestamp()) AS seconds FROM phone_searches"
        " WHERE center = %(center)s AND staff = %(staff)s AND counted_at > clock_timestamp() - %(period)s"
        " ORDER BY counted_at DESC OFFSET %(most)s - 1 LIMIT 1",
        center=center,
        staff=staff,
        period=period,
        most=most,
    )
    return max(1, math.ceil(row.seconds)) if row else None


def keep_phone_search(
    tx: Transaction, center: str, staff: str, reason: str, phone_fingerprint: bytes, *, found: int
) -> None:
    """Record who searched for the tickets of a phone, why, and how many were found."""
    tx.execute(
        "INSERT INTO phone_searches (center, staff, reason, phone_fingerprint, found, searched_at)"
        " VALUES (%(center)s, %(staff)s, %(reason)s, %(phone_fingerprint)s, %(found)s, %(now)s)",
        center=center,
        staff=staff,
        reason=reason,
        phone_fingerprint=phone_fingerprint,
        found=found,
        now=tx.now,
    )


def keep_forgetting(tx: Transaction, center: str, ticket_id: UUID, staff: str | None, reason: str) -> None:
    """Record whose personal data were deleted, and why; ``staff`` is None where their time was over."""
    tx.execute(
        "INSERT INTO forgettings (ticket_id, center, staff, reason, forgotten_at)"
        " VALUES (%(id)s, %(center)s, %(staff)s, %(reason)s, %(now)s)",
        id=ticket_id,
        center=center,
        staff=staff,
        reason=reason,
        now=tx.now,
    )


def forgettings(tx: Transaction, center: str, *, after: int | None, limit: int) -> list[Row]:
    """Whose personal data were deleted, the latest first, before the row of that id."""
    return tx.rows(
        "SELECT f.id, f.ticket_id, t.number, f.staff, f.reason, f.forgotten_at FROM forgettings f"
        " JOIN tickets t ON t.id = f.ticket_id WHERE f.center = %(center)s"
        " AND (%(after)s::bigint IS NULL OR f.id < %(after)s) ORDER BY f.id DESC LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def reveals(tx: Transaction, center: str, *, after: int | None, limit: int) -> list[Row]:
    """Who was shown the personal data of a ticket, the latest first, before the row of that id."""
    return tx.rows(
        "SELECT r.id, r.ticket_id, t.number, r.staff, r.reason, r.revealed_at FROM reveals r"
        " JOIN tickets t ON t.id = r.ticket_id WHERE r.center = %(center)s"
        " AND (%(after)s::bigint IS NULL OR r.id < %(after)s) ORDER BY r.id DESC LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def phone_searches(tx: Transaction, center: str, *, after: int | None, limit: int) -> list[Row]:
    """Who searched for the tickets of a phone, the latest first, before the row of that id."""
    return tx.rows(
        "SELECT id, staff, reason, found, searched_at FROM phone_searches WHERE center = %(center)s"
        " AND (%(after)s::bigint IS NULL OR id < %(after)s) ORDER BY id DESC LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )
