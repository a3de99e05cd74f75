"""Which earlier tickets are like one that is being typed. Pure.

They are found by the pairs of characters by which tickets are searched (`services.routing.rules.lists`): by those that
stand in few tickets, since a pair that is everywhere, such as 窗口, says nothing.
"""

from collections.abc import Collection, Mapping, Sequence

from services.routing.rules.lists import terms_of

LOOKED_UP = 40
"""How many terms are looked up: each is one look into the index."""
TOO_COMMON = 20_000
"""A term of which more tickets are thought to have it is not looked up: what is found would take too long to read."""
LEAST_LIKENESS = 0.2
LEAST_COMMON = 3
SHOWN = 5


def telling_terms(title: str, text: str, frequencies: Mapping[str, float], tickets: float) -> list[str]:
    """The terms to look up, the rarest first, by how frequent each is thought to be among ``tickets``; of equally rare
    ones those of the title come first.
    """
    terms = [term for term in terms_of(title, text) if frequencies.get(term, 0.0) * tickets <= TOO_COMMON]
    return sorted(terms, key=lambda term: frequencies.get(term, 0.0))[:LOOKED_UP]


def likeness(typed: Collection[str], other: Collection[str]) -> float:
    """From 0 to 1: the share of the typed terms that the other ticket has; 0 for too few to mean anything."""
    common = len(set(typed) & set(other))
    return common / len(typed) if typed and common >= min(LEAST_COMMON, len(typed)) else 0.0


def most_alike(typed: Sequence[str], candidates: Mapping[int, Collection[str]]) -> list[tuple[int, float]]:
    """Which of the candidates are alike, and how much, the most alike first."""
    alike = [(place, likeness(typed, terms)) for place, terms in candidates.items()]
    return sorted((each for each in alike if each[1] >= LEAST_LIKENESS), key=lambda each: -each[1])
