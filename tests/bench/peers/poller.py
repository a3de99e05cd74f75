"""A plain poller, as help desks have one: read every open row, reckon in Python, update what is due one by one.

``python -m tests.bench.peers.poller watch`` is its worker. It looks every second, where the real ones wait minutes.
"""

import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg2

from tests.bench.peers.given import DATABASE, GO_OFF

PERIOD_SECONDS = 1.0
LIMIT = timedelta(days=2)

_TABLE = """CREATE TABLE IF NOT EXISTS open_rows (
    timer integer PRIMARY KEY, started_at timestamptz NOT NULL, state text NOT NULL DEFAULT 'open'
)"""


def look(connection: psycopg2.extensions.connection) -> None:
    """One pass over everything that is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT timer, started_at FROM open_rows WHERE state = 'open' ORDER BY timer")
        rows = cursor.fetchall()
        connection.commit()
        for timer, started_at in rows:
            if started_at + LIMIT <= datetime.now(UTC):
                cursor.execute("UPDATE open_rows SET state = 'breached' WHERE timer = %s", (timer,))
                cursor.execute(GO_OFF, (timer,))
                connection.commit()


def watch() -> None:
    """Look for ever; a lost connection ends the process, as it ends a cron job."""
    with closing(psycopg2.connect(DATABASE)) as connection:
        with connection.cursor() as cursor:
            cursor.execute(_TABLE)
            connection.commit()
        while True:
            look(connection)
            time.sleep(PERIOD_SECONDS)


def schedule(count: int, due_at: datetime) -> None:
    """Open so many rows that are due at one instant."""
    with closing(psycopg2.connect(DATABASE)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute(
            "INSERT INTO open_rows (timer, started_at) SELECT n, %s FROM generate_series(0, %s) AS n",
            (due_at - LIMIT, count - 1),
        )


if __name__ == "__main__":
    if sys.argv[1] == "watch":
        watch()
    else:
        schedule(int(sys.argv[1]), datetime.fromtimestamp(float(sys.argv[2]), UTC))
