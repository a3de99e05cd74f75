"""The tickets and deadlines as they are stored: read under a lock, written back in one statement a table."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.center.center import Limit
from schemas.enums import Complexity, DeadlineKind, DeadlineState, Light, Mark
from services.deadline_watch.rules.deadline import Deadline, Entry, MarkAt, Revision, Ticket
from services.deadline_watch.rules.facts import Fact
from services.plumbing.database.transaction import Row, Transaction, as_json_rows

_ONCE = ("id", "center", "ticket_id", "kind", "round", "about", "started_at")
_CHANGING = (
    "department",
    "time_limit",
    "due_at",
    "counted",
    "provisional",
    "calendar_version",
    "center_version",
    "revision",
    "revised_at",
    "why",
    "state",
    "light",
    "ended_at",
    "marks",
    "position",
    "counted_from",
    "remaining",
    "extended",
    "asked_at",
    "pause_ends_at",
    "trail",
    "sequence",
)
DEADLINE = ", ".join((*_ONCE, *_CHANGING))
"""The columns that make a Deadline."""

_STORED = f"{DEADLINE}, next_mark_at, correlation_id"

_SAVE = (
    f"INSERT INTO deadlines ({_STORED}) SELECT {_STORED} FROM json_populate_recordset(NULL::deadlines, %(rows)s)"
    " ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{name} = EXCLUDED.{name}" for name in (*_CHANGING, "next_mark_at"))
)


class TicketRecord(NamedTuple):
    """A ticket with its deadlines as they were announced, and what is known of its history.

    ``number`` is None while its registration has not been heard of. Pauses were ended as of ``until``.
    """

    ticket: Ticket
    number: str | None
    facts: tuple[Fact, ...] = ()
    until: datetime | None = None


def unknown(tx: Transaction, ticket_ids: Iterable[UUID]) -> set[UUID]:
    """Those of ``ticket_ids`` whose registration has not been heard of."""
    wanted = set(ticket_ids)
    rows = tx.rows(
        "SELECT ticket_id FROM tickets WHERE ticket_id = ANY(%(ids)s) AND number IS NOT NULL", ids=list(wanted)
    )
    return wanted - {row.ticket_id for row in rows}


def insert(tx: Transaction, tickets: Mapping[UUID, TicketRecord]) -> set[UUID]:
    """Write down the tickets that are new; which those are."""
    return tx.insert_new(
        "INSERT INTO tickets (ticket_id, center, number, lead, ended_at, facts, until)"
        " SELECT ticket_id, center, number, lead, ended_at, facts, until"
        " FROM json_populate_recordset(NULL::tickets, %(rows)s) ON CONFLICT DO NOTHING RETURNING ticket_id",
        tickets.keys(),
        rows=as_json_rows([_ticket_row(tickets[id_]) for id_ in sorted(tickets)]),
    )


def lock(tx: Transaction, ticket_ids: Iterable[UUID], *, wait: bool = True) -> dict[UUID, TicketRecord]:
    """The tickets that are known, with their deadlines; locked in one order, so that replicas cannot lock crosswise.

    The deadlines are read after the locks are held, so that what another replica has just set is seen too. Without
    ``wait``, those that another replica holds are left to it.
    """
    rows = tx.rows(
        "SELECT ticket_id, center, number, lead, ended_at, facts, until FROM tickets"
        f" WHERE ticket_id = ANY(%(ids)s) ORDER BY ticket_id FOR UPDATE{'' if wait else ' SKIP LOCKED'}",
        ids=sorted(set(ticket_ids)),
    )
    deadlines: dict[UUID, list[Deadline]] = {row.ticket_id: [] for row in rows}
    for row in tx.rows(
        f"SELECT {DEADLINE} FROM deadlines WHERE ticket_id = ANY(%(ids)s) ORDER BY ticket_id, id FOR UPDATE",
        ids=list(deadlines),
    ):
        deadlines[row.ticket_id].append(deadline_of(row))
    return {row.ticket_id: _stored(row, deadlines[row.ticket_id]) for row in rows}


def _stored(row: Row, deadlines: Sequence[Deadline]) -> TicketRecord:
    ticket = Ticket(
        ticket_id=row.ticket_id, center=row.center, lead=row.lead, ended_at=row.ended_at, deadlines=tuple(deadlines)
    )
    return TicketRecord(ticket, row.number, tuple(map(_fact, row.facts)), row.until)


def _fact(stored: Mapping[str, Any]) -> Fact:
    values = dict(stored) | {"at": datetime.fromisoformat(stored["at"]), "id": UUID(stored["id"])}
    if "about" in stored:
        values["about"] = UUID(stored["about"])
    if "complexity" in stored:
        values["complexity"] = Complexity(stored["complexity"])
    return Fact(**values)


def deadline_of(row: Row) -> Deadline:
    """The deadline in a row of the DEADLINE columns."""
    values = row._asdict()
    return Deadline(
        **{name: values[name] for name in (*_ONCE, *_CHANGING)}
        | {
            "kind": DeadlineKind(row.kind),
            "state": DeadlineState(row.state),
            "light": Light(row.light) if row.light else None,
            "time_limit": Limit(**row.time_limit),
            "counted": tuple(row.counted),
            "marks": tuple(map(_mark, row.marks)),
            "trail": tuple(map(_entry, row.trail)),
        }
    )


def _mark(stored: Mapping[str, Any]) -> MarkAt:
    under = stored.get("under")
    return MarkAt(
        Mark(stored["mark"]),
        stored["level"],
        stored["working_days"],
        Light(stored["light"]),
        datetime.fromisoformat(stored["at"]),
        Revision(under["revision"], *(datetime.fromisoformat(under[name]) for name in ("due_at", "revised_at")))
        if under
        else None,
    )


def _entry(stored: Mapping[str, Any]) -> Entry:
    times = {name: datetime.fromisoformat(stored[name]) for name in ("at", "due_at")}
    return Entry(**(dict(stored) | times))


def save(tx: Transaction, tickets: Collection[TicketRecord], deadlines: Sequence[Deadline]) -> None:
    """Write tickets that are known and deadlines, new or not."""
    if tickets:
        tx.execute(
            "UPDATE tickets SET center = v.center, number = v.number, lead = v.lead, ended_at = v.ended_at,"
            " facts = v.facts, until = v.until FROM json_populate_recordset(NULL::tickets, %(rows)s) AS v"
            " WHERE tickets.ticket_id = v.ticket_id",
            rows=as_json_rows(list(map(_ticket_row, tickets))),
        )
    if deadlines:
        tx.execute(_SAVE, rows=as_json_rows([_row(tx, deadline) for deadline in deadlines]))


def _ticket_row(stored: TicketRecord) -> dict[str, Any]:
    ticket = stored.ticket
    return {
        "ticket_id": ticket.ticket_id,
        "center": ticket.center,
        "number": stored.number,
        "lead": ticket.lead,
        "ended_at": ticket.ended_at,
        "facts": [_without_none(fact._asdict()) for fact in stored.facts],
        "until": stored.until,
    }


def _row(tx: Transaction, deadline: Deadline) -> dict[str, Any]:
    correlation_id = tx.correlations.get(str(deadline.ticket_id), tx.correlation_id)
    values = {name: getattr(deadline, name) for name in (*_ONCE, *_CHANGING)}
    next_mark_at = deadline.marks[deadline.position].at if deadline.position < len(deadline.marks) else None
    marks = [_without_none(mark._asdict()) for mark in deadline.marks]
    return values | {"marks": marks, "next_mark_at": next_mark_at, "correlation_id": correlation_id}


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
