"""psycopg2 and eventlet: wait without holding up the others, and never for ever.

eventlet's own patching waits without a limit and ignores ``connect_timeout``, so that a frozen server would hang its
greenlet. This callback gives every single wait a deadline.
"""

import psycopg2
import psycopg2.extensions
from eventlet.hubs import trampoline

from services.plumbing.database.database import CONNECT_SECONDS, STATEMENT_SECONDS
from services.plumbing.database.errors import DatabaseSilent

PATIENCE_SECONDS = STATEMENT_SECONDS + 2
"""A little more than the server's own ``statement_timeout``, which gives the better message where it works."""


def install() -> None:
    """Make every psycopg2 connection of this process cooperative, with a deadline on each wait."""
    psycopg2.extensions.set_wait_callback(_wait)


def _wait(connection: psycopg2.extensions.connection) -> None:
    is_new = connection.status == psycopg2.extensions.STATUS_SETUP
    while True:
        state = connection.poll()
        if state == psycopg2.extensions.POLL_OK:
            return
        reading = state == psycopg2.extensions.POLL_READ
        trampoline(
            connection.fileno(),
            read=reading,
            write=not reading,
            timeout=CONNECT_SECONDS if is_new else PATIENCE_SECONDS,
            timeout_exc=DatabaseSilent("the database does not answer"),
        )
