"""By what tickets are found: a row for each that is written once, apart from the ticket, which changes often.

The index costs more than all else that is done about a new ticket. So what arrives is only noted, and made findable
afterwards, a few at a time, between which a burst of other work goes on.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.plumbing.database.transaction import Transaction, as_json_rows
from services.routing.rules.search import terms_of

COMMON = 2000
"""A word that stands in so many tickets is a common one."""


def note_new(tx: Transaction, ticket_ids: Iterable[UUID]) -> None:
    """These tickets are to be made findable."""
    ids = list(ticket_ids)
    if ids:
        tx.execute_at_commit("INSERT INTO search_backlog (ticket_id) SELECT unnest(%(ids)s)", ids=ids)


def make_findable(tx: Transaction, limit: int) -> int:
    """Enter some of them into the index by their words, which are masked; how many. Replicas share the work."""
    rows = tx.rows(
        "WITH next AS (DELETE FROM search_backlog WHERE ticket_id IN (SELECT ticket_id FROM search_backlog"
        " ORDER BY ticket_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) RETURNING ticket_id)"
        " SELECT t.id, t.center, t.title, t.text FROM tickets t JOIN next ON next.ticket_id = t.id",
        limit=limit,
    )
    if rows:
        tx.execute(
            "INSERT INTO search_terms (ticket_id, center, terms) SELECT (e->>0)::uuid, e->>1,"
            " ARRAY(SELECT json_array_elements_text(e->2)) FROM json_array_elements(%(rows)s) AS found (e)"
            " ON CONFLICT DO NOTHING",
            rows=as_json_rows([[row.id, row.center, terms_of(row.title, row.text)] for row in rows]),
        )
    return len(rows)


def condition(tx: Transaction, terms: Sequence[str]) -> str:
    """What holds of the tickets ``t`` that have all ``terms``, in the way that is quick for these, with ``%(terms)s``.

    Rare words are looked up in the index and what is found is put in order; of common ones the newest tickets are gone
    through until a page is full. PostgreSQL, left to choose, at times goes through all tickets for a word in none.
    """
    row = tx.row(
        "SELECT count(*) AS times"
        " FROM (SELECT FROM search_terms WHERE terms @> %(terms)s::text[] LIMIT %(many)s) AS counted",
        terms=list(terms),
        many=COMMON,
    )
    if row and row.times < COMMON:
        return "t.id = ANY(ARRAY(SELECT ticket_id FROM search_terms WHERE terms @> %(terms)s::text[]))"
    return "EXISTS (SELECT FROM search_terms s WHERE s.ticket_id = t.id AND s.terms @> %(terms)s::text[] OFFSET 0)"
