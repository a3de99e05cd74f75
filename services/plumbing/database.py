"""One service's way to its own schema: a small pool, a deadline on everything, one kind of transaction.

Works the same with and without eventlet: `services.plumbing.green` makes psycopg2 cooperative for a running service.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions
import psycopg2.extras
import uuid_utils.compat

from schemas.event import Event

psycopg2.extras.register_uuid()  # type: ignore[no-untyped-call]

STATEMENT_SECONDS = 10.0
ACQUIRE_SECONDS = 3.0
CONNECT_SECONDS = 5.0
IDLE_SECONDS = 15.0
"""A session that says nothing for so long belongs to a peer that is cut off; the locks that it holds are needed."""

Row = Any
"""A named tuple of a query's columns."""


class DatabaseBusy(psycopg2.OperationalError):
    """No connection became free in time."""


def new_id() -> UUID:
    """A UUIDv7: sorts by the time it was made."""
    return uuid_utils.compat.uuid7()


class DatabaseSilent(psycopg2.OperationalError):
    """The server did not answer in time: frozen, unreachable, or the network swallows what is sent."""


@dataclass
class Transaction:
    """What a handler works with: everything it stores and announces becomes true together, or not at all."""

    connection: Any
    service: str
    now: datetime
    """The house's time at the start, aware: the database's clock, so that all processes judge alike."""
    correlation_id: UUID = field(default_factory=new_id)
    correlations: dict[str, UUID] = field(default_factory=dict)
    """The correlation of each subject of a batch; of any other it is ``correlation_id``."""
    announced: list[Event] = field(default_factory=list)
    memory: dict[Any, Any] = field(default_factory=dict)
    """What never changes once it was read, kept for as long as the pool lives."""
    closing: list[bytes] = field(default_factory=list)
    """Statements that are sent together with the commit."""

    def rows(self, sql: str, **values: Any) -> list[Row]:
        """All rows of a query with ``%(name)s`` placeholders."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall())

    def row(self, sql: str, **values: Any) -> Row | None:
        """The only row of a query, or None."""
        found = self.rows(sql, **values)
        return found[0] if found else None

    def run(self, sql: str, **values: Any) -> int:
        """How many rows a statement touched."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return int(cursor.rowcount)

    def insert_rows(self, sql: str, rows: Sequence[tuple[Any, ...]], *, fetch: bool = False) -> list[Row]:
        """One statement for many rows: ``sql`` holds a single ``%s`` after VALUES. With ``fetch`` what it returns."""
        if not rows:
            return []
        with self.connection.cursor() as cursor:
            found = psycopg2.extras.execute_values(cursor, sql, rows, page_size=len(rows), fetch=fetch)
            return list(found or [])

    def run_last(self, sql: str, **values: Any) -> None:
        """Run a statement together with the commit: a round trip less, and others wait the less for what is locked."""
        with self.connection.cursor() as cursor:
            self.closing.append(cursor.mogrify(sql, values))

    def insert_rows_last(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """As `insert_rows`, together with the commit."""
        if rows:
            before, after = sql.encode().split(b"%s")
            place = f"({', '.join(['%s'] * len(rows[0]))})"
            with self.connection.cursor() as cursor:
                self.closing.append(before + b",".join(cursor.mogrify(place, row) for row in rows) + after)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is done inside is undone when it raises; the transaction goes on."""
        announced, closing = len(self.announced), len(self.closing)
        self.run("SAVEPOINT inner_part")
        try:
            yield
        except BaseException:
            del self.announced[announced:], self.closing[closing:]
            self.run("ROLLBACK TO SAVEPOINT inner_part")
            raise
        self.run("RELEASE SAVEPOINT inner_part")

    def announce(self, *events: Event) -> None:
        """Put events into the outbox; they leave for the broker after the commit, in this order."""
        self.announced.extend(events)


class Database:
    """A pool of connections to one schema, as that schema's own role. ``size`` bounds the connections."""

    def __init__(self, url: str, service: str, *, size: int = 10) -> None:
        self.url = url
        self.service = service
        self.on_announced: Callable[[], None] = lambda: None
        self._idle: list[Any] = []
        self._memory: dict[Any, Any] = {}
        self._free = threading.BoundedSemaphore(size)

    def connect(self) -> Any:
        """A connection outside of the pool. Raises psycopg2.OperationalError when there is none to be had in time."""
        milliseconds = int(STATEMENT_SECONDS * 1000)
        connection = psycopg2.connect(
            self.url,
            application_name=f"bancheng-{self.service}",
            connect_timeout=int(CONNECT_SECONDS),
            cursor_factory=psycopg2.extras.NamedTupleCursor,
            options=f"-c search_path={self.service},bancheng -c role=bancheng_{self.service} -c timezone=UTC"
            f" -c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={3 * milliseconds}"
            f" -c idle_session_timeout={int(IDLE_SECONDS * 1000)}",
        )
        connection.autocommit = True  # BEGIN is sent together with the question for the time: one round trip less
        return connection

    @contextmanager
    def transaction(self, correlation_id: UUID | None = None) -> Iterator[Transaction]:
        """All or nothing. Raises psycopg2.OperationalError when the database cannot be had or reached in time."""
        if not self._free.acquire(timeout=ACQUIRE_SECONDS):
            raise DatabaseBusy("no free database connection")
        try:
            connection, now = self._begin()
            tx = Transaction(connection, self.service, now, memory=self._memory)
            if correlation_id is not None:
                tx.correlation_id = correlation_id
            try:
                yield tx
                _store_announced(tx)
                _execute(connection, b";".join([*tx.closing, b"COMMIT"]))
            except BaseException:
                self._roll_back(connection)
                raise
            self._idle.append(connection)
            if tx.announced:
                self.on_announced()
        finally:
            self._free.release()

    def _begin(self) -> tuple[Any, datetime]:
        """An open transaction and its time. A connection that died while idle is replaced: nothing was lost with it."""
        question = "BEGIN; SELECT bancheng.now()"
        while self._idle:
            connection = self._idle.pop()
            try:
                return connection, _execute(connection, question)[0]
            except DatabaseSilent:
                connection.close()
                self.close()  # the others would be silent for as long, one after the other
                raise
            except (psycopg2.OperationalError, psycopg2.InterfaceError):
                connection.close()
        connection = self.connect()
        try:
            return connection, _execute(connection, question)[0]
        except BaseException:
            connection.close()
            raise

    def _roll_back(self, connection: Any) -> None:
        try:
            if connection.closed:
                return
            if connection.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_ACTIVE:
                connection.close()  # interrupted in the middle of a statement: its state is unknown
                return
            _execute(connection, "ROLLBACK")
            self._idle.append(connection)
        except psycopg2.Error:
            connection.close()

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()


def _execute(connection: Any, sql: str | bytes) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


def document(rows: Sequence[Any]) -> str:
    """Rows as one JSON document, for ``json_to_recordset`` and its like: half the work of their values one by one."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=str)


def _store_announced(tx: Transaction) -> None:
    if not tx.announced:
        return
    announced_at = tx.now.isoformat()
    rows = [
        (
            str(new_id()),
            event.TYPE,
            (subject := event.subject),
            event.center,
            str(tx.correlations.get(subject, tx.correlation_id)),
            announced_at,
            event.dump(),
        )
        for event in tx.announced
    ]
    tx.run_last(
        "INSERT INTO outbox (id, type, subject, center, correlation_id, announced_at, data)"
        " SELECT (e->>0)::uuid, e->>1, e->>2, e->>3, (e->>4)::uuid, (e->>5)::timestamptz, e->6"
        " FROM json_array_elements(%(rows)s::json) WITH ORDINALITY AS announced (e, nth) ORDER BY nth",
        rows=document(rows),
    )


def wait_for(database: Database, *, seconds: float) -> None:
    """Return once the database answers. Raises psycopg2.OperationalError if it does not within ``seconds``."""
    give_up = time.monotonic() + seconds
    while True:
        try:
            with database.transaction():
                return
        except psycopg2.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.5)
