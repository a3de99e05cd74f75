"""What was solved is learnt, and forgotten when it turns out not to be solved."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from services.knowledge import store
from services.knowledge.rules.weighing import Case, Times, heaviest, rarity, term_of, times_in, weights
from services.knowledge.store.index import NewCase
from services.plumbing.database.transaction import Transaction

COUNTED_WHOLE = 1000
"""So many cases of a department are all counted; of later ones a part, since by then it is known what it does."""
COUNTED_AFTER = 16
"""One in so many."""


def learn(tx: Transaction, center: str, cases: Mapping[UUID, Case]) -> None:
    """Put solved cases, none of which was learnt before, into the index of a center.

    All are counted first, so that it makes no difference which come together. The shelf is held meanwhile.
    """
    if not cases:
        return
    shelf = store.shelves.for_learning(tx, center)
    departments = store.shelves.departments(tx, shelf.shelf, {case.department or "" for case in cases.values()})
    read = {id_: times_in(case.title, case.text, case.answer) for id_, case in cases.items()}
    of = {id_: departments[case.department or ""][0] for id_, case in cases.items()}
    so_far = dict(departments.values())
    counted: dict[UUID, bool] = {}
    for id_, department in of.items():
        counted[id_] = so_far[department] < COUNTED_WHOLE or id_.int % COUNTED_AFTER == 0
        so_far[department] += counted[id_]
    _count(tx, shelf.shelf, {id_: (of[id_], times) for id_, times in read.items() if counted[id_]}, 1)

    whole, length = shelf.cases + len(cases), shelf.length + sum(times.total() for times in read.values())
    average = max(1.0, length / whole)
    all_pairs = {pair for times in read.values() for pair in times}
    having = store.index.having(tx, [term_of(shelf.shelf, pair) for pair in all_pairs])
    known = store.shelves.counted_cases(tx, shelf.shelf)
    rarities = {pair: rarity(known, having.get(term_of(shelf.shelf, pair), 0)) for pair in all_pairs}
    store.index.add(
        tx,
        [
            NewCase(
                id_, shelf.shelf, of[id_], counted[id_], times.total(), _postings(shelf.shelf, times, average, rarities)
            )
            for id_, times in read.items()
        ],
    )
    store.shelves.grow(tx, shelf.shelf, len(cases), length - shelf.length)


def forget(tx: Transaction, center: str, cases: Mapping[UUID, Case]) -> None:
    """Take cases out of the index again; with the words by which they were learnt, so that the counts come out even."""
    if not cases:
        return
    shelf = store.shelves.for_learning(tx, center)
    removed = store.index.remove(tx, cases)
    read = {row.ticket_id: cases[row.ticket_id] for row in removed if row.counted}
    of = {row.ticket_id: row.department for row in removed}
    _count(
        tx,
        shelf.shelf,
        {id_: (of[id_], times_in(case.title, case.text, case.answer)) for id_, case in read.items()},
        -1,
    )
    store.shelves.grow(tx, shelf.shelf, -len(removed), -sum(row.length for row in removed))


def _count(tx: Transaction, shelf: int, read: Mapping[UUID, tuple[int, Times]], cases: int) -> None:
    counts: Counter[tuple[int, int]] = Counter()
    for department, times in read.values():
        counts.update((term_of(shelf, pair), department) for pair in times)
    store.index.count(tx, {place: number * cases for place, number in counts.items()})
    each = Counter(department for department, _ in read.values())
    store.shelves.counted(tx, {department: number * cases for department, number in each.items()})


def _postings(shelf: int, times: Times, average: float, rarities: Mapping[str, float]) -> dict[int, float]:
    weighed = weights(times, times.total() / average)
    return {term_of(shelf, pair): weighed[pair] for pair in heaviest(weighed, rarities)}


def measure(tx: Transaction) -> int:
    """Measure the departments of one center anew if enough was learnt since; 0 if there is nothing to do."""
    return store.shelves.measure(tx)
