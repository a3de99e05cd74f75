"""Earlier tickets that share rare terms with what is being typed: a bounded number of looks into the search index."""

import time
from collections.abc import Sequence

from services.plumbing.database.transaction import Row, Transaction
from services.routing.rules.ticket import Scope

CANDIDATES = 40
OF_A_TERM = 300
"""So many tickets with one term are counted: one that has more is rare no longer."""
ANSWER_SHOWN = 300
_FRESH_SECONDS = 600.0


def frequencies(tx: Transaction) -> tuple[dict[str, float], float]:
    """The most common terms and in which part of the tickets each stands, and how many tickets there are about.

    PostgreSQL knows both from its own statistics, so nothing is counted; they are read again after ten minutes.
    """
    known, known_at = tx.cache.get("term frequencies", (({}, 0.0), None))
    if known_at is None or time.monotonic() - known_at > _FRESH_SECONDS:
        row = tx.row(
            "SELECT s.most_common_elems::text::text[] AS terms, s.most_common_elem_freqs AS frequencies, c.reltuples"
            " FROM pg_class c LEFT JOIN pg_stats s"
            " ON s.schemaname = c.relnamespace::regnamespace::text AND s.tablename = c.relname AND s.attname = 'terms'"
            " WHERE c.oid = 'search_terms'::regclass"
        )
        # After the frequencies PostgreSQL adds the least and the greatest of them, which zip leaves out.
        found = dict(zip(row.terms, row.frequencies, strict=False)) if row and row.terms else {}
        known = found, max(0.0, float(row.reltuples)) if row else 0.0
        tx.cache["term frequencies"] = known, time.monotonic()
    frequencies, tickets = known
    return frequencies, tickets


def candidates(tx: Transaction, scope: Scope, terms: Sequence[str]) -> list[Row]:
    """The tickets within ``scope`` that share most of ``terms``, with all terms of each."""
    return tx.rows(
        "SELECT t.id, t.number, t.title, t.shown_state AS state, t.lead, t.outcome, t.registered_at, t.answered_at,"
        f" left(t.answer, {ANSWER_SHOWN}) AS answer, s.terms FROM ("
        "  SELECT found.ticket_id, count(*) AS shared FROM unnest(%(terms)s::text[]) AS given (term)"
        "  CROSS JOIN LATERAL (SELECT ticket_id FROM search_terms"
        "   WHERE terms @> ARRAY[given.term] AND center = %(center)s"
        f"  LIMIT {OF_A_TERM}) AS found GROUP BY found.ticket_id ORDER BY shared DESC, ticket_id DESC"
        f" LIMIT {CANDIDATES}) AS best JOIN tickets t ON t.id = best.ticket_id"
        " JOIN search_terms s ON s.ticket_id = t.id"
        " WHERE %(department)s::text IS NULL OR EXISTS"
        " (SELECT FROM assignments a WHERE a.ticket_id = t.id AND a.department = %(department)s)",
        terms=list(terms),
        center=scope.center,
        department=scope.department,
    )
