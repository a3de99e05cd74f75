"""What a peer is given: the servers, from the environment, and what a timer does when it goes off.

That is what Bancheng does of it, in the one statement that is the least it can take: a look whether the ticket is still
open, the rung that was reached, a line of the ticket's timeline, and two events for a relay to fetch.
"""

import os

import psycopg2

TABLES = """
CREATE TABLE done (timer integer NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE tickets (timer integer PRIMARY KEY, state text NOT NULL, leader text NOT NULL);
CREATE TABLE escalations (
    timer integer, level integer, leader text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (timer, level)
);
CREATE TABLE timeline (
    timer integer, seq bigint GENERATED ALWAYS AS IDENTITY, what text, at timestamptz, PRIMARY KEY (timer, seq)
);
CREATE TABLE outbox (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, type text NOT NULL, data json NOT NULL);
INSERT INTO tickets SELECT n, 'assigned', 'li-min' FROM generate_series(0, 100000) AS n;
CREATE FUNCTION go_off(integer) RETURNS void LANGUAGE sql AS $$
WITH reached AS (
    INSERT INTO escalations SELECT timer, 2, leader, clock_timestamp() FROM tickets
    WHERE timer = $1 AND state = 'assigned' ON CONFLICT DO NOTHING RETURNING timer, level, leader, at
), told AS (
    INSERT INTO timeline (timer, what, at) SELECT timer, 'ticket.escalated', at FROM reached
), announced AS (
    INSERT INTO outbox (type, data)
    SELECT type, json_build_object('ticket', timer, 'level', level, 'to', leader, 'at', at)
    FROM reached, unnest(ARRAY['ticket.escalated', 'notice.requested']) AS type
)
INSERT INTO done (timer) VALUES ($1)
$$
"""

GO_OFF = "SELECT go_off(%s)"

DATABASE = os.environ.get("BENCH_DATABASE_URL", "")
BROKER = os.environ.get("BENCH_AMQP_URI", "")


class Done:
    """A connection that stays open, made anew when it is lost."""

    def __init__(self) -> None:
        self._connection: psycopg2.extensions.connection | None = None

    def go_off(self, timer: int) -> None:
        """The timer has gone off. Raises psycopg2.Error."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg2.connect(DATABASE)
            self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute(GO_OFF, (timer,))
