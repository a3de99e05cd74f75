"""The lines of the ledger: tickets in the order in which they were registered, with what became of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.ticket import Scope
from services.routing.store.lists import DUE, given

_RATED = "FROM timeline l WHERE l.ticket_id = t.id AND l.what = 'ticket.rated' ORDER BY l.seq DESC LIMIT 1"
_OF_LEAD = "FROM assignments a WHERE a.ticket_id = t.id AND a.round = t.round AND a.role = 'lead'"
_IN_FORCE = "FROM escalations e WHERE e.ticket_id = t.id AND e.voided_at IS NULL AND e.recipients <> '{}'"
_LINE = (
    "t.id, t.number, t.registered_at, t.channel, t.title, t.text, t.matter, t.cause, t.complexity,"
    " t.shown_state AS state, t.round, t.first_responsible, t.lead, t.assisting, t.report, t.answer, t.answered_at,"
    f" t.outcome, t.closed_at, {DUE}, (SELECT min(a.made_at) {_OF_LEAD}) AS assigned_at,"
    f" (SELECT min(a.accepted_at) {_OF_LEAD}) AS accepted_at, (SELECT coalesce(sum(x.working_days), 0)::int"
    " FROM extensions x WHERE x.ticket_id = t.id AND x.state = 'granted') AS extended_days,"
    f" (SELECT l.text {_RATED}) AS rating, (SELECT l.at {_RATED}) AS rated_at,"
    f" (SELECT count(*)::int {_IN_FORCE}) AS escalations, (SELECT max(e.level) {_IN_FORCE}) AS highest_level"
)


def _filtered(scope: Scope, wanted: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The conditions of what is asked for, with their values."""
    conditions = "t.center = %(center)s" + given(
        (" AND t.registered_at >= %(since)s", wanted["since"]),
        (" AND t.registered_at < %(until)s", wanted["until"]),
        (" AND t.shown_state = %(state)s", wanted["state"]),
        (" AND t.complexity = %(complexity)s", wanted["complexity"]),
        (" AND t.cause = %(cause)s", wanted["cause"]),
        (" AND t.channel = %(channel)s", wanted["channel"]),
        (
            " AND EXISTS (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.department = %(department)s)",
            wanted["department"],
        ),
    )
    return conditions, wanted | {"center": scope.center}


def lines(
    tx: Transaction, scope: Scope, wanted: dict[str, Any], *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Row]:
    """Tickets of a center from a place on."""
    conditions, values = _filtered(scope, wanted)
    return tx.rows(
        f"SELECT {_LINE} FROM tickets t WHERE {conditions}"
        + given((" AND (t.registered_at, t.id) > (%(at)s, %(id)s)", after))
        + " ORDER BY t.registered_at, t.id LIMIT %(limit)s",
        at=after and after[0],
        id=after and after[1],
        limit=limit,
        **values,
    )


def count(tx: Transaction, scope: Scope, wanted: dict[str, Any]) -> int:
    """How many tickets there are in all."""
    conditions, values = _filtered(scope, wanted)
    row = tx.row(f"SELECT count(*) AS total FROM tickets t WHERE {conditions}", **values)
    return int(row.total) if row else 0


def assignments(tx: Transaction, ticket_ids: list[UUID]) -> list[Row]:
    """What departments sent back, and last reported, of tickets; the earliest first."""
    return tx.rows(
        "SELECT ticket_id, department, reason, explanation, returned_at, progress, progress_at FROM assignments"
        " WHERE ticket_id = ANY(%(ids)s) AND (returned_at IS NOT NULL OR progress IS NOT NULL) ORDER BY id",
        ids=ticket_ids,
    )
