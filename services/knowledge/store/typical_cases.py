"""Typical cases, and which departments have consented to them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from schemas.cases import TypicalCaseState
from services.knowledge.rules.ticket import KnownTicket
from services.plumbing.database.transaction import Row, Transaction

_CASE = (
    "c.ticket_id, t.number, c.state, c.title, c.text, c.answer, c.lead, c.departments, c.promoted_by, c.promoted_at"
    " FROM typical_cases c JOIN tickets t ON t.id = c.ticket_id"
)
_IN_SCOPE = "(%(department)s::text IS NULL OR %(department)s = ANY(c.departments))"


def insert(
    tx: Transaction, ticket: KnownTicket, title: str, text: str, answer: str, departments: Collection[str], by: str
) -> None:
    """Store a new one; one that a department had refused, or that had been taken back, is begun anew."""
    tx.execute(
        "DELETE FROM typical_cases WHERE ticket_id = %(id)s AND state IN ('refused', 'taken_back')", id=ticket.id
    )
    tx.execute(
        "INSERT INTO typical_cases (ticket_id, center, state, title, text, answer, lead, departments, promoted_by,"
        " promoted_at, changed_at) VALUES (%(id)s, %(center)s, 'awaiting', %(title)s, %(text)s, %(answer)s, %(lead)s,"
        " %(departments)s::text[], %(by)s, %(now)s, %(now)s)",
        **{"id": ticket.id, "center": ticket.center, "title": title, "text": text, "answer": answer},
        **{"lead": ticket.lead, "departments": list(departments), "by": by, "now": tx.now},
    )


def find(tx: Transaction, center: str, ticket_id: UUID, *, lock: bool = False) -> Row | None:
    """The typical case of a ticket, if there is one."""
    return tx.row(
        f"SELECT {_CASE} WHERE c.ticket_id = %(id)s AND c.center = %(center)s{' FOR UPDATE OF c' if lock else ''}",
        **{"id": ticket_id, "center": center},
    )


def page(
    tx: Transaction,
    center: str,
    department: str | None,
    state: TypicalCaseState,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Row]:
    """Those in a state, the latest first; only those that name ``department``, if it is given."""
    at, id_ = after or (None, None)
    return tx.rows(
        f"SELECT {_CASE} WHERE c.center = %(center)s AND c.state = %(state)s AND {_IN_SCOPE}"
        " AND (%(at)s::timestamptz IS NULL OR (c.promoted_at, c.ticket_id) < (%(at)s, %(id)s::uuid))"
        " ORDER BY c.promoted_at DESC, c.ticket_id DESC LIMIT %(limit)s",
        **{"center": center, "department": department, "state": state, "at": at, "id": id_, "limit": limit},
    )


def consents(tx: Transaction, ticket_ids: Collection[UUID]) -> list[Row]:
    """What departments said of these."""
    return tx.rows(
        "SELECT ticket_id, department, consents, why, given_by, given_at FROM case_consents"
        " WHERE ticket_id = ANY(%(ids)s::uuid[])",
        ids=list(ticket_ids),
    )


def consent(tx: Transaction, ticket_id: UUID, department: str, by: str, *, consents: bool, why: str) -> None:
    """Keep what a department says, in place of what it said before."""
    tx.execute(
        "INSERT INTO case_consents (ticket_id, department, consents, why, given_by, given_at) VALUES (%(id)s,"
        " %(department)s, %(consents)s, %(why)s, %(by)s, %(now)s) ON CONFLICT (ticket_id, department) DO UPDATE SET"
        " consents = excluded.consents, why = excluded.why, given_by = excluded.given_by, given_at = excluded.given_at",
        **{"id": ticket_id, "department": department, "consents": consents, "why": why, "by": by, "now": tx.now},
    )


def set_state(tx: Transaction, ticket_id: UUID, state: TypicalCaseState) -> None:
    """It stands there from now on."""
    tx.execute(
        "UPDATE typical_cases SET state = %(state)s, changed_at = %(now)s WHERE ticket_id = %(id)s",
        **{"state": state, "id": ticket_id, "now": tx.now},
    )


def take_back(tx: Transaction, ticket_ids: Collection[UUID]) -> None:
    """These tickets turned out not to be solved: nobody reads them as a case any more."""
    tx.execute(
        "UPDATE typical_cases SET state = 'taken_back', changed_at = %(now)s"
        " WHERE ticket_id = ANY(%(ids)s::uuid[]) AND state <> 'taken_back'",
        **{"ids": list(ticket_ids), "now": tx.now},
    )


def delete(tx: Transaction, ticket_ids: Collection[UUID]) -> None:
    """What was personal in these tickets was deleted: no case is made of them, no draft that was not handed in, and no
    question leads to them. What was vetted speaks of nobody.
    """
    ids = list(ticket_ids)
    tx.execute("DELETE FROM typical_cases WHERE ticket_id = ANY(%(ids)s::uuid[])", ids=ids)
    tx.execute("DELETE FROM entries WHERE ticket_id = ANY(%(ids)s::uuid[]) AND state = 'draft'", ids=ids)
    tx.execute("UPDATE asked SET words_masked = '' WHERE ticket_id = ANY(%(ids)s::uuid[])", ids=ids)


def entry_of(tx: Transaction, ticket_id: UUID) -> Row | None:
    """The entry that was made of a ticket and is not over: id and number."""
    return tx.row(
        "SELECT id, number FROM entries WHERE ticket_id = %(id)s AND state NOT IN ('refused', 'expired')"
        " ORDER BY created_at DESC LIMIT 1",
        id=ticket_id,
    )
