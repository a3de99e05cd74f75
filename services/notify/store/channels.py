"""People's channels and wishes, as they set them, and how each channel fares."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID

from schemas.channels import NoticeChannel
from services.notify.rules.chain import PersonChannel, Wishes
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

People = Mapping[str, Sequence[PersonChannel]]
"""The channels of each person of a center, the preferred one first."""


def of_people(tx: Transaction, center: str, staff: Collection[str]) -> People:
    """The channels of people, those that are switched off too."""
    found: dict[str, list[PersonChannel]] = defaultdict(list)
    for row in tx.rows(
        "SELECT id, staff, kind, enabled, failing_since IS NOT NULL AS is_failing FROM channels"
        " WHERE center = %(center)s AND staff = ANY(%(staff)s) AND removed_at IS NULL ORDER BY staff, position, id",
        center=center,
        staff=list(staff),
    ):
        found[row.staff].append(PersonChannel(row.id, NoticeChannel(row.kind), row.enabled, row.is_failing))
    return found


def wishes_of(tx: Transaction, center: str, staff: Collection[str]) -> dict[str, Wishes]:
    """What people wish who have said so."""
    rows = tx.rows(
        "SELECT staff, quiet_begins, quiet_ends, digest_minutes, language FROM people"
        " WHERE center = %(center)s AND staff = ANY(%(staff)s)",
        center=center,
        staff=list(staff),
    )
    return {row.staff: Wishes(*row[1:]) for row in rows}


def of_person(tx: Transaction, center: str, staff: str) -> list[Row]:
    """Somebody's channels with what is encrypted, the preferred one first."""
    return tx.rows(
        "SELECT id, kind, encrypted_address, encrypted_secret, address_fingerprint, enabled, failing_since, error"
        " FROM channels WHERE center = %(center)s AND staff = %(staff)s AND removed_at IS NULL ORDER BY position, id",
        center=center,
        staff=staff,
    )


def lock_person(tx: Transaction, center: str, staff: str, wishes: Wishes) -> None:
    """Store what somebody wishes; until the commit nobody else changes it, or the channels."""
    begins: time | None = wishes.quiet_begins
    tx.execute(
        "INSERT INTO people (center, staff, quiet_begins, quiet_ends, digest_minutes, language)"
        " VALUES (%(center)s, %(staff)s, %(begins)s, %(ends)s, %(digest)s, %(language)s)"
        " ON CONFLICT (center, staff) DO UPDATE SET quiet_begins = excluded.quiet_begins,"
        " quiet_ends = excluded.quiet_ends, digest_minutes = excluded.digest_minutes, language = excluded.language",
        center=center,
        staff=staff,
        begins=begins,
        ends=wishes.quiet_ends,
        digest=wishes.digest_minutes,
        language=wishes.language,
    )


def put(tx: Transaction, center: str, staff: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """These are all of somebody's channels now. One whose address or secret changed is not failing any more."""
    tx.execute(
        "UPDATE channels SET removed_at = %(now)s WHERE center = %(center)s AND staff = %(staff)s"
        " AND removed_at IS NULL AND id <> ALL (%(kept)s)",
        center=center,
        staff=staff,
        kept=[row["id"] for row in rows],
        now=tx.now,
    )
    tx.execute(
        "INSERT INTO channels AS c (id, center, staff, position, kind, encrypted_address, encrypted_secret,"
        " address_fingerprint, enabled) SELECT id, center, staff, position, kind, encrypted_address, encrypted_secret,"
        " address_fingerprint, enabled FROM json_populate_recordset(NULL::channels, %(rows)s)"
        " ON CONFLICT (id) DO UPDATE SET position = excluded.position, kind = excluded.kind,"
        " encrypted_address = excluded.encrypted_address, encrypted_secret = excluded.encrypted_secret,"
        " address_fingerprint = excluded.address_fingerprint, enabled = excluded.enabled,"
        " failing_since = CASE WHEN c.encrypted_address = excluded.encrypted_address"
        " AND c.encrypted_secret IS NOT DISTINCT FROM excluded.encrypted_secret THEN c.failing_since END,"
        " error = CASE WHEN c.encrypted_address = excluded.encrypted_address"
        " AND c.encrypted_secret IS NOT DISTINCT FROM excluded.encrypted_secret THEN c.error END",
        rows=as_json_rows(rows),
    )


def works(tx: Transaction, channel_id: UUID) -> None:
    """The channel took a message."""
    tx.execute(
        "UPDATE channels SET failing_since = NULL, error = NULL WHERE id = %(id)s AND failing_since IS NOT NULL",
        id=channel_id,
    )


def fails(tx: Transaction, channel_id: UUID, error: str) -> None:
    """It did not, for the reason ``error``, a code."""
    tx.execute(
        "UPDATE channels SET failing_since = coalesce(failing_since, %(now)s), error = %(error)s WHERE id = %(id)s",
        id=channel_id,
        error=error,
        now=tx.now,
    )


def by_person(tx: Transaction, center: str) -> list[Row]:
    """All channels of a center that are on, by whose they are: how they fare."""
    return tx.rows(
        "SELECT staff, kind, failing_since, error FROM channels WHERE center = %(center)s AND removed_at IS NULL"
        " AND enabled ORDER BY staff, position, id",
        center=center,
    )


def encrypted_with(tx: Transaction, key_ids: Sequence[str], limit: int) -> list[Row]:
    """Up to ``limit`` channels encrypted with one of these keys, locked; those that others have locked are left out."""
    return tx.rows(
        "SELECT id, encrypted_address, encrypted_secret FROM channels WHERE substring(encrypted_address FROM 3"
        " FOR get_byte(encrypted_address, 1)) = ANY(%(keys)s::bytea[]) LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        keys=[key_id.encode() for key_id in key_ids],
        limit=limit,
    )


def update_encrypted(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace what is encrypted, and the fingerprint."""
    tx.execute(
        "UPDATE channels c SET encrypted_address = n.encrypted_address, encrypted_secret = n.encrypted_secret,"
        " address_fingerprint = n.address_fingerprint FROM json_populate_recordset(NULL::channels, %(rows)s) n"
        " WHERE c.id = n.id",
        rows=as_json_rows(rows),
    )
