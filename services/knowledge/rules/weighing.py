"""What a case or a question weighs in each of its pairs of characters (BM25). Pure.

How often a pair stands in a text counts with diminishing returns, and the less the longer the text; a pair that stands
in few cases tells more than one that stands in many. Title, text and the beginning of the answer are read as one.
"""

import heapq
import math
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple, Protocol, TypeVar

from services.text_pairs import pairs_of

TITLE_TIMES = 3
"""The title is the writer's own summary: it counts as if it stood there three times."""
ANSWER_READ = 300
"""Characters of an answer: it names the office and the matter at its beginning."""
HEAVIEST = 64
"""So many pairs of a case are kept in the index."""
LOOKED_UP = 32
"""So many pairs of a question are looked up there: more take time and find the same."""
SATURATION = 2.0
"""BM25's k1: how soon it makes no difference that a pair stands there once more."""
LENGTH_COUNTS = 0.75
"""BM25's b: how much a long text's pairs are worth less."""

_BITS = 21
"""Every character has its number within so many bits."""

Pair = TypeVar("Pair", str, int)
"""A pair of characters, or its term."""

Times = Counter[str]
"""How often each pair stands in a text."""


class Learnable(Protocol):
    """What the index can hold."""

    @property
    def department(self) -> str | None:
        """Whose it is counted as; None where that makes no difference."""

    @property
    def kept(self) -> int:
        """So many terms of each set are kept in the index."""

    def terms(self, shelf: int) -> tuple[dict[int, int], ...]:
        """How often each of its terms stands there, in sets of which the heaviest of each are kept."""


class Case(NamedTuple):
    """What is learnt of a solved ticket: masked words, and who led it; None where that is not known."""

    title: str
    text: str
    answer: str
    department: str | None
    kept: int = HEAVIEST

    def terms(self, shelf: int) -> tuple[dict[int, int], ...]:
        """How often each of its terms stands there, in one set."""
        return (terms_in(shelf, times_in(self.title, self.text, self.answer)),)


def times_in(title: str, text: str, answer: str = "") -> Times:
    """How often each pair stands in a ticket; as often again for the title as it counts."""
    times = Counter({pair: TITLE_TIMES * count for pair, count in Counter(pairs_of(title)).items()})
    times.update(pairs_of(text))
    times.update(pairs_of(answer[:ANSWER_READ]))
    return times


def term_of(shelf: int, pair: str) -> int:
    """A pair on a center's shelf as one number below 2**63: what the tables are ordered by."""
    return (shelf << 2 * _BITS) | (ord(pair[0]) << _BITS) | ord(pair[1])


def terms_in(shelf: int, times: Times) -> dict[int, int]:
    """How often each pair stands in a text, by its term."""
    first = shelf << 2 * _BITS
    return {first | (ord(pair[0]) << _BITS) | ord(pair[1]): count for pair, count in times.items()}


def terms_between(shelf: int) -> tuple[int, int]:
    """The first term of a shelf, and the first of the next."""
    return shelf << 2 * _BITS, (shelf + 1) << 2 * _BITS


def rarity(cases: int, having: int) -> float:
    """What a pair tells that ``having`` of ``cases`` have (BM25's inverse document frequency)."""
    having = max(0, having)
    return math.log(1 + (max(cases, having) - having + 0.5) / (having + 0.5))


def weights(times: Mapping[Pair, int], length_ratio: float = 1.0) -> dict[Pair, float]:
    """What each pair weighs by how often it stands there, in a text ``length_ratio`` times as long as others."""
    flattening = SATURATION * (1 - LENGTH_COUNTS + LENGTH_COUNTS * length_ratio)
    return {pair: count * (SATURATION + 1) / (count + flattening) for pair, count in times.items()}


def heaviest(weighed: Mapping[Pair, float], rarities: Mapping[Pair, float], most: int) -> list[Pair]:
    """The pairs of a case that are kept, or of a question that are looked up: those that weigh most and tell most."""
    found = heapq.nlargest(most, [(weight * rarities[pair], pair) for pair, weight in weighed.items()])
    return [pair for _, pair in found]
