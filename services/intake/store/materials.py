"""The papers that applicants were asked for, and when they came."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from services.intake.rules.pauses import Pause
from services.intake.store.tickets import OPEN
from services.plumbing.database.transaction import Row, Transaction


def requests_of(tx: Transaction, ticket_id: UUID, round: int) -> list[Row]:
    """What was asked for in a round, oldest first: items, until when, how long the promise waits, what became of it."""
    return tx.rows(
        "SELECT items, due_on, requested_at, supplied_at, working_days_left FROM material_requests"
        " WHERE ticket_id = %(id)s AND round = %(round)s ORDER BY id",
        id=ticket_id,
        round=round,
    )


def pauses_in(requests: Iterable[Row]) -> list[Pause]:
    """The pauses of the promise that requests brought, in the same order."""
    return [Pause(each.requested_at, each.supplied_at, each.working_days_left) for each in requests]


def insert_request(
    tx: Transaction,
    ticket_id: UUID,
    round: int,
    items: Sequence[str],
    due_on: date | None,
    working_days_left: int,
    by: str,
) -> None:
    """Store what the citizen has to bring, until when, and for how long the promise waits at most."""
    tx.execute("UPDATE tickets SET materials = %(items)s WHERE id = %(id)s", id=ticket_id, items=list(items))
    tx.execute(
        "INSERT INTO material_requests"
        " (ticket_id, round, items, due_on, working_days_left, requested_at, requested_by)"
        " VALUES (%(id)s, %(round)s, %(items)s, %(due_on)s, %(left)s, %(now)s, %(by)s)",
        id=ticket_id,
        round=round,
        items=list(items),
        due_on=due_on,
        left=working_days_left,
        now=tx.now,
        by=by,
    )


def update_supplied(tx: Transaction, ticket_id: UUID, by: str) -> None:
    """Store that the papers were supplied, and who took them."""
    tx.execute(
        "UPDATE material_requests SET supplied_at = %(now)s, supplied_by = %(by)s"
        " WHERE ticket_id = %(id)s AND supplied_at IS NULL",
        id=ticket_id,
        by=by,
        now=tx.now,
    )


def insert_tolerated(
    tx: Transaction,
    ticket_id: UUID,
    round: int,
    items: Sequence[str],
    promised_on: date,
    attachment_id: UUID | None,
    by: str,
) -> None:
    """Store which papers may come later, and by when they were promised."""
    tx.execute(
        "INSERT INTO tolerated_materials"
        " (ticket_id, round, items, promised_on, attachment_id, tolerated_at, tolerated_by)"
        " VALUES (%(id)s, %(round)s, %(items)s, %(promised_on)s, %(attachment_id)s, %(now)s, %(by)s)",
        id=ticket_id,
        round=round,
        items=list(items),
        promised_on=promised_on,
        attachment_id=attachment_id,
        now=tx.now,
        by=by,
    )


def tolerated_of(tx: Transaction, ticket_id: UUID) -> list[Row]:
    """The papers of a ticket that may come later, oldest first."""
    return tx.rows(
        "SELECT items, promised_on, attachment_id, tolerated_at, supplied_at, lapsed_at, round"
        " FROM tolerated_materials WHERE ticket_id = %(id)s ORDER BY id",
        id=ticket_id,
    )


def broken_promises(
    tx: Transaction, center: str, phones: Sequence[bytes], id_numbers: Sequence[bytes], credit_code: str | None
) -> int:
    """How many promises of an applicant have lapsed and were not mended, by keyed fingerprints or credit code."""
    row = tx.row(
        "SELECT count(*) AS promises FROM tolerated_materials p JOIN tickets t ON t.id = p.ticket_id"
        " WHERE p.supplied_at IS NULL AND p.lapsed_at IS NOT NULL AND t.center = %(center)s"
        " AND (t.phone_fingerprint = ANY(%(phones)s) OR t.id_number_fingerprint = ANY(%(id_numbers)s)"
        " OR t.credit_code = %(credit_code)s)",
        center=center,
        phones=list(phones),
        id_numbers=list(id_numbers),
        credit_code=credit_code,
    )
    return int(row.promises) if row else 0


def supply_tolerated(tx: Transaction, ticket_id: UUID, by: str) -> list[Row]:
    """The papers of a ticket that were to come later are there: the rounds in which they were promised."""
    return tx.rows(
        "UPDATE tolerated_materials SET supplied_at = %(now)s, supplied_by = %(by)s"
        " WHERE ticket_id = %(id)s AND supplied_at IS NULL RETURNING round, lapsed_at",
        id=ticket_id,
        by=by,
        now=tx.now,
    )


def lapse(tx: Transaction, center: str, today: date, limit: int) -> list[Row]:
    """End promises of open tickets whose day is before ``today``; what others have locked is left to them."""
    return tx.rows(
        "UPDATE tolerated_materials SET lapsed_at = %(now)s WHERE id = ANY(ARRAY(SELECT p.id FROM tolerated_materials p"
        f" JOIN tickets t ON t.id = p.ticket_id WHERE t.center = %(center)s AND t.{OPEN} AND p.promised_on < %(today)s"
        " AND p.supplied_at IS NULL AND p.lapsed_at IS NULL ORDER BY p.id LIMIT %(limit)s FOR UPDATE OF p SKIP LOCKED))"
        " RETURNING ticket_id, round, promised_on",
        center=center,
        today=today,
        limit=limit,
        now=tx.now,
    )
