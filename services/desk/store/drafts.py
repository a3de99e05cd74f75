"""Tables that somebody has sent and not read in yet."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction


def put(
    tx: Transaction,
    draft_id: UUID,
    center: str,
    staff: str,
    name: str,
    table: Mapping[str, Any],
    mapping: Mapping[str, int],
    kind: str = "ledger",
) -> None:
    """Keep a table for a day; sent twice, it is kept once. ``kind``: ledger or entries."""
    tx.execute(
        "INSERT INTO import_drafts (id, center, staff, kind, name, head, rows, mapping, sent_at) VALUES (%(id)s,"
        " %(center)s, %(staff)s, %(kind)s, %(name)s, %(head)s::jsonb, %(rows)s::jsonb, %(mapping)s::jsonb,"
        " bancheng.real_now())"
        " ON CONFLICT DO NOTHING",
        id=draft_id,
        center=center,
        staff=staff,
        kind=kind,
        name=name,
        head=json.dumps(table["head"]).replace("\\u0000", ""),
        rows=json.dumps(table["rows"]).replace("\\u0000", ""),
        mapping=json.dumps(dict(mapping)),
    )


def draft(tx: Transaction, center: str, staff: str, draft_id: UUID, kind: str = "ledger") -> Row | None:
    """One of a person's; None if it is none of theirs."""
    return tx.row(
        "SELECT id, name, head, rows, mapping, import_id, done FROM import_drafts"
        " WHERE center = %(center)s AND staff = %(staff)s AND id = %(id)s AND kind = %(kind)s",
        center=center,
        staff=staff,
        id=draft_id,
        kind=kind,
    )


def keep_mapping(tx: Transaction, draft_id: UUID, mapping: Mapping[str, int]) -> None:
    """Which column is what, from now on."""
    tx.execute(
        "UPDATE import_drafts SET mapping = %(mapping)s::jsonb WHERE id = %(id)s",
        id=draft_id,
        mapping=json.dumps(dict(mapping)),
    )


def keep_import(tx: Transaction, draft_id: UUID, import_id: str) -> None:
    """It was read in."""
    tx.execute("UPDATE import_drafts SET import_id = %(import_id)s WHERE id = %(id)s", id=draft_id, import_id=import_id)


def keep_done(tx: Transaction, draft_id: UUID, done: int) -> None:
    """So many of its rows were read in."""
    tx.execute("UPDATE import_drafts SET done = greatest(done, %(done)s) WHERE id = %(id)s", id=draft_id, done=done)


def delete_old(tx: Transaction) -> None:
    """Forget what was sent more than a day ago."""
    tx.execute("DELETE FROM import_drafts WHERE sent_at < bancheng.real_now() - interval '1 day'")
