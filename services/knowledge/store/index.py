"""The index of solved cases and of published entries: postings of their heaviest pairs, and in how many of each
department a pair stands. Which of the two is meant says the shelf that a term stands on.

A question is answered by two queries, neither of which grows with the number of cases but by the postings of 64 pairs:
BM25 over the postings for the nearest cases, and the cosine with each department's counts for who solves such things.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from services.plumbing.database.transaction import Row, Transaction

Counts = Mapping[tuple[int, int], int]
"""In how many cases a term stands, by term and the place of the department."""


AT_ONCE = 20_000
"""Rows of one statement: it is over long before a statement is ended for taking too long."""


class NewCase(NamedTuple):
    """A ticket or entry to be stored: its ``postings`` are the terms that are kept, each with its weight."""

    subject: UUID
    shelf: int
    department: int
    counted: bool
    length: int
    postings: Mapping[int, float]


def count(tx: Transaction, counts: Counts) -> None:
    """Add to the counts; in the order of the terms, as everybody does."""
    of: dict[int, list[int]] = {}
    for (term, place), cases in counts.items():
        row = of.setdefault(term, [])
        row += [0] * (place - len(row))
        row[place - 1] = cases
    for some in _parts(sorted(of.items())):
        tx.execute(
            "INSERT INTO pair_counts (term, cases)"
            " SELECT term, cases::integer[] FROM unnest(%(terms)s::bigint[], %(cases)s::text[]) AS given (term, cases)"
            " ON CONFLICT (term) DO UPDATE SET cases = (SELECT array_agg(coalesce(before, 0) + coalesce(more, 0)"
            " ORDER BY place) FROM unnest(pair_counts.cases, excluded.cases) WITH ORDINALITY"
            " AS of_place (before, more, place))",
            terms=_array(term for term, _ in some),
            cases=[_array(cases) for _, cases in some],
        )


def having(tx: Transaction, terms: Collection[int]) -> dict[int, int]:
    """In how many of the counted cases each term stands; those that stand in none are left out."""
    found: dict[int, int] = {}
    for some in _parts(sorted(terms)):
        row = tx.row(
            "SELECT array_agg(term) AS terms, array_agg(cases) AS cases FROM (SELECT term,"
            " (SELECT sum(each) FROM unnest(cases) AS each)::integer AS cases"
            " FROM pair_counts WHERE term = ANY(%(terms)s::bigint[])) AS known",
            terms=_array(some),
        )
        if row and row.terms:
            found |= zip(row.terms, row.cases, strict=True)
    return found


def add(tx: Transaction, cases: Sequence[NewCase]) -> None:
    """Store cases, none of which may be there already, with their postings."""
    rows = tx.rows(
        "INSERT INTO cases (subject, shelf, department, counted, length, terms)"
        " SELECT subject, shelf, department, counted, length, string_to_array(terms, ' ')::bigint[] FROM unnest("
        " %(subjects)s::uuid[], %(shelves)s::integer[], %(departments)s::integer[], %(counted)s::boolean[],"
        " %(lengths)s::integer[], %(terms)s::text[])"
        " AS given (subject, shelf, department, counted, length, terms) RETURNING id, subject",
        subjects=[case.subject for case in cases],
        shelves=[case.shelf for case in cases],
        departments=[case.department for case in cases],
        counted=[case.counted for case in cases],
        lengths=[case.length for case in cases],
        terms=[" ".join(map(str, case.postings)) for case in cases],
    )
    ids = {row.subject: row.id for row in rows}
    postings = sorted((term, ids[case.subject], weight) for case in cases for term, weight in case.postings.items())
    for some in _parts(postings):
        tx.execute(
            "INSERT INTO postings (term, case_id, weight)"
            " SELECT * FROM unnest(%(terms)s::bigint[], %(cases)s::integer[], %(weights)s::real[])",
            terms=_array(term for term, _, _ in some),
            cases=_array(case for _, case, _ in some),
            weights=_array(weight for _, _, weight in some),
        )


def remove(tx: Transaction, shelf: int, subjects: Iterable[UUID]) -> list[Row]:
    """Take cases and their postings off a shelf. Returns of each what was stored of it."""
    removed = tx.rows(
        "DELETE FROM cases c USING departments d WHERE c.subject = ANY(%(subjects)s::uuid[]) AND c.shelf = %(shelf)s"
        " AND d.department = c.department"
        " RETURNING c.id, c.subject, c.department, d.place, c.counted, c.length, c.terms",
        subjects=list(subjects),
        shelf=shelf,
    )
    tx.execute(
        "DELETE FROM postings p USING unnest(%(terms)s::bigint[], %(cases)s::integer[]) AS gone (term, case_id)"
        " WHERE p.term = gone.term AND p.case_id = gone.case_id",
        terms=[term for case in removed for term in case.terms],
        cases=[case.id for case in removed for _ in case.terms],
    )
    return removed


_NEAREST = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(terms)s::bigint[], %(weights)s::float[], %(own)s::float[]) AS given (term, weight, own)),
nearest AS MATERIALIZED (
    SELECT p.case_id, sum(asked.weight * p.weight) AS score, sum(asked.own) AS common
    FROM asked
    JOIN LATERAL (SELECT case_id, weight FROM postings WHERE postings.term = asked.term OFFSET 0) AS p ON true
    GROUP BY p.case_id ORDER BY score DESC, p.case_id LIMIT %(limit)s)
SELECT c.subject, d.code AS department, n.common
FROM nearest n JOIN cases c ON c.id = n.case_id JOIN departments d ON d.department = c.department
ORDER BY n.score DESC, n.case_id
"""


def nearest(tx: Transaction, asked: Mapping[int, tuple[float, float]], limit: int) -> list[Row]:
    """The cases most like a question (BM25): subject, department ('' if nobody is known to have solved it) and what
    they have in ``common``. ``asked`` has of each term how much it counts, and how much of what is in common.
    """
    return tx.rows(
        _NEAREST,
        terms=_array(asked),
        weights=_array(weight for weight, _ in asked.values()),
        own=_array(own for _, own in asked.values()),
        limit=limit,
    )


_ALIKE = """
SELECT d.code, found.likeness / d.norm AS likeness FROM (
    SELECT of_place.place, sum(given.weight * of_place.cases) AS likeness
    FROM unnest(%(terms)s::bigint[], %(weights)s::float[]) AS given (term, weight)
    JOIN LATERAL (SELECT cases FROM pair_counts WHERE pair_counts.term = given.term OFFSET 0) AS p ON true
    CROSS JOIN LATERAL unnest(p.cases) WITH ORDINALITY AS of_place (cases, place)
    GROUP BY of_place.place) AS found
JOIN departments d ON d.shelf = %(shelf)s AND d.place = found.place WHERE d.norm > 0 AND d.code <> ''
"""


def alike(tx: Transaction, shelf: int, asked: Mapping[int, float]) -> dict[str, float]:
    """How much a question is like what each department solved: cosines, but for one factor that all have. ``asked``
    has of each term how much it counts, with the square of its rarity: once for the question, once for the department.
    """
    rows = tx.rows(_ALIKE, shelf=shelf, terms=_array(asked), weights=_array(asked.values()))
    return {row.code: row.likeness for row in rows}


def _array(numbers: Iterable[float]) -> str:
    """Numbers as PostgreSQL reads an array: for Python a small part of the work of passing them one by one."""
    return f"{{{','.join(map(str, numbers))}}}"


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
