"""What is personal in a ticket, deleted for good. Number, times, departments and outcome are left, to be counted."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from schemas.values import NO_TITLE
from services.plumbing.ciphers import FieldCipher, associated_data
from services.plumbing.database.transaction import Row, Transaction

ENCRYPTED = ("title", "text", "name", "phone")
"""What every ticket has encrypted; the empty text stands there afterwards, so that a rotation of keys goes on."""


def ended_before(tx: Transaction, ends: Mapping[str, datetime], limit: int) -> list[Row]:
    """Id and center of tickets that ended before the instant of their center, and were not forgotten, locked."""
    return tx.rows(
        "SELECT t.id, t.center FROM tickets t"
        " JOIN unnest(%(centers)s::text[], %(ends)s::timestamptz[]) AS kept (center, ends) ON kept.center = t.center"
        " WHERE t.state IN ('closed', 'declined', 'withdrawn') AND t.forgotten_at IS NULL AND t.since < kept.ends"
        " ORDER BY t.id LIMIT %(limit)s FOR UPDATE OF t SKIP LOCKED",
        centers=list(ends),
        ends=list(ends.values()),
        limit=limit,
    )


def files_of(tx: Transaction, ticket_id: UUID) -> list[Row]:
    """The files of a ticket that are kept; ``content`` is None where it lies in the store of objects."""
    return tx.rows(
        "SELECT id, center, left(encode(content, 'hex'), 2) AS content FROM attachments"
        " WHERE ticket_id = %(id)s AND removed_at IS NULL",
        id=ticket_id,
    )


def forget(tx: Transaction, cipher: FieldCipher, ticket_id: UUID, by: str | None) -> None:
    """Delete the applicant, every text and every file of a locked ticket, and the code by which the citizen asks."""
    empty = {f"encrypted_{field}": cipher.encrypt("", context=associated_data(ticket_id, field)) for field in ENCRYPTED}
    tx.execute(
        f"UPDATE tickets SET {', '.join(f'{name} = %({name})s' for name in empty)}, encrypted_id_number = NULL,"
        " query_code = '', phone_fingerprint = '', id_number_fingerprint = NULL, applicant_fingerprints = '{}',"
        " title = %(title)s, text = '', organisation = NULL, credit_code = NULL, remedy = NULL, answer = NULL,"
        " materials = '{}', missing_materials = '{}', refused_before = '[]', forgotten_at = %(now)s WHERE id = %(id)s",
        id=ticket_id,
        now=tx.now,
        title=NO_TITLE,
        **empty,
    )
    for change in (
        "ratings SET comment = ''",
        "material_requests SET items = '{}'",
        "tolerated_materials SET items = '{}'",
        "attachments SET content = NULL, item = NULL, removed_at = coalesce(removed_at, %(now)s),"
        " removed_by = CASE WHEN removed_at IS NULL THEN %(by)s ELSE removed_by END",
    ):
        tx.execute(f"UPDATE {change} WHERE ticket_id = %(id)s", id=ticket_id, now=tx.now, by=by)
