"""What waits for a leader: tickets to arbitrate and requests for more time. Changed only while the ticket is locked."""

from collections.abc import Collection, Sequence
from uuid import UUID

from schemas.enums import ExtensionState
from schemas.errors import NotFound
from schemas.reasons import ArbitrationReason
from services.plumbing.database.transaction import Row, Transaction, as_json_rows
from services.routing.rules.ticket import Extension, Ticket
from services.routing.store.lists import DUE, given

_EXTENSION = "id, ticket_id, round, working_days, reason, legal_basis, requested_by, requested_at, state"


def numbers_of(tx: Transaction, center: str, ids: Sequence[UUID]) -> list[str]:
    """The numbers of those of a center's tickets, in the order of ``ids``."""
    rows = tx.rows("SELECT id, number FROM tickets WHERE id = ANY(%(ids)s) AND center = %(c)s", ids=list(ids), c=center)
    known = {row.id: row.number for row in rows}
    return [known[id_] for id_ in ids if id_ in known]


def insert_arbitrations(tx: Transaction, rows: Sequence[tuple[UUID, Ticket, ArbitrationReason]]) -> set[UUID]:
    """Put tickets on the duty leader's docket; the ids of those that were not on it."""
    return tx.insert_new(
        "INSERT INTO arbitrations (id, ticket_id, center, round, reason, requested_at)"
        " SELECT (e->>0)::uuid, (e->>1)::uuid, e->>2, (e->>3)::int, e->>4, %(now)s"
        " FROM json_array_elements(%(rows)s) AS docketed (e) ON CONFLICT DO NOTHING RETURNING ticket_id",
        {ticket.id for _id, ticket, _reason in rows},
        rows=as_json_rows([(id_, ticket.id, ticket.center, ticket.round, reason) for id_, ticket, reason in rows]),
        now=tx.now,
    )


def open_arbitration(tx: Transaction, ticket_id: UUID) -> UUID | None:
    """The arbitration that waits for a decision on this ticket, if one does."""
    row = tx.row("SELECT id FROM arbitrations WHERE ticket_id = %(id)s AND ended_at IS NULL", id=ticket_id)
    return row.id if row else None


def no_rule_fits(tx: Transaction, ticket_id: UUID, arbitration_id: UUID) -> bool:
    """Whether this arbitration of the ticket waits for a decision, because no rule fits it."""
    return bool(
        tx.rows(
            "SELECT 1 FROM arbitrations WHERE id = %(id)s AND ticket_id = %(ticket)s AND ended_at IS NULL"
            " AND reason = %(reason)s",
            id=arbitration_id,
            ticket=ticket_id,
            reason=ArbitrationReason.NO_RULE,
        )
    )


def end_arbitration(tx: Transaction, ticket_id: UUID, *, by: str | None = None, why: str | None = None) -> None:
    """The duty leader decided; without ``by`` the ticket ended before anybody did, or ``why`` says what decided."""
    tx.execute(
        "UPDATE arbitrations SET ended_at = %(now)s, decided_by = %(by)s, why = %(why)s"
        " WHERE ticket_id = %(id)s AND ended_at IS NULL",
        id=ticket_id,
        by=by,
        why=why,
        now=tx.now,
    )


def insert_extension(tx: Transaction, center: str, extension: Extension) -> None:
    """More time is asked for."""
    tx.execute(
        f"INSERT INTO extensions ({_EXTENSION}, center) VALUES (%(id)s, %(ticket_id)s, %(round)s, %(working_days)s,"
        " %(reason)s, %(legal_basis)s, %(requested_by)s, %(requested_at)s, %(state)s, %(center)s)",
        **extension._asdict(),
        center=center,
    )


def open_extension(tx: Transaction, ticket_id: UUID) -> UUID | None:
    """The request that waits for a decision on this ticket, if one does."""
    row = tx.row("SELECT id FROM extensions WHERE ticket_id = %(id)s AND state = 'requested'", id=ticket_id)
    return row.id if row else None


def ticket_of_extension(tx: Transaction, extension_id: UUID, center: str) -> UUID:
    """The ticket of an extension of the center. Raises NotFound."""
    row = tx.row(
        "SELECT ticket_id FROM extensions WHERE id = %(id)s AND center = %(center)s", id=extension_id, center=center
    )
    if row is None:
        raise NotFound("no such extension")
    ticket_id: UUID = row.ticket_id
    return ticket_id


