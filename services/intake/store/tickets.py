"""Registered tickets: how they are found, and what is changed at the window."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.enums import Rating, TicketState
from schemas.errors import Invalid, NotFound
from schemas.reasons import DeclineReason
from services.intake.rules.tickets import RoundState
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

OPEN = "state IN ('registered', 'in_arbitration', 'assigned', 'awaiting_materials')"
_TICKET = "SELECT *, ARRAY(SELECT round FROM ratings WHERE ticket_id = tickets.id) AS rated_rounds FROM tickets"


def ticket(tx: Transaction, center: str, ticket_id: UUID, *, department: str | None = None, lock: bool = False) -> Row:
    """A ticket of the center, if ``department`` is given one that this department leads or assists in. With ``lock``
    nobody else changes it until the transaction ends. Raises NotFound.
    """
    condition = (
        "id = %(id)s AND center = %(center)s"
        " AND (%(department)s::text IS NULL OR lead = %(department)s OR %(department)s = ANY(assisting))"
    )
    row = _found(tx, lock, condition, id=ticket_id, center=center, department=department)
    if row is None:
        raise NotFound("There is no such ticket.")
    return row


def ticket_of_number(tx: Transaction, center: str, number: str) -> Row:
    """The ticket of the center with this number, locked. Raises NotFound."""
    row = _found(tx, True, "number = %(number)s AND center = %(center)s", number=number, center=center)
    if row is None:
        raise NotFound("There is no such ticket.")
    return row


def ticket_of_citizen(tx: Transaction, number: str, query_codes: Sequence[bytes], *, lock: bool = False) -> Row:
    """The ticket with this number and code. Raises NotFound, the same for a wrong number or code."""
    condition = "number = %(number)s AND query_code = ANY(%(query_codes)s)"
    row = _found(tx, lock, condition, number=number, query_codes=list(query_codes))
    if row is None:
        raise NotFound("There is no ticket with this number and code.")
    return row


def _found(tx: Transaction, lock: bool, condition: str, **values: Any) -> Row | None:
    """The row is locked first and read then: a read that waits for the lock shows the ratings from before the wait."""
    if lock:
        tx.row(f"SELECT id FROM tickets WHERE {condition} FOR UPDATE", **values)
    return tx.row(f"{_TICKET} WHERE {condition}", **values)


def page(
    tx: Transaction,
    center: str,
    *,
    limit: int,
    after: str | None = None,
    phone_fingerprints: Sequence[bytes] = (),
    **wanted: Any,
) -> list[Row]:
    """Up to ``limit`` tickets of the center, newest first, after the cursor ``after``. Raises Invalid for a bad cursor.

    The ``wanted`` columns that are not None must be equal, and the phone must match if ``phone_fingerprints`` are
    given.
    """
    fitting = {column: value for column, value in wanted.items() if value is not None}
    conditions = ["center = %(center)s", *(f"{column} = %({column})s" for column in fitting)]
    if phone_fingerprints:
        conditions.append("phone_fingerprint = ANY(%(phone_fingerprints)s)")
        fitting["phone_fingerprints"] = list(phone_fingerprints)
    if after is not None:
        conditions.append("id < %(after)s")
        try:
            fitting["after"] = UUID(after)
        except ValueError:
            raise Invalid("after", "Must be the next of an earlier reply.") from None
    return tx.rows(
        f"{_TICKET} WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT %(limit)s",
        center=center,
        limit=limit,
        **fitting,
    )


def some(tx: Transaction, center: str, ticket_ids: Sequence[UUID]) -> list[Row]:
    """Those of the center among some tickets, the earliest first."""
    return tx.rows(
        f"{_TICKET} WHERE center = %(center)s AND id = ANY(%(ids)s) ORDER BY id", center=center, ids=list(ticket_ids)
    )


def open_of(tx: Transaction, center: str, staff: str, limit: int) -> list[Row]:
    """Up to ``limit`` open tickets that somebody follows to the end, the earliest due first."""
    return tx.rows(
        f"{_TICKET} WHERE center = %(center)s AND first_responsible = %(staff)s AND {OPEN}"
        " ORDER BY due_at NULLS LAST, id LIMIT %(limit)s",
        center=center,
        staff=staff,
        limit=limit,
    )


def round_state_of(row: Row) -> RoundState:
    """The state of a stored ticket."""
    return RoundState(
        TicketState(row.state), row.round, row.since, TicketState(row.resume_state) if row.resume_state else None
    )


def update_states(tx: Transaction, states: Sequence[tuple[UUID, RoundState]]) -> None:
    """Store the states of tickets."""
    tx.execute(
        "UPDATE tickets SET state = given.state, round = given.round, since = given.since,"
        " resume_state = given.resume_state FROM json_to_recordset(%(rows)s)"
        " AS given (id uuid, state text, round int, since timestamptz, resume_state text) WHERE tickets.id = given.id",
        rows=as_json_rows([asdict(each) | {"id": id_} for id_, each in states]),
    )


def keep_decline(tx: Transaction, ticket_id: UUID, reason: DeclineReason, remedy: str, by: str) -> None:
    """Store why a ticket was not accepted, and who decided it."""
    tx.execute(
        "UPDATE tickets SET decline_reason = %(reason)s, remedy = %(remedy)s, declined_by = %(by)s WHERE id = %(id)s",
        id=ticket_id,
        reason=reason,
        remedy=remedy,
        by=by,
    )


def keep_withdrawal(tx: Transaction, ticket_id: UUID, by: str | None) -> None:
    """Store which clerk was told that the citizen withdraws; None when the citizen did it without a clerk."""
    tx.execute("UPDATE tickets SET withdrawn_by = %(by)s WHERE id = %(id)s", id=ticket_id, by=by)


def keep_rating(
    tx: Transaction, ticket_id: UUID, round: int, rating: Rating, comment: str, recorded_by: str | None
) -> None:
    """Store a round's rating; ``recorded_by`` is the clerk, None when the citizen gave it without one."""
    tx.execute(
        "INSERT INTO ratings (ticket_id, round, rating, comment, rated_at, recorded_by)"
        " VALUES (%(id)s, %(round)s, %(rating)s, %(comment)s, %(now)s, %(recorded_by)s)",
        id=ticket_id,
        round=round,
        rating=rating,
        comment=comment,
        now=tx.now,
        recorded_by=recorded_by,
    )


def now_due(row: Row) -> datetime | None:
    """When the promise of the present round is due; None if that is not known, or the ticket has ended early."""
    is_over = row.state in (TicketState.DECLINED, TicketState.WITHDRAWN)
    return row.due_at if row.due_round == row.round and not is_over else None


def ratings_of(tx: Transaction, ticket_id: UUID) -> list[Row]:
    """The ratings of a ticket, by round."""
    return tx.rows("SELECT round, rating, rated_at FROM ratings WHERE ticket_id = %(id)s ORDER BY round", id=ticket_id)
