"""Who is asked to vet a version, and what they said. Changed only while the entry is locked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.entries import VettingStage, VettingVerdict
from services.knowledge.rules.vetting import AskedDepartment
from services.plumbing.database.transaction import Row, Transaction, as_json_rows


class NewVetting(NamedTuple):
    """A department is asked; ``next_level_at`` is when it is late first."""

    entry_id: UUID
    version: int
    stage: VettingStage
    department: str
    center: str
    asked_at: datetime
    due_at: datetime
    next_level_at: datetime | None


_NEW = ", ".join(NewVetting._fields)


def ask(tx: Transaction, vettings: Sequence[NewVetting]) -> None:
    """Departments are asked."""
    tx.execute(
        f"INSERT INTO vettings ({_NEW}) SELECT {_NEW} FROM json_populate_recordset(NULL::vettings, %(rows)s)",
        rows=as_json_rows([each._asdict() for each in vettings]),
    )


def asked(tx: Transaction, entry_id: UUID, version: int) -> set[AskedDepartment]:
    """Those that have still to vet it."""
    rows = tx.rows(
        "SELECT stage, department FROM vettings WHERE entry_id = %(id)s AND version = %(version)s AND ended_at IS NULL",
        id=entry_id,
        version=version,
    )
    return {AskedDepartment(VettingStage(row.stage), row.department) for row in rows}


def say(
    tx: Transaction, entry_id: UUID, version: int, asked: AskedDepartment, verdict: VettingVerdict, reason: str, by: str
) -> None:
    """A department has vetted; if it did not sign, nobody else has to any more."""
    tx.execute(
        "UPDATE vettings SET ended_at = %(now)s, next_level_at = NULL,"
        " verdict = CASE WHEN stage = %(stage)s AND department = %(department)s THEN %(verdict)s END,"
        " reason = CASE WHEN stage = %(stage)s AND department = %(department)s THEN %(reason)s END,"
        " vetted_by = CASE WHEN stage = %(stage)s AND department = %(department)s THEN %(by)s END,"
        " vetted_at = CASE WHEN stage = %(stage)s AND department = %(department)s THEN %(now)s END"
        " WHERE entry_id = %(id)s AND version = %(version)s AND ended_at IS NULL"
        " AND (%(verdict)s <> 'approve' OR (stage = %(stage)s AND department = %(department)s))",
        id=entry_id,
        version=version,
        stage=asked.stage,
        department=asked.department,
        verdict=verdict,
        reason=reason,
        by=by,
        now=tx.now,
    )


def end(tx: Transaction, entry_id: UUID) -> None:
    """An entry is over: nobody has to vet what was handed in of it, which goes back to who wrote it."""
    tx.execute(
        "WITH ended AS (UPDATE vettings SET ended_at = %(now)s, next_level_at = NULL WHERE entry_id = %(id)s"
        " AND ended_at IS NULL) UPDATE entry_versions SET state = 'returned' WHERE entry_id = %(id)s"
        " AND state IN ('department_vetting', 'justice_vetting')",
        id=entry_id,
        now=tx.now,
    )


def of_entry(tx: Transaction, entry_id: UUID) -> list[Row]:
    """Everybody who was asked about any version, in the order in which they were."""
    return tx.rows(
        "SELECT version, stage, department, asked_at, due_at, verdict, reason, vetted_by, vetted_at, ended_at"
        " FROM vettings WHERE entry_id = %(id)s ORDER BY version, stage, asked_at, department",
        id=entry_id,
    )


def to_vet(
    tx: Transaction, center: str, department: str | None, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Row]:
    """What a department, or any, has still to vet, what is due first at the top."""
    values: dict[str, Any] = {"after_at": after and after[0], "after_id": after and after[1]}
    return tx.rows(
        "SELECT w.entry_id, e.number, v.question, w.version, w.stage, w.department, w.asked_at, w.due_at,"
        " v.departments, v.drafted_by, v.drafters, e.owner, e.published_version, v.answer, v.basis"
        " FROM vettings w JOIN entries e ON e.id = w.entry_id"
        " JOIN entry_versions v ON v.entry_id = w.entry_id AND v.version = w.version"
        " WHERE w.center = %(center)s AND w.ended_at IS NULL"
        " AND (%(department)s::text IS NULL OR w.department = %(department)s)"
        " AND (%(after_at)s::timestamptz IS NULL OR (w.due_at, w.entry_id) > (%(after_at)s, %(after_id)s))"
        " ORDER BY w.due_at, w.entry_id LIMIT %(limit)s",
        center=center,
        department=department,
        limit=limit,
        **values,
    )
