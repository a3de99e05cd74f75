"""A greenlet with a transaction is killed while another one uses its connection, as nameko does when a service stops.

``python -m tests.stack.run_killed DATABASE_URL`` says what became of the other's statements.
"""

import services.plumbing.runtime.monkeypatch  # noqa: F401  isort: skip

import sys

import eventlet
import psycopg2
from eventlet.event import Event as Signal

from services.plumbing.database import bounded_waits
from services.plumbing.database.database import Database
from services.plumbing.database.transaction import Transaction
from tests.stack.sample_house import NAME


def _said(tx: Transaction, query: str) -> None:
    """Print what becomes of a statement."""
    try:
        tx.rows(query)
    except psycopg2.Error as error:
        print(type(error).__name__)
    else:
        print("done")


def _work(tx: Transaction, is_ready: Signal) -> None:
    tx.execute("INSERT INTO notes VALUES (uuidv7(), 'of one who is killed', now())")
    is_ready.send()
    _said(tx, "SELECT pg_sleep(9)")
    _said(tx, "INSERT INTO notes VALUES (uuidv7(), 'of one who is killed', now()) RETURNING id")


def _transact(database: Database, is_ready: Signal) -> None:
    with database.transaction() as tx:
        workers.append(eventlet.spawn(_work, tx, is_ready))
        workers[0].wait()


if __name__ == "__main__":
    bounded_waits.install()
    workers: list[eventlet.greenthread.GreenThread] = []
    ready = Signal()
    owner = eventlet.spawn(_transact, Database(sys.argv[1], NAME), ready)
    ready.wait()
    eventlet.sleep(0.5)
    print("running")
    owner.kill()
    workers[0].wait()
