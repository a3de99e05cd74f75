"""What an error of PostgreSQL says: the statement was at fault, or the database cannot work at the moment. Pure.

The codes are SQLSTATEs (PostgreSQL's documentation, appendix A). An error without one comes from this side of the
connection: there was no connection, it was lost, or nobody answered.
"""

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
