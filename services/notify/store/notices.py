"""Notices and whose they are, as they stand in the desk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.events.tickets import TicketRegistered
from services.plumbing.database.transaction import Row, Transaction, as_json_rows


class Notice(NamedTuple):
    """What is to be said to some people about a ticket, or an entry with its number; ``kind`` (of deadline) and
    ``level`` are an escalation's, else None."""

    id: UUID
    center: str
    ticket_id: UUID | None
    template: str
    light: str | None
    kind: str | None
    level: int | None
    due_at: datetime | None
    created_at: datetime
    voided_at: datetime | None = None
    passed_up_from: UUID | None = None
    entry_id: UUID | None = None
    entry_number: str | None = None


class Addressed(NamedTuple):
    """Somebody is one of a notice's recipients."""

    notice_id: UUID
    recipient: str


def concerned(rows: Sequence[Row], notices: Mapping[UUID, Notice]) -> tuple[list[Notice], list[Addressed]]:
    """The notices of some deliveries, each once, and whose they are."""
    ids = dict.fromkeys(each.notice_id for each in rows)
    return [notices[id_] for id_ in ids], [Addressed(each.notice_id, each.recipient) for each in rows]


_COLUMNS = ", ".join(Notice._fields)


def keep_tickets(tx: Transaction, events: Sequence[TicketRegistered]) -> None:
    """Remember the numbers of tickets."""
    tx.execute(
        "INSERT INTO tickets (ticket_id, center, number) SELECT ticket_id, center, number"
        " FROM json_populate_recordset(NULL::tickets, %(rows)s) ORDER BY ticket_id ON CONFLICT DO NOTHING",
        rows=as_json_rows(
            [{"ticket_id": each.ticket_id, "center": each.center, "number": each.number} for each in events]
        ),
    )


def unknown(tx: Transaction, ticket_ids: Iterable[UUID]) -> set[UUID]:
    """Those of some tickets whose registration never arrived."""
    ids = set(ticket_ids)
    rows = tx.rows("SELECT ticket_id FROM tickets WHERE ticket_id = ANY(%(ids)s)", ids=list(ids))
    return ids - {row.ticket_id for row in rows}


def insert(tx: Transaction, notices: Sequence[Notice]) -> dict[UUID, Notice]:
    """Store notices; all of these as they stand now, but for those that are void. They stay so until the commit."""
    tx.execute(
        f"INSERT INTO notices ({_COLUMNS}) SELECT {_COLUMNS} FROM json_populate_recordset(NULL::notices, %(rows)s)"
        " ORDER BY id ON CONFLICT DO NOTHING",
        rows=as_json_rows(notices),
    )
    rows = tx.rows(
        f"SELECT {_COLUMNS} FROM notices WHERE id = ANY(%(ids)s) AND voided_at IS NULL ORDER BY id FOR SHARE",
        ids=[each.id for each in notices],
    )
    return {row.id: Notice(*row) for row in rows}


def address(tx: Transaction, addressed: Sequence[Addressed], notices: dict[UUID, Notice]) -> list[Addressed]:
    """Put notices before their recipients in the desk; those who did not have them already."""
    rows = [
        {
            "notice_id": each.notice_id,
            "center": notices[each.notice_id].center,
            "recipient": each.recipient,
            "created_at": notices[each.notice_id].created_at,
        }
        for each in addressed
    ]
    found = tx.rows(
        "WITH new AS (INSERT INTO recipients (notice_id, center, recipient, created_at)"
        " SELECT notice_id, center, recipient, created_at FROM json_populate_recordset(NULL::recipients, %(rows)s)"
        " ORDER BY notice_id, recipient ON CONFLICT DO NOTHING RETURNING notice_id, center, recipient, created_at),"
        " placed AS (INSERT INTO deliveries (notice_id, center, recipient, channel, state, attempts, created_at,"
        " changed_at, hold_until, next_try_at) SELECT notice_id, center, recipient, 'desk', 'delivered', 1, created_at,"
        " %(now)s, %(now)s, bancheng.real_now() FROM new)"
        " SELECT notice_id, recipient FROM new",
        rows=as_json_rows(rows),
        now=tx.now,
    )
    return [Addressed(*row) for row in found]


def void(tx: Transaction, notices: Sequence[Notice]) -> list[UUID]:
    """Note that these were not so, nor what was passed up from them; those of which that was not known so far. One that
    has not arrived is noted too.
    """
    rows = tx.rows(
        f"INSERT INTO notices ({_COLUMNS}) SELECT {_COLUMNS} FROM json_populate_recordset(NULL::notices, %(rows)s)"
        " ORDER BY id ON CONFLICT (id) DO UPDATE SET voided_at = excluded.voided_at WHERE notices.voided_at IS NULL"
        " RETURNING id",
        rows=as_json_rows(notices),
    )
    passed_up = tx.rows(
        "UPDATE notices SET voided_at = %(now)s WHERE passed_up_from = ANY(%(ids)s) AND voided_at IS NULL RETURNING id",
        ids=[each.id for each in notices],
        now=tx.now,
    )
    return [row.id for row in (*rows, *passed_up)]


def take_back(tx: Transaction, notice_ids: Collection[UUID]) -> list[Addressed]:
    """What is void is not unread any more, and not sent by any channel; those who have been notified of it: they read
    it, or one of their channels took it.
    """
    tx.execute(
        "UPDATE deliveries SET state = 'void', changed_at = %(now)s WHERE notice_id = ANY(%(ids)s)"
        " AND state = 'waiting'",
        ids=list(notice_ids),
        now=tx.now,
    )
    rows = tx.rows(
        "UPDATE recipients r SET voided_at = %(now)s WHERE notice_id = ANY(%(ids)s)"
        " RETURNING notice_id, recipient, read_at IS NOT NULL OR EXISTS (SELECT FROM deliveries d"
        " WHERE d.notice_id = r.notice_id AND d.recipient = r.recipient AND d.channel <> 'desk'"
        " AND (d.state = 'delivered' OR d.unanswered > 0)) AS is_notified",
        ids=list(notice_ids),
        now=tx.now,
    )
    return [Addressed(row.notice_id, row.recipient) for row in rows if row.is_notified]


def by_id(tx: Transaction, notice_ids: Collection[UUID], *, locked: bool = False) -> dict[UUID, Notice]:
    """Notices, void or not; ``locked`` they stay so until the commit."""
    lock = "FOR SHARE" if locked else ""
    rows = tx.rows(f"SELECT {_COLUMNS} FROM notices WHERE id = ANY(%(ids)s) ORDER BY id {lock}", ids=list(notice_ids))
    return {row.id: Notice(*row) for row in rows}


def read(tx: Transaction, center: str, staff: str, notice_id: UUID | None) -> int:
    """Note that somebody has read a notice, or all of theirs; how many were unread."""
    values: dict[str, Any] = {"center": center, "staff": staff, "id": notice_id, "now": tx.now}
    return tx.execute(
        "UPDATE recipients SET read_at = %(now)s WHERE center = %(center)s AND recipient = %(staff)s"
        " AND read_at IS NULL AND (%(id)s::uuid IS NULL OR notice_id = %(id)s)",
        **values,
    )
