"""A center's shelf: how much was learnt there, and the departments that it was learnt of."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from services.knowledge.rules.weighing import terms_between
from services.plumbing.database.transaction import Transaction


class Shelf(NamedTuple):
    """What the index knows of a center: its number, the cases on it, and how many pairs those have in all."""

    shelf: int
    cases: int
    length: int


def for_learning(tx: Transaction, center: str) -> Shelf:
    """The center's shelf, made if it is new, and held: who learns of a center does so alone."""
    tx.execute("INSERT INTO shelves (center) VALUES (%(center)s) ON CONFLICT DO NOTHING", center=center)
    row = tx.row("SELECT shelf, cases, length FROM shelves WHERE center = %(center)s FOR UPDATE", center=center)
    assert row is not None
    return Shelf(*row)


def find(tx: Transaction, center: str) -> Shelf | None:
    """The center's shelf; None as long as nothing was learnt of it."""
    row = tx.row("SELECT shelf, cases, length FROM shelves WHERE center = %(center)s", center=center)
    return Shelf(*row) if row else None


def grow(tx: Transaction, shelf: int, cases: int, length: int) -> None:
    """There are so many more cases and pairs on it; less, if negative."""
    tx.execute(
        "UPDATE shelves SET cases = cases + %(cases)s, length = length + %(length)s WHERE shelf = %(shelf)s",
        **{"shelf": shelf, "cases": cases, "length": length},
    )


def departments(tx: Transaction, shelf: int, codes: Collection[str]) -> dict[str, tuple[int, int]]:
    """The number of each department, and how many of its cases were counted; new ones are entered."""
    tx.execute(
        "INSERT INTO departments (shelf, code) SELECT %(shelf)s, code FROM unnest(%(codes)s::text[]) AS code"
        " ON CONFLICT DO NOTHING",
        **{"shelf": shelf, "codes": sorted(codes)},
    )
    rows = tx.rows(
        "SELECT code, department, counted FROM departments WHERE shelf = %(shelf)s AND code = ANY(%(codes)s)",
        **{"shelf": shelf, "codes": list(codes)},
    )
    return {row.code: (row.department, row.counted) for row in rows}


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


_MEASURE = """
WITH whole AS (SELECT sum(counted) AS cases FROM departments WHERE shelf = %(shelf)s),
     rarities AS MATERIALIZED (
         SELECT term, ln(1 + (greatest(whole.cases - sum(p.cases), 0) + 0.5) / (sum(p.cases) + 0.5))::float AS rarity
         FROM pairs p CROSS JOIN whole WHERE term >= %(first)s AND term < %(last)s GROUP BY term, whole.cases),
     norms AS (
         SELECT p.department, sqrt(sum((p.cases * r.rarity) ^ 2)) AS norm
         FROM pairs p JOIN rarities r USING (term) GROUP BY p.department)
UPDATE departments d SET norm = norms.norm, changed = 0 FROM norms WHERE d.department = norms.department
"""

OUTDATED = 0.05
"""When so great a part of the cases came or went since, the departments are measured anew."""


def measure(tx: Transaction) -> int:
    """Measure the departments of one shelf whose cases have changed by OUTDATED; 0 if there is none. It reads every
    pair of the shelf: a second or two at 100,000 cases.
    """
    row = tx.row(
        "SELECT shelf FROM departments GROUP BY shelf"
        " HAVING sum(changed) > 0 AND sum(changed) >= %(outdated)s * sum(counted) LIMIT 1",
        outdated=OUTDATED,
    )
    if row is None:
        return 0
    first, last = terms_between(row.shelf)
    tx.execute("SELECT FROM shelves WHERE shelf = %(shelf)s FOR UPDATE", shelf=row.shelf)
    tx.execute(_MEASURE, **{"shelf": row.shelf, "first": first, "last": last})
    tx.execute("UPDATE departments SET changed = 0 WHERE shelf = %(shelf)s", shelf=row.shelf)
    return 1


def sizes(tx: Transaction) -> list[tuple[str, int]]:
    """How many cases each center has, by its code."""
    return [(row.center, row.cases) for row in tx.rows("SELECT center, cases FROM shelves")]
