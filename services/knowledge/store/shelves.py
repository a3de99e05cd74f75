"""A center's shelf: how much was learnt there, and the departments that it was learnt of."""

from collections import Counter
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from services.knowledge.rules.weighing import terms_between
from services.plumbing.database.transaction import Transaction


class ShelfKind(StrEnum):
    """What stands on a shelf."""

    SOLVED = "solved"
    ENTRIES = "entries"


class Solver(NamedTuple):
    """A department that solved cases: its number, its place in the counts of a pair, how many of its cases counted."""

    number: int
    place: int
    counted: int


class Shelf(NamedTuple):
    """What the index knows of a center: its number, the cases on it, and how many pairs those have in all."""

    shelf: int
    cases: int
    length: int


_SHELF = "SELECT shelf, cases, length FROM shelves WHERE center = %(center)s AND kind = %(kind)s"


def for_learning(tx: Transaction, center: str, kind: ShelfKind) -> Shelf:
    """The center's shelf of a kind, made if it is new, and held: who learns of a center does so alone."""
    values = {"center": center, "kind": kind}
    tx.execute("INSERT INTO shelves (center, kind) VALUES (%(center)s, %(kind)s) ON CONFLICT DO NOTHING", **values)
    row = tx.row(f"{_SHELF} FOR UPDATE", **values)
    assert row is not None
    return Shelf(*row)


def find(tx: Transaction, center: str, kind: ShelfKind) -> Shelf | None:
    """The center's shelf of a kind; None as long as nothing was learnt of it."""
    row = tx.row(_SHELF, center=center, kind=kind)
    return Shelf(*row) if row else None


def grow(tx: Transaction, shelf: int, cases: int, length: int) -> None:
    """There are so many more cases and pairs on it; less, if negative."""
    tx.execute(
        "UPDATE shelves SET cases = cases + %(cases)s, length = length + %(length)s WHERE shelf = %(shelf)s",
        **{"shelf": shelf, "cases": cases, "length": length},
    )


def departments(tx: Transaction, shelf: int, codes: Collection[str]) -> dict[str, Solver]:
    """Departments of a shelf that is held, by their codes; new ones are entered."""
    tx.execute(
        "INSERT INTO departments (shelf, code, place) SELECT %(shelf)s, code, row_number() OVER (ORDER BY code)"
        " + (SELECT count(*) FROM departments WHERE shelf = %(shelf)s) FROM unnest(%(codes)s::text[]) AS code"
        " WHERE NOT EXISTS (SELECT FROM departments d WHERE d.shelf = %(shelf)s AND d.code = code.code)",
        **{"shelf": shelf, "codes": list(codes)},
    )
    rows = tx.rows(
        "SELECT code, department, place, counted FROM departments WHERE shelf = %(shelf)s AND code = ANY(%(codes)s)",
        **{"shelf": shelf, "codes": list(codes)},
    )
    return {row.code: Solver(row.department, row.place, row.counted) for row in rows}


def counted(tx: Transaction, by_department: Mapping[int, int]) -> None:
    """So many more cases were counted of these departments; less, if negative."""
    tx.execute(
        "UPDATE departments d SET counted = counted + given.cases, changed = changed + abs(given.cases)"
        " FROM unnest(%(departments)s::integer[], %(cases)s::integer[]) AS given (department, cases)"
        " WHERE d.department = given.department",
        **{"departments": list(by_department), "cases": list(by_department.values())},
    )


def counted_cases(tx: Transaction, shelf: int, *, of_departments: bool = False) -> int:
    """How many cases the counts are of; or only those ``of_departments``, that is of which it is known who led them."""
    row = tx.row(
        "SELECT coalesce(sum(counted), 0) AS cases FROM departments"
        " WHERE shelf = %(shelf)s AND (code <> '' OR NOT %(of_departments)s)",
        **{"shelf": shelf, "of_departments": of_departments},
    )
    return int(row.cases) if row else 0


OUTDATED = 0.05
"""When so great a part of the cases came or went since, the departments are measured anew."""
MEASURED_AT_ONCE = 5_000
"""Pairs, each with the counts of all departments."""
_MEASURING = 8006

_THROUGH = """
SELECT coalesce(
    (SELECT term FROM pair_counts WHERE term >= %(first)s AND term < %(last)s ORDER BY term OFFSET %(rows)s LIMIT 1),
    %(last)s - 1) AS term
"""

# The rarity of a pair is `rarity` in rules/weighing.py, in floats: the logarithm of a numeric takes far longer.
_SQUARES = """
SELECT place,
       sum((of_place.cases * ln(1 + (greatest(%(cases)s::float - known, 0) + 0.5) / (known + 0.5))) ^ 2) AS squares
FROM (SELECT cases, (SELECT sum(each) FROM unnest(cases) AS each)::float AS known
      FROM pair_counts WHERE term BETWEEN %(first)s AND %(through)s) AS part
CROSS JOIN LATERAL unnest(part.cases) WITH ORDINALITY AS of_place (cases, place)
GROUP BY place
"""


def measure(tx: Transaction) -> int:
    """Measure the departments of one shelf of solved cases that have changed by OUTDATED; 0 if there is none, or if
    another process does so. It reads every pair of the shelf, in parts, and nobody waits for it.
    """
    row = tx.row(
        "SELECT shelf, sum(counted)::bigint AS cases FROM departments JOIN shelves USING (shelf) WHERE kind = %(kind)s"
        " GROUP BY shelf HAVING sum(changed) > 0 AND sum(changed) >= %(outdated)s * sum(counted) LIMIT 1",
        **{"kind": ShelfKind.SOLVED, "outdated": OUTDATED},
    )
    if row is None or not tx.rows("SELECT 1 WHERE pg_try_advisory_xact_lock(%(key)s)", key=_MEASURING):
        return 0
    changed = tx.rows("SELECT department, place, changed FROM departments WHERE shelf = %(shelf)s", shelf=row.shelf)
    squares: Counter[int] = Counter()
    first, last = terms_between(row.shelf)
    while first < last:
        part = tx.row(_THROUGH, first=first, last=last, rows=MEASURED_AT_ONCE)
        through = part.term if part else last
        for each in tx.rows(_SQUARES, first=first, through=through, cases=row.cases):
            squares[each.place] += each.squares
        first = through + 1
    for each in changed:
        tx.execute(
            "UPDATE departments SET norm = %(norm)s, changed = changed - %(changed)s WHERE department = %(department)s",
            **{"norm": squares[each.place] ** 0.5, "changed": each.changed, "department": each.department},
        )
    return 1


def sizes(tx: Transaction) -> list[tuple[str, int]]:
    """How many solved cases each center has, by its code."""
    rows = tx.rows("SELECT center, cases FROM shelves WHERE kind = %(kind)s", kind=ShelfKind.SOLVED)
    return [(row.center, row.cases) for row in rows]
