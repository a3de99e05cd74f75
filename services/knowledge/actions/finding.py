"""Which published entries answer a question."""

from typing import NamedTuple
from uuid import UUID

from services.knowledge import store
from services.knowledge.actions.rarities import rarities
from services.knowledge.rules.asking import asked_terms
from services.knowledge.rules.weighing import LOOKED_UP, heaviest, rarity, weights
from services.knowledge.store.shelves import ShelfKind
from services.plumbing.database.transaction import Transaction

NEAREST = 30
"""So many are looked at: among them are some that who asks may not see."""


class Found(NamedTuple):
    """An entry, and how much of what was asked it has, from 0 to 1: rare words count more than common ones."""

    entry_id: UUID
    likeness: float


def find(tx: Transaction, center: str, words: str, limit: int = NEAREST) -> list[Found]:
    """The published entries of a center for a question, the nearest first."""
    shelf = store.shelves.find(tx, center, ShelfKind.ENTRIES)
    if shelf is None or not shelf.cases:
        return []
    sets = asked_terms(shelf.shelf, words)
    known = rarities(tx, shelf.shelf, {term for terms, _ in sets for term in terms})
    # What stands in no entry tells no more than what stands in one: most such pairs are ends of words that met.
    most_telling = rarity(shelf.cases, 1)
    asked: dict[int, tuple[float, float]] = {}
    for terms, counts in sets:
        rare, own = {term: min(known[term], most_telling) for term in terms}, weights(terms)
        for term in heaviest(own, rare, LOOKED_UP):
            asked[term] = counts * terms[term] * rare[term], counts * own[term] * rare[term]
    if not asked:
        return []
    whole = sum(own for _, own in asked.values())
    return [Found(row.subject, min(1.0, row.common / whole)) for row in store.index.nearest(tx, asked, limit)]
