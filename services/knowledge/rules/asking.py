"""By what an entry of the question base is found: its words, and how they sound. Pure."""

from typing import NamedTuple

from services.knowledge.rules.sounds import sounds_in
from services.knowledge.rules.weighing import TITLE_TIMES, terms_in, times_in

KEPT = 128
"""So many pairs of characters, and of sounds, of an entry are kept: entries are few, and their answers long."""
SOUNDS_COUNT = 1.0
"""How much a pair of sounds counts beside a pair of characters."""
ENOUGH = 0.25
"""An entry that has less of what was asked is no answer."""
BESIDE = 0.1
"""Beside one that is, others are shown that have so much of it."""
CLEARLY = 0.5
"""An entry that has so much of it is shown unasked, beside what is being typed."""


class EntryWords(NamedTuple):
    """An entry as it is learnt."""

    question: str
    other_wordings: tuple[str, ...]
    answer: str
    department: str | None = None
    kept: int = KEPT

    def terms(self, shelf: int) -> tuple[dict[int, int], ...]:
        """Its pairs of characters, and of sounds."""
        rest = "\n".join((*self.other_wordings, self.answer))
        words = terms_in(shelf, times_in(self.question, rest))
        return words, sounds_in(shelf, self.question, TITLE_TIMES) + sounds_in(shelf, rest)


def asked_terms(shelf: int, words: str) -> tuple[tuple[dict[int, int], float], ...]:
    """What is looked up of a question: its pairs of characters, and of sounds, and how much each of a set counts."""
    return (terms_in(shelf, times_in("", words)), 1.0), (sounds_in(shelf, words), SOUNDS_COUNT)
