"""Secret addresses of calendars: one a person, of which only a fingerprint is kept."""

import hashlib

from services.plumbing.database.transaction import Row, Transaction


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def put(tx: Transaction, center: str, staff: str, secret: str) -> None:
    """The person's calendar has this address from now on, and no other."""
    tx.execute(
        "INSERT INTO roster_feeds (center, staff, secret_hash, made_at)"
        " VALUES (%(center)s, %(staff)s, %(hash)s, bancheng.real_now())"
        " ON CONFLICT (center, staff) DO UPDATE"
        " SET secret_hash = EXCLUDED.secret_hash, made_at = EXCLUDED.made_at, read_at = NULL",
        center=center,
        staff=staff,
        hash=_hash(secret),
    )


def feed(tx: Transaction, center: str, staff: str) -> Row | None:
    """When the person's address was made, and read last (real times); None where there is none."""
    return tx.row(
        "SELECT made_at, read_at FROM roster_feeds WHERE center = %(center)s AND staff = %(staff)s",
        center=center,
        staff=staff,
    )


def use(tx: Transaction, secret: str) -> Row | None:
    """Whose calendar has this address, as long as their account is not locked; it is noted that it was read."""
    return tx.row(
        "UPDATE roster_feeds f SET read_at = bancheng.real_now() FROM accounts a WHERE f.secret_hash = %(hash)s"
        " AND a.center = f.center AND a.staff = f.staff"
        " AND (a.locked_until IS NULL OR a.locked_until <= bancheng.real_now()) RETURNING f.center, f.staff",
        hash=_hash(secret),
    )


def delete(tx: Transaction, center: str, staff: str) -> None:
    """The address leads nowhere any more."""
    tx.execute("DELETE FROM roster_feeds WHERE center = %(center)s AND staff = %(staff)s", center=center, staff=staff)
