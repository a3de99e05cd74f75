"""The lists of the week: what each department is to look at again."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.entries import ReviewReason, ReviewSubject, ReviewVerdict
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

_COLUMNS = (
    "r.id, r.week, r.department, r.subject_kind, r.subject, r.entry_id, r.reasons, r.due_at, r.verdict, r.why,"
    " r.reviewed_by, r.reviewed_at"
)


class Listed(NamedTuple):
    """Something that a department is to look at, and why. ``subject`` is the number of an entry or of a ticket, or the
    words that were asked.
    """

    department: str
    subject_kind: ReviewSubject
    subject: str
    entry_id: UUID | None
    reasons: tuple[ReviewReason, ...]


def begin_week(tx: Transaction, center: str, week: date) -> bool:
    """Whether the lists of a week are to be made now: False if they were, or if another process does so."""
    return bool(
        tx.execute(
            "INSERT INTO review_weeks (center, week, made_at) VALUES (%(center)s, %(week)s, %(now)s)"
            " ON CONFLICT DO NOTHING",
            center=center,
            week=week,
            now=tx.now,
        )
    )


def entries_to_list(tx: Transaction, center: str, *, reviewed_before: datetime, ending_before: date) -> list[Listed]:
    """Entries that are shown or being checked, with each reason to look at them."""
    rows = tx.rows(
        "SELECT e.id, e.number, e.owner, e.reviewed_at < %(reviewed_before)s AS not_reviewed,"
        " e.basis_ends < %(ending_before)s AS basis_ending, e.valid_until < %(ending_before)s AS validity_ending,"
        " EXISTS (SELECT FROM flags f WHERE f.entry_id = e.id AND f.ended_at IS NULL) AS flagged"
        " FROM entries e WHERE e.center = %(center)s AND e.state IN ('published', 'suspended') ORDER BY e.number",
        center=center,
        reviewed_before=reviewed_before,
        ending_before=ending_before,
    )
    kinds = (
        ReviewReason.NOT_REVIEWED,
        ReviewReason.FLAGGED,
        ReviewReason.BASIS_ENDING,
        ReviewReason.VALIDITY_ENDING,
    )
    found = []
    for row in rows:
        reasons = tuple(each for each in kinds if getattr(row, each))
        if reasons:
            found.append(Listed(row.owner, ReviewSubject.ENTRY, row.number, row.id, reasons))
    return found


def insert(
    tx: Transaction,
    ids: Sequence[UUID],
    center: str,
    week: date,
    listed: Sequence[Listed],
    *,
    due_at: datetime,
    next_level_at: datetime | None,
) -> None:
    """Put things on the lists of a week; ``ids`` are theirs."""
    rows = [
        each._asdict()
        | {
            "id": id_,
            "center": center,
            "week": week,
            "made_at": tx.now,
            "due_at": due_at,
            "next_level_at": next_level_at,
        }
        for id_, each in zip(ids, listed, strict=True)
    ]
    columns = "id, center, week, department, subject_kind, subject, entry_id, reasons, made_at, due_at, next_level_at"
    tx.execute(
        f"INSERT INTO reviews ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::reviews, %(rows)s)"
        " ON CONFLICT DO NOTHING",
        rows=as_json_rows(rows),
    )


def open_subjects(tx: Transaction, center: str) -> set[tuple[str, str, str]]:
    """What stands on some earlier list and was not looked at, as department, kind and subject: it is late by that one
    and is not listed again.
    """
    rows = tx.rows(
        "SELECT department, subject_kind, subject FROM reviews WHERE center = %(center)s AND ended_at IS NULL",
        center=center,
    )
    return {(row.department, row.subject_kind, row.subject) for row in rows}


def end(tx: Transaction, entry_id: UUID) -> None:
    """An entry is shown anew or over: nobody has to look at it for what stands on a list by now."""
    tx.execute(
        "UPDATE reviews SET ended_at = %(now)s, next_level_at = NULL WHERE entry_id = %(id)s AND ended_at IS NULL",
        id=entry_id,
        now=tx.now,
    )


def page(
    tx: Transaction,
    center: str,
    department: str | None,
    *,
    is_open: bool,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Row]:
    """What a department, or any, has still to look at, what is due first at the top; or what was looked at, the latest
    first.
    """
    order = "r.due_at, r.id" if is_open else "r.reviewed_at DESC, r.id DESC"
    place = "(r.due_at, r.id) >" if is_open else "(r.reviewed_at, r.id) <"
    values: dict[str, Any] = {"at": after and after[0], "id": after and after[1]}
    return tx.rows(
        f"SELECT {_COLUMNS}, e.question, e.state, e.valid_until, e.basis_ends FROM reviews r"
        " LEFT JOIN entries e ON e.id = r.entry_id WHERE r.center = %(center)s"
        + (" AND r.ended_at IS NULL" if is_open else " AND r.verdict IS NOT NULL")
        + " AND (%(department)s::text IS NULL OR r.department = %(department)s)"
        f" AND (%(at)s::timestamptz IS NULL OR {place} (%(at)s, %(id)s)) ORDER BY {order} LIMIT %(limit)s",
        center=center,
        department=department,
        limit=limit,
        **values,
    )


def lock(tx: Transaction, center: str, review_id: UUID) -> Row | None:
    """A line of a list, held until the end."""
    return tx.row(
        f"SELECT {_COLUMNS}, r.ended_at FROM reviews r WHERE r.id = %(id)s AND r.center = %(center)s FOR UPDATE",
        id=review_id,
        center=center,
    )


def say(tx: Transaction, review_id: UUID, verdict: ReviewVerdict, why: str, by: str) -> None:
    """It was looked at."""
    tx.execute(
        "UPDATE reviews SET verdict = %(verdict)s, why = %(why)s, reviewed_by = %(by)s, reviewed_at = %(now)s,"
        " ended_at = %(now)s, next_level_at = NULL WHERE id = %(id)s",
        id=review_id,
        verdict=verdict,
        why=why,
        by=by,
        now=tx.now,
    )
