"""Whatever tickets hold, no request to routing keeps others waiting, and no reply about one ticket is large."""

from contextlib import closing
from uuid import UUID

import psycopg2
import pytest

from services.routing.rules.lists import terms_of
from tests.integration.routing.desk import CLERK, Desk
from tests.stack.eventually import eventually
from tests.stack.others import Others

LONGEST_SECONDS = 0.25
MEBIBYTE = 1 << 20
EXPANDING = "\ufdfa" * 2000
"""Each of these characters stands for eighteen."""


def changed(desk: Desk, sql: str, **values: object) -> None:
    """Put rows into routing's tables that would take many requests."""
    with closing(psycopg2.connect(desk.house.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SET search_path = routing, bancheng")
        cursor.execute(sql, values)


def with_tickets(desk: Desk, name: str, count: int) -> None:
    """Tickets of this name whose text expands."""
    changed(
        desk,
        "INSERT INTO tickets (id, center, number, title, text, channel, first_responsible, registered_at, state)"
        " SELECT uuidv7(), 'BC', %(name)s || n, 'x', %(text)s, 'window', 'he-jing', now(), 'answered'"
        " FROM generate_series(1, %(count)s) AS n",
        name=name,
        count=count,
        text=EXPANDING,
    )


def is_harmless(others: Others) -> None:
    assert others.failure is None
    assert others.calls > 0
    assert others.longest < LONGEST_SECONDS, f"others waited for {others.longest * 1000:.0f} ms"


@pytest.mark.alone
def test_a_search_through_texts_that_expand_holds_up_nobody(desk: Desk) -> None:
    with_tickets(desk, "BC-found-", 650)
    changed(
        desk,
        "INSERT INTO search_terms SELECT id, center, %(terms)s FROM tickets WHERE number LIKE 'BC-found-%%'",
        terms=terms_of("x", EXPANDING),
    )
    with Others(desk.service, "/nothing") as others:
        page = desk.ask("GET", "/tickets?search=للله&limit=200", CLERK)  # its pairs stand in all of them, it in none
    assert page.status_code == 200, page.text
    assert (page.json()["items"], bool(page.json()["next"])) == ([], True)
    is_harmless(others)


@pytest.mark.alone
def test_making_texts_that_expand_findable_holds_up_nobody(desk: Desk) -> None:
    with_tickets(desk, "BC-new-", 50)
    with Others(desk.service, "/nothing") as others:
        changed(desk, "INSERT INTO search_backlog SELECT id FROM tickets WHERE number LIKE 'BC-new-%%'")
        assert eventually(lambda: not desk.house.rows("SELECT ticket_id FROM search_backlog"), seconds=30)
    is_harmless(others)


def filled(desk: Desk, ticket_id: UUID) -> None:
    """As much of everything as a ticket may have, and more."""
    many = "FROM generate_series(1, 150) AS n"
    for sql in (
        "UPDATE tickets SET text = repeat('长', 20000), answer = repeat('长', 20000), report = repeat('长', 50000)"
        " WHERE id = %(id)s",
        "INSERT INTO assignments (id, ticket_id, center, round, department, role, state, made_at, result, explanation)"
        f" SELECT uuidv7(), %(id)s, 'BC', n, 'SWJ', 'lead', 'completed', now(), repeat('长', 5000), 'n' || n {many}"
        " WHERE n > 1",
        "INSERT INTO extensions (id, ticket_id, center, round, working_days, reason, legal_basis, requested_by,"
        " requested_at, state) SELECT uuidv7(), %(id)s, 'BC', n, 1, repeat('长', 2000), repeat('长', 500), 'gu', now(),"
        f" 'granted' {many}",
        "INSERT INTO deadlines (deadline_id, ticket_id, kind, round, department, department_sequence, due_at,"
        " due_revision, revision, sequence, state)"
        f" SELECT uuidv7(), %(id)s, 'acknowledge', n, 'SWJ', 1, now(), 1, 1, 1, 'running' {many}",
        "INSERT INTO escalations (deadline_id, level, revision, ticket_id, kind, recipients, skipped, escalated_at)"
        f" SELECT uuidv7(), n, 1, %(id)s, 'answer', ARRAY['tax-head', 'gu'], '{{}}', now() + n * interval '1 s' {many}",
        "INSERT INTO timeline (ticket_id, center, at, what, actor, department, text)"
        f" SELECT %(id)s, 'BC', now(), 'report.filed', 'gu', 'SWJ', repeat('长', 50000) {many}",
    ):
        changed(desk, sql, id=str(ticket_id))


def test_the_reply_about_one_ticket_is_below_a_mebibyte_whatever_it_has(desk: Desk) -> None:
    ticket_id = desk.registered()
    filled(desk, ticket_id)
    with Others(desk.service, "/nothing") as others:
        reply = desk.ask("GET", f"/tickets/{ticket_id}?timeline_limit=200", CLERK)
    assert len(reply.content) < MEBIBYTE
    shown = reply.json()
    assert [each["level"] for each in shown["escalations"]] == list(range(51, 151)), "the latest, in their order"
    assert [each["round"] for each in shown["deadlines"]] == list(range(51, 151))
    assert [each["round"] for each in shown["extensions"]] == list(range(142, 151)), "fewer of long texts"
    assert [each["round"] for each in shown["assignments"]] == list(range(147, 151))
    assert shown["timeline_before"] is not None
    is_harmless(others)
