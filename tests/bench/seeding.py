"""Deadlines by the hundred thousand, laid straight into the tables of deadline_watch and routing as they would stand.

The services could make them too, at some hundreds a second. The superuser does it in a handful of statements.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta

import psycopg2
import psycopg2.extras

LADDER = (("approaching", 1, 1, "yellow", -1), ("breached", 2, 0, "red", 0), ("overdue", 3, 1, "red", 1))
"""Mark, level, working days, light, and how many days from the due time: close enough to the demo center's ladder."""
DEPARTMENTS = ("SWJ", "SJJ", "YBJ", "RSJ", "ZRZY", "ZJJ", "GJJ", "GAJ")

_TICKETS = """
CREATE TEMPORARY TABLE seed ON COMMIT DROP AS
SELECT n, uuidv7() AS ticket_id, uuidv7() AS deadline_id,
    (%(centers)s::text[])[1 + n %% cardinality(%(centers)s::text[])] AS center,
    (%(departments)s::text[])[1 + n %% cardinality(%(departments)s::text[])] AS department,
    %(due_at)s::timestamptz + n * %(apart)s::interval AS due_at,
    %(due_at)s::timestamptz + n * %(apart)s::interval - interval '2 days' AS started_at
FROM generate_series(1, %(count)s) AS n
"""
_WATCHED = (
    "INSERT INTO deadline_watch.tickets (ticket_id, center, number)"
    " SELECT ticket_id, center, center || '-seed-' || n FROM seed",
    """
    INSERT INTO deadline_watch.deadlines (id, center, ticket_id, kind, round, about, department, started_at, time_limit,
        due_at, counted, provisional, calendar_version, center_version, revision, revised_at, why, state, light, marks,
        next_mark, next_mark_at, counted_from, extended, correlation_id)
    SELECT deadline_id, center, ticket_id, 'answer', 1, ticket_id, department, started_at, '{"working_days": 2}',
        due_at, ARRAY[due_at::date - 1, due_at::date], false, 'seed', 1, 1, started_at, 'set', 'running', 'yellow',
        (SELECT jsonb_agg(jsonb_build_object('mark', mark, 'level', level, 'working_days', working_days, 'light', light,
            'at', due_at + make_interval(days => days)) ORDER BY level)
         FROM unnest(%(marks)s::text[], %(levels)s::int[], %(working_days)s::int[], %(lights)s::text[], %(days)s::int[])
            AS rung (mark, level, working_days, light, days)),
        1, due_at, started_at, 0, gen_random_uuid()
    FROM seed
    """,
)
_ROUTED = (
    """
    INSERT INTO routing.tickets (id, center, number, title, text, channel, first_responsible, registered_at, state,
        complexity, lead, rule, why)
    SELECT ticket_id, center, center || '-seed-' || n, '发票开不出来', '发票一直开不出来，税务窗口说等通知。', 'window',
        'liu-yang', started_at, 'assigned', 'ordinary', department, 'seed', 'seed' FROM seed
    """,
    """
    INSERT INTO routing.assignments (id, ticket_id, center, round, department, role, state, made_at, accepted_at,
        accepted_by)
    SELECT uuidv7(), ticket_id, center, 1, department, 'lead', 'accepted', started_at, started_at, 'luo-min' FROM seed
    """,
    """
    INSERT INTO routing.deadlines (deadline_id, ticket_id, kind, round, department, department_sequence, due_at,
        due_revision, revision, sequence, state)
    SELECT deadline_id, ticket_id, 'answer', 1, department, 0, due_at, 1, 1, 0, 'running' FROM seed
    """,
)


def seed(
    url: str,
    count: int,
    due_at: datetime,
    *,
    apart: timedelta = timedelta(0),
    centers: Sequence[str] = ("BC",),
    routed: bool = True,
) -> None:
    """Open deadlines, the first due at ``due_at``, each ``apart`` from the one before; ANALYZEd.

    With ``routed`` routing knows their tickets too, each assigned to one department that has signed for it.
    """
    marks, levels, working_days, lights, days = (list(column) for column in zip(*LADDER, strict=True))
    values = {
        "centers": list(centers),
        "departments": list(DEPARTMENTS),
        "due_at": due_at,
        "apart": apart,
        "count": count,
        "marks": marks,
        "levels": levels,
        "working_days": working_days,
        "lights": lights,
        "days": days,
    }
    with closing(psycopg2.connect(url)) as connection:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign keys are checked: they hold
            for statement in (_TICKETS, *_WATCHED, *(_ROUTED if routed else ())):
                cursor.execute(statement, values)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
