"""Figures over a period: each is a query of facts, which are counted by group, and listed with their tickets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from schemas.figures import Figure, Grouping
from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.statistics import RATINGS, OpenWindows
from services.routing.rules.ticket import Scope
from services.routing.store.lists import SUMMARY, given

_WITHIN = ">= %(since)s AND {at} < %(until)s"


def _fact(source: str, key: str, ticket: str, at: str, department: str = "NULL::text") -> str:
    """A query of what happened in the period."""
    return (
        f"SELECT {key} AS key, {ticket} AS ticket_id, {at} AS at, {department} AS department FROM {source}"
        f" AND {at} {_WITHIN.format(at=at)}"
    )


def _of_tickets(condition: str) -> str:
    return _fact(f"tickets WHERE center = %(center)s{condition}", "id", "id", "registered_at")


def _of_timeline(condition: str) -> str:
    key = "md5(ticket_id::text || seq)::uuid"
    return _fact(f"timeline WHERE center = %(center)s AND {condition}", key, "ticket_id", "at")


def _of_promises(state: str) -> str:
    source = f"deadlines WHERE kind IN ('answer', 'report') AND state = '{state}'"
    return _fact(source, "deadline_id", "ticket_id", "due_at")


def _of_assignments(condition: str) -> str:
    source = f"assignments WHERE center = %(center)s{condition}"
    return _fact(source, "id", "ticket_id", "made_at", "department")


def _of_escalations(condition: str) -> str:
    source = f"escalations WHERE center = %(center)s AND recipients <> '{{}}' AND {condition}"
    return _fact(source, "id", "ticket_id", "escalated_at")


FACTS: dict[Figure, str] = {
    Figure.REGISTERED: _of_tickets(""),
    Figure.REPEATED: _of_tickets(" AND repeat_of IS NOT NULL"),
    Figure.ANSWERED: _of_timeline("what = 'ticket.answered'"),
    Figure.CLOSED: _of_timeline("what = 'ticket.closed'"),
    Figure.KEPT: _of_promises("met"),
    Figure.BROKEN: _of_promises("breached"),
    Figure.ASSIGNED: _of_assignments(""),
    Figure.RETURNED: _of_assignments(" AND returned_at IS NOT NULL"),
    Figure.ESCALATED: _of_escalations("voided_at IS NULL"),
    Figure.VOIDED: _of_escalations("voided_at IS NOT NULL"),
    **{rating: _of_timeline(f"what = 'ticket.rated' AND text = '{rating}'") for rating in RATINGS},
}
"""What is counted by itself. Tables without a center (deadlines) are held to it by their tickets."""

_GROUPS = {
    Grouping.DEPARTMENT: "coalesce(f.department, t.lead)",
    Grouping.CAUSE: "t.cause",
    Grouping.CHANNEL: "t.channel",
    Grouping.LEADER: "CASE WHEN t.decided_by <> '' THEN t.decided_by END",
}
_OF_CENTER = " JOIN tickets t ON t.id = f.ticket_id AND t.center = %(center)s"
_OF_DEPARTMENT = " AND coalesce(f.department, t.lead) = %(department)s"


class Period(NamedTuple):
    """From an instant on, before another; of a center, and of one department or of all."""

    since: datetime
    until: datetime
    scope: Scope

    @property
    def values(self) -> dict[str, Any]:
        """As the queries name it."""
        return {"since": self.since, "until": self.until, **self.scope._asdict()}


def _at_once(source: str, at: str, figure: str, also: str = "NULL", ticket: str = "ticket_id", by: str = "NULL") -> str:
    return (
        f"SELECT {figure} AS figure, {also} AS also, {ticket} AS ticket_id, {by}::text AS department"
        f" FROM {source} AND {at} {_WITHIN.format(at=at)}"
    )


_REPEATED = f"CASE WHEN repeat_of IS NOT NULL THEN '{Figure.REPEATED}' END"
_RETURNED = f"CASE WHEN returned_at IS NOT NULL THEN '{Figure.RETURNED}' END"
_AT_ONCE = " UNION ALL ".join(
    (
        _at_once("tickets WHERE center = %(center)s", "registered_at", f"'{Figure.REGISTERED}'", _REPEATED, "id"),
        _at_once(
            *(
                "timeline WHERE center = %(center)s AND what = ANY('{ticket.answered,ticket.closed,ticket.rated}')",
                "at",
            ),
            f"CASE what WHEN 'ticket.answered' THEN '{Figure.ANSWERED}' WHEN 'ticket.closed' THEN '{Figure.CLOSED}'"
            " ELSE text END",
        ),
        _at_once(
            *("deadlines WHERE kind IN ('answer', 'report') AND state IN ('met', 'breached')", "due_at"),
            f"CASE state WHEN 'met' THEN '{Figure.KEPT}' ELSE '{Figure.BROKEN}' END",
        ),
        _at_once(
            *("assignments WHERE center = %(center)s", "made_at", f"'{Figure.ASSIGNED}'", _RETURNED), by="department"
        ),
        _at_once(
            *("escalations WHERE center = %(center)s AND recipients <> '{}'", "escalated_at"),
            f"CASE WHEN voided_at IS NULL THEN '{Figure.ESCALATED}' ELSE '{Figure.VOIDED}' END",
        ),
    )
)
"""The same facts, each table gone through once: what happened, and what else that was."""


def prepare(tx: Transaction) -> None:
    """What is read lies in memory. Without being told, the planner goes through all tickets for those of some weeks."""
    tx.execute("SET LOCAL random_page_cost = 1.1")


def counts(tx: Transaction, period: Period, by: Grouping) -> list[Row]:
    """How often each figure was counted in each group, and what each of these ``also`` was."""
    return tx.rows(
        f'SELECT f.figure, f.also, {_GROUPS[by]} AS "group", count(*) AS count'
        f" FROM ({_AT_ONCE}) AS f{_OF_CENTER}{given((_OF_DEPARTMENT, period.scope.department))} GROUP BY 1, 2, 3",
        **period.values,
    )


def first_registered(tx: Transaction, center: str) -> datetime | None:
    """When the center's first ticket was registered."""
    row = tx.row("SELECT min(registered_at) AS first FROM tickets WHERE center = %(center)s", center=center)
    return row.first if row else None


