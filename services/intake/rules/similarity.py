"""Whether a ticket repeats an earlier one: compared here, not in the database, so with the same result everywhere."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice, pairwise
from uuid import UUID

WITHIN = timedelta(days=30)
THRESHOLD = 0.5
COMPARED = 2000
"""How many characters of a text are compared: enough to recognise it, and a limit to the work."""

_NORMALISED_AT_ONCE = 100

Pairs = frozenset[str]


@dataclass(frozen=True)
class Earlier:
    """A ticket of the same applicant that was registered before, and its text, or the part of it that is compared."""

    ticket_id: UUID
    text: str
    registered_at: datetime

    @cached_property
    def pairs(self) -> Pairs:
        """What is compared of the text (`pairs_of`): forty times its size, and of most tickets nobody asks for it."""
        return pairs_of(self.text)


def similarity(one: Pairs, other: Pairs) -> float:
    """From 0 (nothing in common) to 1 (the same words): the share of neighbouring character pairs that both have.

    It is the Jaccard index of the sets of pairs.
    """
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def repeat_of(
    pairs: Pairs,
    earlier: Iterable[Earlier],
    now: datetime,
    *,
    within: timedelta = WITHIN,
    threshold: float = THRESHOLD,
) -> UUID | None:
    """The earlier ticket that is repeated: the most similar one ``within`` that time, of equally similar ones the
    latest.

    None if no ticket reaches ``threshold``. Raises ValueError on a naive ``now``.
    """
    if now.tzinfo is None:
        raise ValueError("now needs an offset")
    likely = [
        (alike, ticket.registered_at, ticket.ticket_id)
        for ticket in earlier
        if now - within <= ticket.registered_at <= now and (alike := similarity(pairs, ticket.pairs)) >= threshold
    ]
    return max(likely)[2] if likely else None


def pairs_of(text: str) -> Pairs:
    """What is compared of a text: the pairs of neighbouring letters, digits and Han, of the first COMPARED of them.

    White space, punctuation, case and full width make no difference.
    """
    kept = "".join(islice(_significant(text[:COMPARED]), COMPARED))
    return frozenset(map("".join, pairwise(kept))) or frozenset(kept)


def _significant(text: str) -> Iterator[str]:
    """Letters, digits and Han in one form. The text is normalised in small pieces: one character can become eighteen,
    which are not needed after the cut, and the time for a run of combining marks grows with the square of its length.
    """
    for start in range(0, len(text), _NORMALISED_AT_ONCE):
        plain = unicodedata.normalize("NFKC", text[start : start + _NORMALISED_AT_ONCE]).casefold()
        yield from filter(str.isalnum, plain)
