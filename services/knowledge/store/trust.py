"""What was foretold of tickets and what became of it: how far suggestions and rules can be trusted."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.events.tickets import TicketRouted
from services.knowledge.rules.ticket import BAD, GOOD, KnownTicket
from services.knowledge.store.tickets import COLUMNS, ticket_of
from services.plumbing.database.transaction import Row, Transaction, as_json_rows


class TrustPeriod(NamedTuple):
    """From an instant up to another, in one center; months are those of its ``zone``."""

    center: str
    since: datetime
    until: datetime
    zone: str


class Forecast(NamedTuple):
    """The departments that were suggested for a ticket, ``is_clear`` if they were shown, and those of the rules."""

    ticket_id: UUID
    suggested: Sequence[str]
    is_clear: bool
    by_rules: Sequence[str]


def expect(tx: Transaction, tickets: Sequence[UUID]) -> None:
    """Something is to be foretold of these new tickets."""
    tx.execute(
        "INSERT INTO forecast_backlog SELECT unnest(%(ids)s::uuid[]) ON CONFLICT DO NOTHING", ids=sorted(tickets)
    )


def expected(tx: Transaction, limit: int) -> list[KnownTicket]:
    """The newest of which something is to be foretold, taken from the list for good."""
    rows = tx.rows(
        "DELETE FROM forecast_backlog WHERE ticket_id = ANY(ARRAY(SELECT ticket_id FROM forecast_backlog"
        " ORDER BY ticket_id DESC LIMIT %(limit)s FOR UPDATE SKIP LOCKED)) RETURNING ticket_id",
        limit=limit,
    )
    ids = [row.ticket_id for row in rows]
    found = tx.rows(f"SELECT {COLUMNS} FROM tickets WHERE id = ANY(%(ids)s::uuid[])", ids=ids) if ids else []
    return [ticket_of(row) for row in found]


def keep_forecasts(tx: Transaction, forecasts: Sequence[Forecast]) -> None:
    """What was foretold stays as it was."""
    tx.execute(
        "INSERT INTO forecasts SELECT * FROM json_populate_recordset(NULL::forecasts, %(rows)s) ON CONFLICT DO NOTHING",
        rows=as_json_rows([each._asdict() for each in forecasts]),
    )


def forget(tx: Transaction, tickets: Sequence[UUID]) -> None:
    """Nothing is foretold of these tickets any more. What was, and who got them, are codes of departments, and stay."""
    tx.execute("DELETE FROM forecast_backlog WHERE ticket_id = ANY(%(ids)s::uuid[])", ids=list(tickets))


def keep_routings(tx: Transaction, events: Sequence[TicketRouted]) -> None:
    """Who got which tickets, and by which rule or leader."""
    names = ("ticket_id", "center", "lead", "rule", "decided_by", "routed_at")
    rows = [{"event_id": tx.id_of(event)} | {name: getattr(event, name) for name in names} for event in events]
    columns = f"event_id, {', '.join(names)}"
    tx.execute(
        f"INSERT INTO routings ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::routings, %(rows)s)"
        " ON CONFLICT DO NOTHING",
        rows=as_json_rows(rows),
    )


_HITS = """
SELECT to_char(t.closed_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, t.lead AS department,
    grouping(to_char(t.closed_at AT TIME ZONE %(zone)s, 'YYYY-MM')) = 1 AS of_all_months,
    grouping(t.lead) = 1 AS of_all_departments,
    count(*) AS tickets,
    count(*) FILTER (WHERE f.is_clear) AS shown,
    count(*) FILTER (WHERE f.is_clear AND f.suggested[1] = t.lead) AS shown_first,
    count(*) FILTER (WHERE f.suggested[1] = t.lead) AS suggested_first,
    count(*) FILTER (WHERE t.lead = ANY(f.suggested)) AS suggested_among,
    count(*) FILTER (WHERE f.by_rules[1] = t.lead) AS ruled_first,
    count(*) FILTER (WHERE t.lead = ANY(f.by_rules)) AS ruled_among
FROM forecasts f JOIN tickets t ON t.id = f.ticket_id
WHERE t.center = %(center)s AND t.closed_at >= %(since)s AND t.closed_at < %(until)s AND NOT t.ended
    AND t.outcome = ANY(%(good)s) AND t.lead IS NOT NULL AND t.closed_round = t.round AND t.answered_round = t.round
    AND NOT (t.rated_round = t.round AND coalesce(t.rating, '') = ANY(%(bad)s))
GROUP BY GROUPING SETS ((1), (2), ()) ORDER BY of_all_months, month, tickets DESC, department
"""


def hits(tx: Transaction, period: TrustPeriod) -> list[Row]:
    """How often the department that solved a ticket was foretold, by month, by department, and of all."""
    return tx.rows(_HITS, **period._asdict(), good=sorted(GOOD), bad=sorted(BAD))


def taken(tx: Transaction, period: TrustPeriod) -> list[Row]:
    """By month, in which ``place`` what leaders decided stood among what they were shown; None if it did not."""
    return tx.rows(
        "SELECT to_char(decided_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month,"
        " array_position(suggested, department) AS place, count(*) AS decisions FROM decisions"
        " WHERE center = %(center)s AND decided_at >= %(since)s AND decided_at < %(until)s AND was_shown"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        **period._asdict(),
    )


_RULED = """
FROM routings r LEFT JOIN LATERAL (
    SELECT l.lead, l.decided_by, l.routed_at FROM routings l WHERE l.ticket_id = r.ticket_id AND l.lead <> r.lead
        AND (l.routed_at, l.event_id) > (r.routed_at, r.event_id) ORDER BY l.routed_at, l.event_id LIMIT 1
    ) AS later ON true
WHERE r.center = %(center)s AND r.rule IS NOT NULL AND r.routed_at >= %(since)s AND r.routed_at < %(until)s
"""


def rules(tx: Transaction, period: TrustPeriod) -> list[Row]:
    """Each rule that decided something: how often, and how often another department got the ticket after all, by a
    leader's decision or because the first sent it back. Those that were overruled most, as a share, first.
    """
    return tx.rows(
        "SELECT r.rule, count(*) AS routed, count(later.lead) AS overruled, count(later.decided_by) AS by_leader"
        f" {_RULED} GROUP BY r.rule ORDER BY count(later.lead)::float / count(*) DESC, count(later.lead) DESC, r.rule",
        **period._asdict(),
    )


def overruled(
    tx: Transaction, period: TrustPeriod, rule: str, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Row]:
    """The tickets in which a rule was overruled, the latest first."""
    return tx.rows(
        "SELECT o.event_id AS key, o.ticket_id AS id, t.number, t.title, o.lead, o.routed_at, o.then_lead,"
        " o.decided_by, o.overruled_at FROM (SELECT r.event_id, r.ticket_id, r.lead, r.routed_at,"
        f" later.lead AS then_lead, later.decided_by, later.routed_at AS overruled_at {_RULED} AND r.rule = %(rule)s)"
        " AS o JOIN tickets t ON t.id = o.ticket_id WHERE o.then_lead IS NOT NULL AND t.number IS NOT NULL"
        " AND (%(at)s::timestamptz IS NULL OR (o.routed_at, o.event_id) < (%(at)s, %(key)s::uuid))"
        " ORDER BY o.routed_at DESC, o.event_id DESC LIMIT %(limit)s",
        **period._asdict(),
        rule=rule,
        at=after and after[0],
        key=after and after[1],
        limit=limit,
    )
