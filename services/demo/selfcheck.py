"""Whether the system kept what it promises about itself. Looks into the database, past the interfaces."""

from collections.abc import Collection, Iterator
from contextlib import closing

import psycopg2

from services.composition import SERVICES
from services.demo.people import Receipt
from services.sandbox.sandbox import Sandbox
from services.wording import Wording

_MARKS = ("deadline.approaching.v1", "deadline.breached.v1", "deadline.overdue.v1")


def findings(sandbox: Sandbox, receipts: Collection[Receipt], say: Wording) -> list[str]:
    """What is wrong, each in a sentence; empty when all is well."""
    with closing(psycopg2.connect(sandbox.database_url)) as connection, connection.cursor() as cursor:
        return [*_stored(cursor, receipts, say), *_carried(cursor, say), *_fired(cursor, sandbox, say)]


def _stored(cursor: "psycopg2.extensions.cursor", receipts: Collection[Receipt], say: Wording) -> Iterator[str]:
    """Each receipt is a ticket in each service but the desk, which keeps none; there are no others, and each ticket has
    its promise.
    """
    given = {receipt.number for receipt in receipts}
    for name in (each for each in SERVICES if each != "desk"):
        cursor.execute(f"SELECT number FROM {name}.tickets")
        found = {number for (number,) in cursor.fetchall()}
        if found != given:
            differ = say.listed(sorted(found ^ given))
            yield say(
                "{service} does not hold the tickets that were taken in: {numbers} differ.",
                service=name,
                numbers=differ,
            )
    cursor.execute(
        "SELECT number FROM intake.tickets t WHERE NOT EXISTS (SELECT FROM deadline_watch.deadlines d"
        " WHERE d.ticket_id = t.id AND d.kind IN ('answer', 'report'))"
    )
    for (number,) in cursor.fetchall():
        yield say("{number} has no deadline.", number=number)


def _carried(cursor: "psycopg2.extensions.cursor", say: Wording) -> Iterator[str]:
    """Nothing announced is on its way still, nothing was given up."""
    for name in SERVICES:
        cursor.execute(f"SELECT count(*) FROM {name}.outbox")
        (left,) = cursor.fetchone() or (0,)
        if left:
            yield say("{left} events lie in the outbox of {service}.", left=left, service=name)
        cursor.execute(f"SELECT type, error, next_try_at IS NULL FROM {name}.held")
        for type_, error, is_parked in cursor.fetchall():
            state = say("is parked") if is_parked else say("waits")
            yield say("{event} {state} at {service}: {error}", event=type_, state=state, service=name, error=error)


def _fired(cursor: "psycopg2.extensions.cursor", sandbox: Sandbox, say: Wording) -> Iterator[str]:
    """No mark is due and silent, each was announced once, and each announcement led to one escalation."""
    cursor.execute("SELECT count(*) FROM deadline_watch.due_now")
    (silent,) = cursor.fetchone() or (0,)
    if silent:
        yield say("{silent} marks are due and were not announced.", silent=silent)
    cursor.execute("SELECT count(*) FROM routing.escalations")
    (escalated,) = cursor.fetchone() or (0,)
    announced = sum(sandbox.published()[type_] for type_ in _MARKS)
    if announced != escalated:
        yield say(
            "{announced} marks were announced, but {escalated} rungs of the ladder were reached.",
            announced=announced,
            escalated=escalated,
        )
