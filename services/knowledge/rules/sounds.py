"""How words sound: a recogniser of speech takes one character for another that sounds alike, and so do people who type
by sound. Pairs of neighbouring syllables are terms of the index like pairs of characters. Pure.
"""

import os
from collections import Counter
from functools import cache, lru_cache
from importlib import import_module
from itertools import pairwise
from typing import Any
from zlib import crc32

from services.text_pairs import pieces_of

_BITS = 21
"""As much room as a character has in a term (`term_of`)."""
_FIRST_SOUND = 0x110000
"""The first number that no character has."""
_SOUNDS = (1 << _BITS) - _FIRST_SOUND
_REMEMBERED = 20_000


def sounds_in(shelf: int, text: str, times: int = 1) -> Counter[int]:
    """How often each two neighbouring sounds stand in a text, ``times`` over, by their term."""
    first, counts = shelf << 2 * _BITS, Counter[int]()
    for piece in pieces_of(text):
        for one, other in pairwise(map(_sound_of, piece)):
            counts[first | one << _BITS | other] += times
    return counts


@lru_cache(_REMEMBERED)
def _sound_of(character: str) -> int:
    """A number for the syllable that a character is read as, without its tone; what is no Chinese sounds as itself."""
    (syllable,) = _pypinyin().lazy_pinyin(character)
    return _FIRST_SOUND + crc32(syllable.encode()) % _SOUNDS


@cache
def _pypinyin() -> Any:
    """Only a process that asks or answers reads its dictionary; that of phrases, half a second and 40 MB, nobody needs
    who looks at one character after another.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    return import_module("pypinyin")
