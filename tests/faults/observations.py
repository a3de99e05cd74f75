"""What there is to check: what clients were told, what the tables hold, what was heard on the wire.

Knows nothing of the services but the names of their tables.
"""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg2
import psycopg2.extras

from tests.faults.journal import Entry

SERVICES = ("intake", "routing", "deadline_watch")
Rows = list[dict[str, Any]]

_QUERIES = {
    "intake_tickets": "SELECT id::text, number, title FROM intake.tickets",
    "routing_tickets": "SELECT id::text, round FROM routing.tickets",
    "watched_tickets": "SELECT ticket_id::text AS id FROM deadline_watch.tickets",
    "assignments": "SELECT id::text, ticket_id::text, round, department, state, made_at, accepted_at, returned_at"
    " FROM routing.assignments",
    "escalations": "SELECT deadline_id::text, level, revision, ticket_id::text FROM routing.escalations"
    " WHERE recipients <> '{}'",
    "timeline": "SELECT ticket_id::text, what, count(*) AS times FROM routing.timeline GROUP BY ticket_id, what",
    "deadlines": "SELECT id::text, ticket_id::text, kind, round, about::text, due_at, revision, revised_at, state,"
    " ended_at, marks, counted_from FROM deadline_watch.deadlines",
    "subscriptions": "SELECT service, type FROM bancheng.subscriptions",
    "clock": "SELECT bancheng.now() AS now",
}


@dataclass
class FaultPeriod:
    """A fault: when it began and ended, and when the house worked again (Unix times)."""

    name: str
    began: float
    ended: float = 0.0
    recovered: float = 0.0


@dataclass
class Observations:
    """All of it. ``speed`` house seconds pass in a second; house time ``starts_at`` was at ``started`` (Unix time)."""

    journal: list[Entry]
    published: list[dict[str, Any]]
    tables: dict[str, Rows]
    outbox: dict[str, int]
    waiting: dict[str, int]
    parked: dict[str, int]
    taken: dict[str, set[str]]
    queued: int
    dead_lettered: int
    poison: dict[str, int]
    faults: list[FaultPeriod]
    starts_at: datetime
    started: float
    speed: float
    limit_s: float = 30.0
    by_type: dict[str, Rows] = field(init=False)

    def __post_init__(self) -> None:
        self.by_type = defaultdict(list)
        seen: set[str] = set()
        for envelope in self.published:
            if envelope["id"] not in seen:
                seen.add(envelope["id"])
                self.by_type[envelope["type"].removesuffix(".v1")].append(envelope)

    def events(self, *types: str) -> Rows:
        """The distinct events of these types, without what was published again."""
        return [envelope for type_ in types for envelope in self.by_type.get(type_, [])]

    def real(self, house: str | datetime) -> float:
        """The Unix time of an instant of the house."""
        instant = datetime.fromisoformat(house) if isinstance(house, str) else house
        return self.started + (instant - self.starts_at).total_seconds() / self.speed

    @property
    def now(self) -> datetime:
        """The house's time at the end, when its clock was stopped."""
        now: datetime = self.tables["clock"][0]["now"]
        return now


def read_tables(url: str) -> dict[str, Any]:
    """What the database holds, in one snapshot."""
    with closing(psycopg2.connect(url)) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            tables = {name: _rows(cursor, query) for name, query in _QUERIES.items()}
            return {
                "tables": tables,
                "outbox": _counts(cursor, "SELECT count(*) AS n FROM {}.outbox"),
                "waiting": _counts(cursor, "SELECT count(next_try_at) AS n FROM {}.held"),
                "parked": _counts(cursor, "SELECT count(*) - count(next_try_at) AS n FROM {}.held"),
                "taken": {
                    service: {row["id"] for row in _rows(cursor, f"SELECT event_id::text AS id FROM {service}.inbox")}
                    for service in SERVICES
                },
            }


def _counts(cursor: Any, query: str) -> dict[str, int]:
    return {service: _rows(cursor, query.format(service))[0]["n"] for service in SERVICES}


def _rows(cursor: Any, query: str) -> Rows:
    cursor.execute(query)
    return [dict(row) for row in cursor.fetchall()]


def grouped(rows: Iterable[dict[str, Any]], *names: str) -> dict[tuple[Any, ...], Rows]:
    """Rows by the values of some columns; of an event, by those of its data."""
    groups: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for row in rows:
        source = row["data"] if "data" in row and "specversion" in row else row
        groups[tuple(source[name] for name in names)].append(row)
    return groups
