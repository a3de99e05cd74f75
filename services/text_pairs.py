"""Pairs of neighbouring characters, by which Chinese texts are found and compared without a dictionary. Pure.

A text is brought to one form (NFKC, small letters), what is neither letter nor digit divides it, and each two
neighbours within a piece are a pair: 公积金，退回 has 公积, 积金 and 退回.
"""

import re
import unicodedata
from collections.abc import Iterator

READ = 2000
"""How many characters of a text are read: a limit to the work, and the beginning says what the text is about."""

PIECE = re.compile(r"[^\W_]+")

_FOLDED_AT_ONCE = 200


def folded(text: str) -> str:
    """One form for all ways to write the same. A bounded part of the text makes it, since one character may become
    eighteen; accents are put onto their letters before, so that none is cut off.
    """
    composed, found = unicodedata.normalize("NFC", text[:READ]), ""
    for start in range(0, len(composed), _FOLDED_AT_ONCE):
        found += unicodedata.normalize("NFKC", composed[start : start + _FOLDED_AT_ONCE]).casefold()
        if len(found) >= READ:
            break
    return found[:READ]


def pieces_of(text: str) -> list[str]:
    """The letters and digits of a text in one form, divided where anything else stands."""
    return PIECE.findall(folded(text))


def pairs_of_piece(piece: str) -> Iterator[str]:
    """Each two neighbours."""
    return (piece[at : at + 2] for at in range(len(piece) - 1))


def pairs_of(text: str) -> Iterator[str]:
    """Every pair of a text, as often as it stands there."""
    return (pair for piece in pieces_of(text) for pair in pairs_of_piece(piece))
