"""What each pair of characters tells, as far as a process remembers it."""

from collections.abc import Collection

from services.knowledge import store
from services.knowledge.rules.weighing import rarity
from services.plumbing.database.transaction import Transaction

MOST_KNOWN = 300_000
"""Terms whose rarity a process remembers, some 30 MB: reading it each time would be most of the work."""


def rarities(tx: Transaction, shelf: int, terms: Collection[int]) -> dict[int, float]:
    """The rarity of each term, by what this process knows of it unless many cases were counted since."""
    cases = store.shelves.counted_cases(tx, shelf)
    known_at, known = tx.cache.get(("rarities", shelf), (0, {}))
    if cases > known_at * (1 + store.shelves.OUTDATED) or cases < known_at or len(known) > MOST_KNOWN:
        known_at, known = cases, {}
        tx.cache["rarities", shelf] = known_at, known
    missing = [term for term in terms if term not in known]
    having = store.index.having(tx, missing)
    known.update((term, rarity(cases, having.get(term, 0))) for term in missing)
    return {term: known[term] for term in terms}
