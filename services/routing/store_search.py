"""By what tickets are found: a row for each that is written once, apart from the ticket, which changes often.

The index costs more than all else that is done about a new ticket. So what arrives is only noted, and made findable
afterwards, a few at a time, between which a burst of other work goes on.
"""

from collections.abc import Iterable
from uuid import UUID

from services.plumbing.transaction import Transaction, document
from services.routing.search import terms_of


def note_new(tx: Transaction, ticket_ids: Iterable[UUID]) -> None:
    """These tickets are to be made findable."""
    ids = list(ticket_ids)
    if ids:
        tx.run_last("INSERT INTO search_backlog (ticket_id) SELECT unnest(%(ids)s)", ids=ids)


def make_findable(tx: Transaction, limit: int) -> int:
    """Enter some of them into the index by their words, which are masked; how many. Replicas share the work."""
    rows = tx.rows(
        "WITH next AS (DELETE FROM search_backlog WHERE ticket_id IN (SELECT ticket_id FROM search_backlog"
        " ORDER BY ticket_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) RETURNING ticket_id)"
        " SELECT t.id, t.center, t.title, t.text FROM tickets t JOIN next ON next.ticket_id = t.id",
        limit=limit,
    )
    if rows:
        tx.run(
            "INSERT INTO search_terms (ticket_id, center, terms) SELECT (e->>0)::uuid, e->>1,"
            " ARRAY(SELECT json_array_elements_text(e->2)) FROM json_array_elements(%(rows)s) AS found (e)"
            " ON CONFLICT DO NOTHING",
            rows=document([[row.id, row.center, terms_of(row.title, row.text)] for row in rows]),
        )
    return len(rows)
