"""The tickets and deadlines as they are stored: read under a lock, written back in one statement a table."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.center.center import Limit
from schemas.enums import Complexity, DeadlineKind, DeadlineState, Light, Mark
from services.deadline_watch.rules.deadline import AnnouncedChange, Deadline, MarkAt, Revision
from services.deadline_watch.rules.facts import Fact
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

DEADLINE = ", ".join(Deadline._fields)
"""The columns that make a Deadline."""

_TICKET = "ticket_id, center, number, facts, pauses_ended_at"
_STORED = (*Deadline._fields, "next_mark_at", "correlation_id")
_NEVER_CHANGE = ("id", "center", "ticket_id", "kind", "round", "about", "started_at", "correlation_id")
_SAVE = (
    f"INSERT INTO deadlines ({', '.join(_STORED)})"
    f" SELECT {', '.join(_STORED)} FROM json_populate_recordset(NULL::deadlines, %(rows)s)"
    " ON CONFLICT (id) DO UPDATE SET "
    + ", ".join(f"{name} = EXCLUDED.{name}" for name in _STORED if name not in _NEVER_CHANGE)
)


class TicketRecord(NamedTuple):
    """What is known of a ticket, and its deadlines as they were announced.

    ``number`` is None while the registration has not arrived. ``pauses_ended_at``: up to this instant long pauses have
    been ended.
    """

    ticket_id: UUID
    center: str
    number: str | None = None
    facts: tuple[Fact, ...] = ()
    pauses_ended_at: datetime | None = None
    deadlines: tuple[Deadline, ...] = ()


def unknown(tx: Transaction, ticket_ids: Iterable[UUID]) -> set[UUID]:
    """Those of ``ticket_ids`` whose registration has not arrived."""
    wanted = set(ticket_ids)
    rows = tx.rows(
        "SELECT ticket_id FROM tickets WHERE ticket_id = ANY(%(ids)s) AND number IS NOT NULL", ids=list(wanted)
    )
    return wanted - {row.ticket_id for row in rows}


def insert(tx: Transaction, tickets: Collection[TicketRecord]) -> set[UUID]:
    """Store the tickets that are new; returns their ids."""
    return tx.insert_new(
        f"INSERT INTO tickets ({_TICKET}) SELECT {_TICKET} FROM json_populate_recordset(NULL::tickets, %(rows)s)"
        " ON CONFLICT DO NOTHING RETURNING ticket_id",
        [ticket.ticket_id for ticket in tickets],
        rows=_ticket_rows(sorted(tickets, key=lambda ticket: ticket.ticket_id)),
    )


def lock(tx: Transaction, ticket_ids: Iterable[UUID], *, wait: bool = True) -> dict[UUID, TicketRecord]:
    """The tickets that are known, with their deadlines; locked in one order, so that replicas cannot lock crosswise.

    The deadlines are read once the tickets are locked, so that what another replica has just set is seen too. Without
    ``wait``, tickets that another replica has locked are left out.
    """
    rows = tx.rows(
        f"SELECT {_TICKET} FROM tickets"
        f" WHERE ticket_id = ANY(%(ids)s) ORDER BY ticket_id FOR UPDATE{'' if wait else ' SKIP LOCKED'}",
        ids=sorted(set(ticket_ids)),
    )
    deadlines: dict[UUID, list[Deadline]] = {row.ticket_id: [] for row in rows}
    for row in tx.rows(
        f"SELECT {DEADLINE} FROM deadlines WHERE ticket_id = ANY(%(ids)s) ORDER BY ticket_id, id FOR UPDATE",
        ids=list(deadlines),
    ):
        deadlines[row.ticket_id].append(deadline_of(row))
    return {
        row.ticket_id: TicketRecord(
            row.ticket_id,
            row.center,
            row.number,
            facts_in(row.facts),
            row.pauses_ended_at,
            tuple(deadlines[row.ticket_id]),
        )
        for row in rows
    }


def facts_in(stored: Iterable[dict[str, Any]]) -> tuple[Fact, ...]:
    """The facts in the column of that name."""
    return tuple(map(_fact, stored))


def _fact(stored: dict[str, Any]) -> Fact:
    values = stored | {"at": datetime.fromisoformat(stored["at"]), "id": UUID(stored["id"])}
    if "about" in stored:
        values["about"] = UUID(stored["about"])
    if "complexity" in stored:
        values["complexity"] = Complexity(stored["complexity"])
    return Fact(**values)


def deadline_of(row: Row) -> Deadline:
    """The deadline in a row of the DEADLINE columns."""
    return Deadline(*row)._replace(
        kind=DeadlineKind(row.kind),
        state=DeadlineState(row.state),
        light=Light(row.light) if row.light else None,
        time_limit=Limit(**row.time_limit),
        counted=tuple(row.counted),
        marks=tuple(map(_mark, row.marks)),
        announced_changes=tuple(map(_announced_change, row.announced_changes)),
    )


def _mark(stored: dict[str, Any]) -> MarkAt:
    values = stored | {
        "mark": Mark(stored["mark"]),
        "light": Light(stored["light"]),
        "at": datetime.fromisoformat(stored["at"]),
    }
    if old := stored.get("old_revision"):
        times = {name: datetime.fromisoformat(old[name]) for name in ("due_at", "revised_at")}
        values["old_revision"] = Revision(**old | times)
    return MarkAt(**values)


def _announced_change(stored: dict[str, Any]) -> AnnouncedChange:
    return AnnouncedChange(**stored | {name: datetime.fromisoformat(stored[name]) for name in ("at", "due_at")})


def save(tx: Transaction, tickets: Collection[TicketRecord], deadlines: Sequence[Deadline]) -> None:
    """Write tickets, which must be stored already, and deadlines, new or not."""
    if tickets:
        tx.execute(
            "UPDATE tickets SET center = v.center, number = v.number, facts = v.facts,"
            " pauses_ended_at = v.pauses_ended_at FROM json_populate_recordset(NULL::tickets, %(rows)s) AS v"
            " WHERE tickets.ticket_id = v.ticket_id",
            rows=_ticket_rows(tickets),
        )
    if deadlines:
        tx.execute(_SAVE, rows=as_json_rows([_deadline_row(tx, deadline) for deadline in deadlines]))


def _ticket_rows(tickets: Iterable[TicketRecord]) -> str:
    return as_json_rows(
        [
            ticket._replace(deadlines=())._asdict() | {"facts": list(map(_without_none, ticket.facts))}
            for ticket in tickets
        ]
    )


def _deadline_row(tx: Transaction, deadline: Deadline) -> dict[str, Any]:
    coming = deadline.marks[deadline.next_mark :]
    return deadline._asdict() | {
        "marks": list(map(_without_none, deadline.marks)),
        "next_mark_at": coming[0].at if coming else None,
        "correlation_id": tx.correlations.get(str(deadline.ticket_id), tx.correlation_id),
    }


def _without_none(value: Fact | MarkAt) -> dict[str, Any]:
    return {name: each for name, each in value._asdict().items() if each is not None}
