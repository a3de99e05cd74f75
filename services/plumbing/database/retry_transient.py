"""Work on the database that is done again after what passes: for a moment, or for as long as it takes.

An event that a database takes no note of must not be given back to the broker: it would count each time as the death of
a process, and in the end put a good event aside. So what cannot be written stays in hand.
"""

from collections.abc import Callable
from typing import TypeVar

import psycopg2
import psycopg2.errors

from services.plumbing.database.errors import FAULTS, DatabaseBusy, DatabaseSilent, is_not_writable, is_unreachable

BACK_OFF_SECONDS = (0.1, 0.3, 1.0, 2.0)
IN_HAND_SECONDS = 1.0
"""Between tries of what stays in hand."""

Result = TypeVar("Result")
Wait = Callable[[float, psycopg2.Error], None]


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
