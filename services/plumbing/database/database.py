"""One service's way to its own schema: a small pool, a deadline on everything, one kind of transaction.

Works the same with and without eventlet: `bounded_waits` makes psycopg2 cooperative for a running service.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.extensions
import psycopg2.extras

from services.plumbing.database.errors import DatabaseBusy, DatabaseSilent, is_not_writable
from services.plumbing.database.transaction import Transaction

psycopg2.extras.register_uuid()  # type: ignore[no-untyped-call]

STATEMENT_SECONDS = 10.0
ACQUIRE_SECONDS = 3.0
CONNECT_SECONDS = 5.0
IDLE_SECONDS = 15.0
"""A session that says nothing for so long belongs to a peer that is cut off; the locks that it holds are needed."""

LARGEST_KEPT = 1_000_000
"""A connection's buffer stays as large as its largest statement: one that has sent more bytes at once is not kept."""

PEER_CHECK_SECONDS = 1.0
"""How soon the server ends a statement whose client has hung up, with the locks that it holds."""

SOME_WRITE = "INSERT INTO inbox (event_id) VALUES (uuidv7())"
"""To see whether the database takes writes; whoever runs it undoes it."""


class _Undone(Exception):
    """Ends a transaction of which nothing shall stay."""


class Database:
    """A pool of connections to one schema. ``url`` names the service's own login, ``size`` bounds the connections."""

    def __init__(self, url: str, service: str, *, size: int = 10) -> None:
        self.url = url
        self.service = service
        self.on_announced: Callable[[], None] = lambda: None
        self._idle: list[Any] = []
        self._memory: dict[Any, Any] = {}
        self._refused_at: float | None = None
        self._free = threading.BoundedSemaphore(size)

    def connect(self) -> Any:
        """A connection outside of the pool. Raises psycopg2.OperationalError when there is none to be had in time."""
        milliseconds = int(STATEMENT_SECONDS * 1000)
        connection = psycopg2.connect(
            self.url,
            application_name=f"bancheng-{self.service}",
            connect_timeout=int(CONNECT_SECONDS),
            cursor_factory=psycopg2.extras.NamedTupleCursor,
            options=f"-c search_path={self.service},bancheng -c timezone=UTC"
            f" -c statement_timeout={milliseconds} -c idle_in_transaction_session_timeout={3 * milliseconds}"
            f" -c idle_session_timeout={int(IDLE_SECONDS * 1000)}"
            f" -c client_connection_check_interval={int(PEER_CHECK_SECONDS * 1000)}",
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
            tx = Transaction(connection, self.service, now, cache=self._memory)
            if correlation_id is not None:
                tx.correlation_id = correlation_id
            try:
                yield tx
                tx.store_announced()
                last = b";".join([*tx.deferred, b"COMMIT"])
                tx.deferred.clear()
                _execute(connection, last)
            except Exception as error:
                if is_not_writable(error):
                    self._refused_at = time.monotonic()
                self._roll_back(connection)
                raise
            except BaseException:  # the greenlet is killed, and whoever it waited for may still use the connection
                _cut(connection)
                raise
            if len(last) > LARGEST_KEPT:
                connection.close()
            else:
                self._idle.append(connection)
            for each in tx.after_commit:
                each()
            if tx.announced or tx.wakes_relay:
                self.on_announced()
        finally:
            self._free.release()

    def has_refused(self, *, within: float) -> bool:
        """Whether the database would take no writes at some time in the last ``within`` seconds. Asks nobody."""
        return self._refused_at is not None and time.monotonic() - self._refused_at < within

    def try_write(self) -> None:
        """Write something and undo it. Raises psycopg2.Error when the database is out of reach or takes no writes."""
        with suppress(_Undone), self.transaction() as tx:
            tx.execute(SOME_WRITE)
            raise _Undone

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
            if _is_active(connection):
                _cut(connection)  # interrupted in the middle of a statement: its state is unknown
                return
            _execute(connection, "ROLLBACK")
            self._idle.append(connection)
        except psycopg2.Error:
            connection.close()

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()


def _is_active(connection: Any) -> bool:
    return bool(connection.info.transaction_status == psycopg2.extensions.TRANSACTION_STATUS_ACTIVE)


def _cut(connection: Any) -> None:
    """End a connection at once, whoever uses it; the server undoes what was not committed.

    While a statement runs in another greenlet, psycopg2 holds a lock of the operating system: to close the connection
    would wait for it, and hold up the very thread that the statement needs to end. So the socket is shut down; then the
    statement fails, and its greenlet closes the connection.
    """
    if connection.closed:
        return
    if not _is_active(connection):
        connection.close()
        return
    with socket.socket(fileno=os.dup(connection.fileno())) as line, suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _execute(connection: Any, sql: str | bytes) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


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
