"""The tickets and clocks as they are stored: read under a lock, written back in one statement a table."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas.center import Limit
from schemas.tickets import TicketRegistered
from schemas.words import DeadlineKind, DeadlineState, Light, Mark
from services.deadline_watch.clocks import Clock, MarkAt, Revision, Ticket
from services.plumbing.transaction import Row, Transaction, document

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
)
CLOCK = ", ".join((*_ONCE, *_CHANGING))
"""The columns that make a Clock."""

_STORED = f"{CLOCK}, next_mark_at, correlation_id"
_REVISION = ", ".join(Revision._fields)

_SAVE = (
    f"INSERT INTO deadlines ({_STORED}) SELECT {_STORED} FROM json_populate_recordset(NULL::deadlines, %(rows)s)"
    " ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{name} = EXCLUDED.{name}" for name in (*_CHANGING, "next_mark_at"))
)


def unknown(tx: Transaction, ticket_ids: Iterable[UUID]) -> set[UUID]:
    """Those of ``ticket_ids`` of which nothing is stored."""
    wanted = set(ticket_ids)
    rows = tx.rows("SELECT ticket_id FROM tickets WHERE ticket_id = ANY(%(ids)s)", ids=list(wanted))
    return wanted - {row.ticket_id for row in rows}


def admit(tx: Transaction, events: Iterable[TicketRegistered]) -> dict[UUID, Ticket]:
    """Write down the tickets that are new, and give them, locked."""
    new = {event.ticket_id: event for event in events}
    fresh = tx.fresh(
        "INSERT INTO tickets (ticket_id, center, number) SELECT ticket_id, center, number"
        " FROM json_populate_recordset(NULL::tickets, %(rows)s) ON CONFLICT DO NOTHING RETURNING ticket_id",
        new.keys(),
        rows=document([new[id_] for id_ in sorted(new)]),
    )
    return {id_: Ticket(ticket_id=id_, center=new[id_].center, number=new[id_].number) for id_ in fresh}


def lock(tx: Transaction, ticket_ids: Iterable[UUID]) -> dict[UUID, Ticket]:
    """The tickets that are known, with their clocks; locked in one order, so that replicas cannot lock crosswise.

    The clocks are read after the locks are held, so that what another replica has just set is seen too.
    """
    tickets = tx.rows(
        "SELECT ticket_id, center, number, lead, routed_at, ended_at FROM tickets WHERE ticket_id = ANY(%(ids)s)"
        " ORDER BY ticket_id FOR UPDATE",
        ids=sorted(set(ticket_ids)),
    )
    clocks: dict[UUID, list[Clock]] = {row.ticket_id: [] for row in tickets}
    for row in tx.rows(
        f"SELECT {CLOCK} FROM deadlines WHERE ticket_id = ANY(%(ids)s) ORDER BY ticket_id, id FOR UPDATE",
        ids=list(clocks),
    ):
        clocks[row.ticket_id].append(clock_of(row))
    return {row.ticket_id: Ticket(**row._asdict(), clocks=tuple(clocks[row.ticket_id])) for row in tickets}


def clock_of(row: Row) -> Clock:
    """The clock in a row of the CLOCK columns."""
    values = row._asdict()
    return Clock(
        **{name: values[name] for name in (*_ONCE, *_CHANGING)}
        | {
            "kind": DeadlineKind(row.kind),
            "state": DeadlineState(row.state),
            "light": Light(row.light) if row.light else None,
            "time_limit": Limit(**row.time_limit),
            "counted": tuple(row.counted),
            "marks": tuple(_mark(stored) for stored in row.marks),
        }
    )


def _mark(stored: Mapping[str, Any]) -> MarkAt:
    return MarkAt(
        Mark(stored["mark"]),
        stored["level"],
        stored["working_days"],
        Light(stored["light"]),
        datetime.fromisoformat(stored["at"]),
    )


def save(tx: Transaction, before: Mapping[UUID, Ticket], after: Mapping[UUID, Ticket]) -> None:
    """Write what has changed of the tickets and their clocks, and the revisions that ended."""
    changed = [ticket for id_, ticket in after.items() if ticket is not before.get(id_)]
    _save_tickets(tx, [ticket for ticket in changed if _heading(ticket) != _heading(before.get(ticket.ticket_id))])
    known = {id(clock) for ticket in before.values() for clock in ticket.clocks}
    save_clocks(tx, [clock for ticket in changed for clock in ticket.clocks if id(clock) not in known])


def _heading(ticket: Ticket | None) -> tuple[Any, ...] | None:
    return (ticket.lead, ticket.routed_at, ticket.ended_at) if ticket else None


def _save_tickets(tx: Transaction, tickets: list[Ticket]) -> None:
    if tickets:
        tx.run(
            "UPDATE tickets SET lead = v.lead, routed_at = v.routed_at, ended_at = v.ended_at"
            " FROM json_populate_recordset(NULL::tickets, %(rows)s) AS v WHERE tickets.ticket_id = v.ticket_id",
            rows=document([replace(ticket, clocks=()) for ticket in tickets]),
        )


def save_clocks(tx: Transaction, clocks: list[Clock]) -> None:
    """Write clocks, new or not, and the revisions that ended."""
    if clocks:
        tx.run(_SAVE, rows=document([_row(tx, clock) for clock in clocks]))
    if ended := [past._asdict() | {"deadline_id": clock.id} for clock in clocks for past in clock.past]:
        tx.run(
            f"INSERT INTO revisions (deadline_id, {_REVISION}) SELECT deadline_id, {_REVISION}"
            " FROM json_populate_recordset(NULL::revisions, %(rows)s)",
            rows=document(ended),
        )


def _row(tx: Transaction, clock: Clock) -> dict[str, Any]:
    correlation_id = tx.correlations.get(str(clock.ticket_id), tx.correlation_id)
    values = {name: getattr(clock, name) for name in (*_ONCE, *_CHANGING)}
    return values | {"next_mark_at": clock.next_mark_at, "correlation_id": correlation_id}
