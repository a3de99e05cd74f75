"""What was solved is learnt, and forgotten when it turns out not to be solved; entries are, as they are published."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from services.knowledge import store
from services.knowledge.actions.rarities import rarities
from services.knowledge.rules.weighing import Learnable, heaviest, weights
from services.knowledge.store.index import NewCase
from services.knowledge.store.shelves import ShelfKind
from services.plumbing.database.transaction import Transaction

COUNTED_WHOLE = 1000
"""So many cases of a department are all counted; of later ones a part, since by then it is known what it does."""
COUNTED_AFTER = 16
"""One in so many."""


def learn(tx: Transaction, center: str, cases: Mapping[UUID, Learnable], kind: ShelfKind = ShelfKind.SOLVED) -> None:
    """Put cases, none of which was learnt before, into the index of a center.

    All are counted first, so that it makes no difference which come together. The shelf is held meanwhile.
    """
    if not cases:
        return
    shelf = store.shelves.for_learning(tx, center, kind)
    departments = store.shelves.departments(tx, shelf.shelf, {case.department or "" for case in cases.values()})
    sets = {id_: case.terms(shelf.shelf) for id_, case in cases.items()}
    read = {id_: _together(each) for id_, each in sets.items()}
    of = {id_: departments[case.department or ""] for id_, case in cases.items()}
    so_far = {department.number: department.counted for department in departments.values()}
    counted: set[UUID] = set()
    for id_, department in of.items():
        if so_far[department.number] < COUNTED_WHOLE or id_.int % COUNTED_AFTER == 0:
            counted.add(id_)
            so_far[department.number] += 1
    _count(tx, [(of[id_].number, of[id_].place, read[id_]) for id_ in counted], 1)

    lengths = {id_: sum(terms.values()) for id_, terms in read.items()}
    whole = shelf.length + sum(lengths.values())
    average = max(1.0, whole / (shelf.cases + len(cases)))
    rare = rarities(tx, shelf.shelf, {term for terms in read.values() for term in terms})
    new = []
    for id_, terms in read.items():
        weighed = weights(terms, lengths[id_] / average)
        postings = {
            term: weighed[term]
            for some in sets[id_]
            for term in heaviest({term: weighed[term] for term in some}, rare, cases[id_].kept)
        }
        new.append(NewCase(id_, shelf.shelf, of[id_].number, id_ in counted, lengths[id_], postings))
    store.index.add(tx, new)
    store.shelves.grow(tx, shelf.shelf, len(cases), whole - shelf.length)


def forget(tx: Transaction, center: str, cases: Mapping[UUID, Learnable], kind: ShelfKind = ShelfKind.SOLVED) -> None:
    """Take cases out of the index again; with the words by which they were learnt, so that the counts come out even."""
    if not cases:
        return
    shelf = store.shelves.for_learning(tx, center, kind)
    removed = store.index.remove(tx, shelf.shelf, cases)
    read = [
        (row.department, row.place, _together(cases[row.subject].terms(shelf.shelf))) for row in removed if row.counted
    ]
    _count(tx, read, -1)
    store.shelves.grow(tx, shelf.shelf, -len(removed), -sum(row.length for row in removed))


def _together(sets: Iterable[Mapping[int, int]]) -> dict[int, int]:
    return {term: count for terms in sets for term, count in terms.items()}


def _count(tx: Transaction, read: Collection[tuple[int, int, Mapping[int, int]]], cases: int) -> None:
    counts: Counter[tuple[int, int]] = Counter()
    for _department, place, terms in read:
        counts.update((term, place) for term in terms)
    store.index.count(tx, {key: number * cases for key, number in counts.items()})
    each = Counter(department for department, _place, _terms in read)
    store.shelves.counted(tx, {department: number * cases for department, number in each.items()})


def measure(tx: Transaction) -> int:
    """Measure the departments of one center anew if enough was learnt since; 0 if there is nothing to do."""
    return store.shelves.measure(tx)
