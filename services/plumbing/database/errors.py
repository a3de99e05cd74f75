"""What an error of PostgreSQL says: the statement was at fault, or the database cannot work at the moment. And work
that is done again after what passes: for a moment, or for as long as it takes.

The codes are SQLSTATEs (PostgreSQL's documentation, appendix A). An error without one comes from this side of the
connection: there was no connection, it was lost, or nobody answered.

An event that a database takes no note of must not be given back to the broker: it would count each time as the death of
a process, and in the end put a good event aside. So what cannot be written stays in hand (`retry_transient`).
"""

from collections.abc import Callable
from typing import TypeVar

import psycopg2
import psycopg2.errors

NOT_WRITABLE = (
    psycopg2.errors.ReadOnlySqlTransaction,
    psycopg2.errors.InsufficientResources,
    psycopg2.errors.DiskFull,
    psycopg2.errors.IoError,
)
"""Read-only (also a standby before its promotion), out of a resource such as open files, out of space, a bad disk."""
_NOT_THERE = ("08", "57P0")
"""A lost connection; the server is shutting down, has crashed, or is starting."""

FAULTS = (psycopg2.OperationalError, psycopg2.InterfaceError)
"""What a database that is away raises, but also a statement that takes too long in one that is well."""

BACK_OFF_SECONDS = (0.1, 0.3, 1.0, 2.0)
IN_HAND_SECONDS = 1.0
"""Between tries of what stays in hand."""

Result = TypeVar("Result")
Wait = Callable[[float, psycopg2.Error], None]


class DatabaseBusy(psycopg2.OperationalError):
    """No connection of this process's own pool became free in time."""


class DatabaseSilent(psycopg2.OperationalError):
    """The server did not answer in time: frozen, unreachable, or the network swallows what is sent."""


class DatabaseNotWritable(psycopg2.OperationalError):
    """The server answers and takes no writes."""


def is_not_writable(error: BaseException) -> bool:
    """Whether the server answers and takes no writes at present, whoever asks and whatever is asked."""
    return isinstance(error, (*NOT_WRITABLE, DatabaseNotWritable))


def is_unreachable(error: BaseException) -> bool:
    """Whether the server could not be reached from here; another process may reach it."""
    if not isinstance(error, FAULTS) or isinstance(error, (DatabaseBusy, DatabaseNotWritable)):
        return False
    return error.pgcode is None or error.pgcode.startswith(_NOT_THERE)


def is_away(error: BaseException) -> bool:
    """Whether nobody could be served now: to be told to clients as 503. A statement that took too long is its own."""
    if isinstance(error, psycopg2.errors.QueryCanceled):
        return False
    return isinstance(error, FAULTS) or is_not_writable(error)


class Abandoned(Exception):
    """The work in hand was given up, because the service stops or has lost the broker: it will be delivered again."""


def stays_in_hand(error: psycopg2.Error) -> bool:
    """Whether a handler's work can be done only later, here as anywhere else."""
    return is_not_writable(error) or isinstance(error, DatabaseBusy)


def is_not_due_to_work(error: psycopg2.Error) -> bool:
    """The same for a statement of our own that is never at fault, such as that which holds an event."""
    return not is_unreachable(error)


def retry_transient(
    work: Callable[[], Result], wait: Wait, keep: Callable[[psycopg2.Error], bool] = stays_in_hand
) -> Result:
    """Do it, and again after a fault of the database: a few times, or without end where ``keep`` says so.

    ``wait`` is called with the seconds to wait and the reason, and may raise Abandoned. Raises the fault when it lasts,
    at once what is no fault of the database, and at once what took too long: it would again, and another replica may
    reach what is silent here.
    """
    pauses = iter(BACK_OFF_SECONDS)
    while True:
        try:
            return work()
        except psycopg2.Error as error:
            pause: float | None = None
            if keep(error):
                pause = IN_HAND_SECONDS
            elif isinstance(error, FAULTS) and not isinstance(error, (psycopg2.errors.QueryCanceled, DatabaseSilent)):
                pause = next(pauses, None)
            if pause is None:
                raise
            reason = error
        wait(pause, reason)