def _worked(at: str) -> str:
    """The seconds of working time until an instant."""
    return (
        "(SELECT coalesce(h.before[n] + extract(epoch FROM least(x, h.closes[n]) - h.opens[n]), 0)"
        f" FROM (SELECT {at} AS x, width_bucket({at}, h.opens) AS n) AS placed)"
    )


def working_times(tx: Transaction, period: Period, by: Grouping, windows: OpenWindows) -> list[Row]:
    """The median and the 90th percentile of the working time until answers, in seconds: by group, and of all."""
    begun = (
        "greatest(t.registered_at, CASE WHEN t.round > 1 THEN (SELECT max(l.at) FROM timeline l"
        " WHERE l.ticket_id = t.id AND l.what = 'ticket.reopened' AND l.at <= f.at) END)"
    )
    return tx.rows(
        "WITH h AS (SELECT %(opens)s::timestamptz[] AS opens, %(closes)s::timestamptz[] AS closes,"
        " %(before)s::float8[] AS before),"
        f' spans AS MATERIALIZED (SELECT {_GROUPS[by]} AS "group", {begun} AS begun, f.at AS ended'
        f" FROM ({FACTS[Figure.ANSWERED]}) AS f{_OF_CENTER}{given((_OF_DEPARTMENT, period.scope.department))}),"
        f' worked AS (SELECT s."group", {_worked("s.ended")} - {_worked("s.begun")} AS seconds FROM spans s, h)'
        ' SELECT "group", GROUPING("group") = 1 AS is_total,'
        " percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds)::int AS median_seconds,"
        " percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds)::int AS p90_seconds"
        ' FROM worked GROUP BY GROUPING SETS (("group"), ())',
        **period.values,
        **windows._asdict(),
    )


def counted(
    tx: Transaction,
    period: Period,
    figures: Iterable[Figure],
    by: Grouping,
    *,
    group: str | None,
    ungrouped: bool,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Row]:
    """What was counted, with its tickets, the latest first, before a place."""
    facts = " UNION ALL ".join(FACTS[figure] for figure in figures)
    return tx.rows(
        f"SELECT f.key, f.at AS counted_at, f.department, {SUMMARY} FROM ({facts}) AS f{_OF_CENTER} WHERE true"
        + given(
            (_OF_DEPARTMENT, period.scope.department),
            (f" AND {_GROUPS[by]} = %(group)s", group),
            (f" AND {_GROUPS[by]} IS NULL", ungrouped or None),
            (" AND (f.at, f.key) < (%(at)s, %(key)s)", after),
        )
        + " ORDER BY f.at DESC, f.key DESC LIMIT %(limit)s",
        group=group,
        at=after and after[0],
        key=after and after[1],
        limit=limit,
        **period.values,
    )