def extension(tx: Transaction, extension_id: UUID) -> Extension:
    """One extension, as it is now that its ticket is locked."""
    (row,) = tx.rows(f"SELECT {_EXTENSION} FROM extensions WHERE id = %(id)s", id=extension_id)
    return Extension(*row)._replace(state=ExtensionState(row.state))


def extensions_granted(tx: Transaction, ticket: Ticket) -> int:
    """How often the promise of this round was extended."""
    row = tx.row(
        "SELECT count(*) AS times FROM extensions WHERE ticket_id = %(id)s AND round = %(round)s AND state = 'granted'",
        id=ticket.id,
        round=ticket.round,
    )
    return int(row.times) if row else 0


def decide_extension(
    tx: Transaction, extension_id: UUID, state: ExtensionState, *, by: str, why: str | None = None
) -> None:
    """A leader granted or refused it."""
    tx.execute(
        "UPDATE extensions SET state = %(state)s, decided_by = %(by)s, decided_at = %(now)s, why = %(why)s"
        " WHERE id = %(id)s",
        id=extension_id,
        state=state,
        by=by,
        why=why,
        now=tx.now,
    )


def end_open_extension(tx: Transaction, ticket_id: UUID) -> None:
    """The ticket was answered or ended: a request that nobody has decided does not matter any more."""
    tx.execute(
        "UPDATE extensions SET state = 'lapsed', decided_at = %(now)s WHERE ticket_id = %(id)s AND state = 'requested'",
        id=ticket_id,
        now=tx.now,
    )


def arbitrations(tx: Transaction, center: str, *, after: UUID | None, limit: int) -> list[Row]:
    """What waits for the duty leader's decision, oldest first, with the deadline of the decision where it is known."""
    return tx.rows(
        "SELECT b.id AS arbitration_id, b.ticket_id, t.number, t.title, t.text, b.round, b.reason, b.requested_at,"
        " (SELECT due_at FROM deadlines c WHERE c.ticket_id = b.ticket_id AND c.kind = 'arbitrate'"
        " AND c.state IN ('running', 'breached') ORDER BY c.due_at DESC LIMIT 1) AS due_at"
        " FROM arbitrations b JOIN tickets t ON t.id = b.ticket_id WHERE b.center = %(center)s AND b.ended_at IS NULL"
        + given((" AND b.id > %(after)s", after))
        + " ORDER BY b.id LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def returns(tx: Transaction, ticket_ids: Collection[UUID]) -> list[Row]:
    """Which departments sent these tickets back, and why, oldest first."""
    return tx.rows(
        "SELECT ticket_id, department, reason, explanation, returned_at FROM assignments"
        " WHERE ticket_id = ANY(%(ids)s) AND state = 'returned' ORDER BY returned_at, id",
        ids=list(ticket_ids),
    )


def extensions(tx: Transaction, center: str, *, after: UUID | None, limit: int) -> list[Row]:
    """Requests for more time that nobody has decided, oldest first."""
    return tx.rows(
        "SELECT e.id, e.round, e.working_days, e.reason, e.legal_basis, e.requested_by, e.requested_at, e.state,"
        f" t.id AS ticket_id, t.number, t.title, t.lead, {DUE} FROM extensions e JOIN tickets t ON t.id = e.ticket_id"
        " WHERE e.center = %(center)s AND e.state = 'requested'"
        + given((" AND e.id > %(after)s", after))
        + " ORDER BY e.id LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )


def repeats(tx: Transaction, center: str, *, after: UUID | None, limit: int) -> list[Row]:
    """Open tickets in a second or later round, or that say what an earlier one said, the earliest first."""
    return tx.rows(
        "SELECT t.id AS ticket_id, t.number, t.title, t.shown_state AS state, t.round, t.complexity, t.lead,"
        f" t.first_responsible, t.repeat_of, o.number AS repeated_number, {DUE} FROM tickets t"
        " LEFT JOIN tickets o ON o.id = t.repeat_of AND o.center = t.center WHERE t.center = %(center)s"
        " AND t.state IN ('registered', 'in_arbitration', 'assigned') AND (t.repeat_of IS NOT NULL OR t.round > 1)"
        + given((" AND t.id > %(after)s", after))
        + " ORDER BY t.id LIMIT %(limit)s",
        center=center,
        after=after,
        limit=limit,
    )
