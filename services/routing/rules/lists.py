"""How lists are searched, and where their next page begins. Pure.

Texts are found by every pair of neighbouring characters (`services.text_pairs`), each of which is a term. Who searches
for 公积金 asks for 公积 and 积金; that they stand side by side is looked at afterwards.
"""

import re
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from schemas.cursors import NOT_A_CURSOR, cursor_of, place_of
from schemas.errors import Invalid
from services.text_pairs import PIECE, folded, pairs_of_piece, pieces_of

_NEVER = "never-"

_NUMBER = re.compile(r"(?:(?P<center>[a-z0-9][a-z0-9_-]*)-)?(?P<year>[0-9]{4})?(?P<rest>[0-9]{4}-[0-9]{4,})")


class Search(NamedTuple):
    """What is searched for: ``pieces`` that must stand in the text, and the ``terms`` by which candidates are found;
    or else the ``numbers`` one of which the ticket must have."""

    pieces: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def fits(self, title: str, text: str) -> bool:
        """Whether all that is searched for stands in a ticket with these words."""
        words = _plain(f"{title} {text}")
        return all(piece in words for piece in self.pieces)


def search_for(wanted: str, center: str, year: int) -> Search:
    """What somebody of ``center`` typed, all of whose pieces must be found, or a ticket's number, whole or from its day
    on: ``0124-0007`` is of this ``year`` or the last. Raises Invalid where no pair of characters is in it.
    """
    plain = folded(wanted).strip()
    number = _NUMBER.fullmatch(plain)
    if number and number["center"] in (None, center.casefold()):
        years = (number["year"],) if number["year"] else (f"{year:04d}", f"{year - 1:04d}")
        return Search(numbers=tuple(f"{center}-{each}{number['rest']}" for each in years))
    pieces = tuple(dict.fromkeys(PIECE.findall(plain)))
    terms = tuple(dict.fromkeys(term for piece in pieces for term in pairs_of_piece(piece)))
    if not terms:
        raise Invalid("search", "Needs a word of at least two characters, or a ticket's number.")
    return Search(pieces, terms)


def terms_of(title: str, text: str) -> list[str]:
    """By what a ticket is found: each pair of characters of its title and text once."""
    return list(dict.fromkeys(term for piece in _plain(f"{title} {text}").split() for term in pairs_of_piece(piece)))


def _plain(text: str) -> str:
    """The pieces of a text, a space between any two."""
    return " ".join(pieces_of(text))


class DuePlace(NamedTuple):
    """The last row of a page in the order of due times; None where nothing of it is due, which comes last."""

    due_at: datetime | None
    id: UUID


def due_cursor(place: DuePlace) -> str:
    """The place as text that is safe in an address."""
    return cursor_of(place.due_at, place.id) if place.due_at else f"{_NEVER}{place.id}"


def due_place(cursor: str) -> DuePlace:
    """The place that a cursor names. Raises Invalid for text that is none."""
    if cursor.startswith(_NEVER):
        return DuePlace(None, id_place(cursor.removeprefix(_NEVER)))
    return DuePlace(*place_of(cursor))


def id_place(cursor: str) -> UUID:
    """The id that a cursor of a list in the order of ids is. Raises Invalid for text that is none."""
    try:
        return UUID(cursor)
    except ValueError:
        raise Invalid("after", NOT_A_CURSOR) from None
