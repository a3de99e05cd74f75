"""What a peer is given: the servers, from the environment, and the one insert that a timer does."""

import os

import psycopg2

INSERT = "INSERT INTO done (timer) VALUES (%s)"

DATABASE = os.environ.get("BENCH_DATABASE_URL", "")
BROKER = os.environ.get("BENCH_AMQP_URI", "")


class Done:
    """A connection that stays open, made anew when it is lost."""

    def __init__(self) -> None:
        self._connection: psycopg2.extensions.connection | None = None

    def insert(self, timer: int) -> None:
        """The timer has gone off. Raises psycopg2.Error."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg2.connect(DATABASE)
            self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute(INSERT, (timer,))
