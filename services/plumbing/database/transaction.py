"""The transaction that a handler works with: everything that it stores and announces becomes true together.

Rows go into a statement as one JSON document, and the statement takes them apart:

    tx.execute("INSERT INTO notes (id, text) SELECT id, text FROM json_populate_recordset(NULL::notes, %(rows)s)",
           rows=as_json_rows([{"id": id, "text": text}, ...]))

For Python that is a quarter of the work of passing the values one by one, and for PostgreSQL it is not more.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import orjson
import uuid_utils.compat

from schemas.events.event import Event

Key = TypeVar("Key")

Row = Any
"""A named tuple of a query's columns."""

_ANNOUNCE = """
INSERT INTO outbox (id, type, subject, center, correlation_id, announced_at, data)
SELECT uuidv7(), e->>0, e->>1, e->>2, (e->>3)::uuid, (e->>4)::timestamptz, e->5
FROM json_array_elements(%(rows)s) WITH ORDINALITY AS announced (e, nth) ORDER BY nth
"""


def new_id() -> UUID:
    """A UUIDv7: sorts by the time it was made."""
    return uuid_utils.compat.uuid7()


def as_json_rows(rows: Sequence[Any]) -> str:
    """Rows as one JSON document: mappings, records or named tuples as objects, tuples as arrays."""
    return orjson.dumps(rows, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _plain(value: Any) -> Any:
    """A value that JSON does not know, in the form that PostgreSQL reads. Raises TypeError."""
    match value:
        case tuple():
            return value._asdict()  # type: ignore[attr-defined]
        case bytes():
            return f"\\x{value.hex()}"
        case timedelta():
            return f"{value.total_seconds():.6f} seconds"
    raise TypeError(f"{type(value).__name__} cannot be stored")


@dataclass
class Transaction:
    """What a handler works with: everything it stores and announces becomes true together, or not at all."""

    connection: Any
    service: str
    now: datetime
    """Bancheng's time at the start, aware: by the database's clock, so that it is the same for all processes."""
    correlation_id: UUID = field(default_factory=new_id)
    correlations: dict[str, UUID] = field(default_factory=dict)
    """The correlation of each subject of a batch; of any other it is ``correlation_id``."""
    event_ids: dict[int, UUID] = field(default_factory=dict)
    announced: list[Event] = field(default_factory=list)
    wakes_relay: bool = False
    """Whether a statement put something into the outbox besides ``announced``."""
    cache: dict[Any, Any] = field(default_factory=dict)
    """Values that never change once they are read, kept for as long as the pool lives."""
    deferred: list[bytes] = field(default_factory=list)
    """Statements that are sent together with the commit."""
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    """Called once the commit has succeeded; for what must not be repeated when a failed transaction is tried again,
    such as counting in a metric."""

    def rows(self, sql: str, **values: Any) -> list[Row]:
        """All rows of a query with ``%(name)s`` placeholders."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def row(self, sql: str, **values: Any) -> Row | None:
        """The only row of a query, or None."""
        found = self.rows(sql, **values)
        return found[0] if found else None

    def execute(self, sql: str, **values: Any) -> int:
        """How many rows a statement touched."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)

    def insert_new(self, sql: str, keys: Collection[Key], **values: Any) -> set[Key]:
        """Which ``keys`` an INSERT did insert that leaves out what is there already, and returns the keys of the rest.

        Nearly always all of them, and then what it returns need not be read.
        """
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            if cursor.rowcount == len(keys):
                return set(keys)
            inserted: set[Any] = {row[0] if len(row) == 1 else tuple(row) for row in cursor.fetchall()}
            return inserted

    def execute_at_commit(self, sql: str, **values: Any) -> None:
        """Run a statement together with the commit: a round trip less, and others wait the less for what is locked."""
        with self.connection.cursor() as cursor:
            self.deferred.append(cursor.mogrify(sql, values))

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is done inside is undone when it raises; the transaction goes on."""
        announced, deferred, after_commit = len(self.announced), len(self.deferred), len(self.after_commit)
        self.execute("SAVEPOINT inner_part")
        try:
            yield
        except BaseException:
            del self.announced[announced:], self.deferred[deferred:], self.after_commit[after_commit:]
            self.execute("ROLLBACK TO SAVEPOINT inner_part")
            raise
        self.execute("RELEASE SAVEPOINT inner_part")

    def id_of(self, event: Event) -> UUID:
        """The id under which an event that is being handled came: a UUIDv7, by the time at which it was announced."""
        return self.event_ids[id(event)]

    def announce(self, *events: Event) -> None:
        """Put events into the outbox; they leave for the broker after the commit, in this order.

        Raises TypeError on an event that this service does not announce: no reader would believe it.
        """
        for event in events:
            if self.service not in event.ANNOUNCED_BY:
                raise TypeError(f"{event.TYPE} is not announced by {self.service}")
        self.announced.extend(events)

    def store_announced(self) -> None:
        """Have the commit take what was announced into the outbox."""
        if not self.announced:
            return
        rows = [
            (
                *(event.TYPE, subject := event.subject, event.center),
                *(self.correlations.get(subject, self.correlation_id), self.now, event),
            )
            for event in self.announced
        ]
        self.execute_at_commit(_ANNOUNCE, rows=as_json_rows(rows))
