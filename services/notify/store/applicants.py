"""Text messages to applicants: what waits is claimed by whoever is free, sent, and settled. No phone is kept."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.notify.rules.applicants import TextMessage
from services.notify.store.deliveries import LEASE_SECONDS
from services.plumbing.database.transaction import Row, Transaction, as_json_rows


def insert(tx: Transaction, messages: Sequence[TextMessage]) -> None:
    """Put messages on their way, but for those that were there before and papers that are not awaited any more."""
    ids = list({each.ticket_id for each in messages})
    rows = tx.rows("SELECT ticket_id FROM forgotten_tickets WHERE ticket_id = ANY(%(ids)s::uuid[])", ids=ids)
    forgotten = {row.ticket_id for row in rows}
    tx.execute(
        "INSERT INTO applicant_messages (id, center, ticket_id, kind, department, due_on, round, created_at,"
        " changed_at, hold_until) SELECT id, center, ticket_id, kind, department, due_on, round, created_at, %(now)s,"
        " hold_until"
        " FROM json_populate_recordset(NULL::applicant_messages, %(rows)s) m WHERE (m.round IS NULL"
        " OR NOT EXISTS (SELECT FROM settled_promises s WHERE s.ticket_id = m.ticket_id AND s.round = m.round))"
        " AND (kind NOT LIKE 'materials_%%' OR NOT EXISTS (SELECT FROM settled_materials s"
        " WHERE s.ticket_id = m.ticket_id AND s.settled_at >= m.created_at)) ORDER BY id ON CONFLICT DO NOTHING",
        rows=as_json_rows([each for each in messages if each.ticket_id not in forgotten]),
        now=tx.now,
    )


def settle_materials(tx: Transaction, settled: Collection[tuple[UUID, datetime]]) -> None:
    """Papers that were asked for until then are not awaited any more: nobody is reminded of them."""
    rows = as_json_rows([{"ticket_id": ticket_id, "settled_at": at} for ticket_id, at in sorted(settled)])
    tx.execute(
        "INSERT INTO settled_materials SELECT ticket_id, max(settled_at)"
        " FROM json_populate_recordset(NULL::settled_materials, %(rows)s) GROUP BY ticket_id ORDER BY ticket_id"
        " ON CONFLICT (ticket_id) DO UPDATE"
        " SET settled_at = greatest(settled_materials.settled_at, excluded.settled_at)",
        rows=rows,
    )
    tx.execute(
        "UPDATE applicant_messages m SET state = 'void', changed_at = %(now)s"
        " FROM json_populate_recordset(NULL::settled_materials, %(rows)s) s WHERE m.ticket_id = s.ticket_id"
        " AND m.created_at <= s.settled_at AND m.state = 'waiting' AND m.kind LIKE 'materials_%%'",
        rows=rows,
        now=tx.now,
    )


def settle_promises(tx: Transaction, settled: Collection[tuple[UUID, int]]) -> None:
    """Of papers that were promised in these rounds nobody is reminded any more."""
    rows = as_json_rows([{"ticket_id": ticket_id, "round": round} for ticket_id, round in sorted(settled)])
    tx.execute(
        "INSERT INTO settled_promises SELECT * FROM json_populate_recordset(NULL::settled_promises, %(rows)s)"
        " ON CONFLICT DO NOTHING",
        rows=rows,
    )
    tx.execute(
        "UPDATE applicant_messages m SET state = 'void', changed_at = %(now)s"
        " FROM json_populate_recordset(NULL::settled_promises, %(rows)s) s"
        " WHERE m.ticket_id = s.ticket_id AND m.round = s.round AND m.state = 'waiting'",
        rows=rows,
        now=tx.now,
    )


def end_reminders(tx: Transaction, tickets: Collection[UUID]) -> None:
    """These tickets have ended: nobody is reminded of any papers of theirs."""
    tx.execute(
        "UPDATE applicant_messages SET state = 'void', changed_at = %(now)s"
        " WHERE ticket_id = ANY(%(ids)s::uuid[]) AND round IS NOT NULL AND state = 'waiting'",
        ids=list(tickets),
        now=tx.now,
    )


def forget(tx: Transaction, tickets: Collection[tuple[UUID, datetime]]) -> None:
    """The applicants of these tickets are sent nothing any more, and what they were sent is not kept."""
    ids = [ticket_id for ticket_id, _at in sorted(tickets)]
    tx.execute(
        "INSERT INTO forgotten_tickets SELECT * FROM unnest(%(ids)s::uuid[], %(at)s::timestamptz[])"
        " ON CONFLICT DO NOTHING",
        ids=ids,
        at=[at for _id, at in sorted(tickets)],
    )
    tx.execute("DELETE FROM applicant_messages WHERE ticket_id = ANY(%(ids)s::uuid[])", ids=ids)


def claim(tx: Transaction, limit: int) -> list[Row]:
    """Messages that are to be sent now, this process's alone for LEASE_SECONDS.

    One whose process did not come back was perhaps sent: it goes out again with the same id.
    """
    return tx.rows(
        "UPDATE applicant_messages SET unanswered = unanswered + (state = 'sending')::int, state = 'sending',"
        " attempts = attempts + 1, changed_at = %(now)s, leased_until = (SELECT bancheng.real_now() + %(lease)s)"
        " WHERE id IN (SELECT id FROM applicant_messages WHERE (state = 'waiting' AND hold_until <= %(now)s"
        " AND next_try_at <= bancheng.real_now()) OR (state = 'sending' AND leased_until <= bancheng.real_now())"
        " ORDER BY created_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)"
        " RETURNING id, center, ticket_id, kind, department, due_on, attempts, leased_until",
        lease=timedelta(seconds=LEASE_SECONDS),
        limit=limit,
        now=tx.now,
    )


def end(tx: Transaction, id_: UUID, state: str, error: str | None) -> None:
    """It was delivered, or has failed for good."""
    tx.execute(
        "UPDATE applicant_messages SET state = %(state)s, error = %(error)s, changed_at = %(now)s, leased_until = NULL"
        " WHERE id = %(id)s AND state <> 'delivered'",
        id=id_,
        state=state,
        error=error,
        now=tx.now,
    )


def wait(tx: Transaction, claimed: Row, pause: timedelta, error: str, *, unanswered: bool) -> None:
    """It is sent again after a pause, unless another process has it by now."""
    tx.execute(
        "UPDATE applicant_messages SET state = 'waiting', error = %(error)s, changed_at = %(now)s, leased_until = NULL,"
        " unanswered = unanswered + %(unanswered)s::int, next_try_at = bancheng.real_now() + %(pause)s"
        " WHERE id = %(id)s AND state = 'sending' AND leased_until = %(leased_until)s",
        id=claimed.id,
        leased_until=claimed.leased_until,
        pause=pause,
        error=error,
        unanswered=unanswered,
        now=tx.now,
    )


def waiting(tx: Transaction) -> int:
    """How many are on their way and not held for a later day."""
    row = tx.row(
        "SELECT count(*) AS messages FROM applicant_messages WHERE state IN ('waiting', 'sending')"
        " AND hold_until <= bancheng.now()"
    )
    return int(row.messages) if row else 0
