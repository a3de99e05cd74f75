"""What was solved is learnt, and forgotten when it turns out not to be solved."""

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

from services.knowledge import store
from services.knowledge.actions.rarities import rarities
from services.knowledge.rules.weighing import Case, heaviest, terms_in, times_in, weights
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
    read = {id_: _terms(shelf.shelf, case) for id_, case in cases.items()}
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
        postings = {term: weighed[term] for term in heaviest(weighed, rare)}
        new.append(NewCase(id_, shelf.shelf, of[id_].number, id_ in counted, lengths[id_], postings))
    store.index.add(tx, new)
    store.shelves.grow(tx, shelf.shelf, len(cases), whole - shelf.length)


def forget(tx: Transaction, center: str, cases: Mapping[UUID, Case]) -> None:
    """Take cases out of the index again; with the words by which they were learnt, so that the counts come out even."""
    if not cases:
        return
    shelf = store.shelves.for_learning(tx, center)
    removed = store.index.remove(tx, cases)
    read = [(row.department, row.place, _terms(shelf.shelf, cases[row.ticket_id])) for row in removed if row.counted]
    _count(tx, read, -1)
    store.shelves.grow(tx, shelf.shelf, -len(removed), -sum(row.length for row in removed))


def _terms(shelf: int, case: Case) -> dict[int, int]:
    return terms_in(shelf, times_in(case.title, case.text, case.answer))


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
