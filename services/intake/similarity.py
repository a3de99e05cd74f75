"""Whether a citizen says again what was said before: compared here and not in the database, so alike everywhere."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

WITHIN = timedelta(days=30)
THRESHOLD = 0.5
COMPARED = 2000
"""How many characters of a text are compared: enough to know it by, and a bound on the work."""


@dataclass(frozen=True)
class Earlier:
    """A ticket of the same applicant that was registered before."""

    ticket_id: UUID
    text: str
    registered_at: datetime


def similarity(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same words): the share of neighbouring character pairs that both have.

    White space, punctuation, case and full width make no difference. It is the Jaccard index of the sets of pairs.
    """
    return _overlap(_pairs(one), _pairs(other))


def repeat_of(
    text: str,
    earlier: Iterable[Earlier],
    now: datetime,
    *,
    within: timedelta = WITHIN,
    threshold: float = THRESHOLD,
) -> UUID | None:
    """The ticket that ``text`` repeats: the most similar of the last days, of equals the latest. Raises ValueError."""
    if now.tzinfo is None:
        raise ValueError("now needs an offset")
    pairs = _pairs(text[:COMPARED])
    likely = [
        (alike, ticket.registered_at, ticket.ticket_id)
        for ticket in earlier
        if now - within <= ticket.registered_at <= now
        and (alike := _overlap(pairs, _pairs(ticket.text[:COMPARED]))) >= threshold
    ]
    return max(likely)[2] if likely else None


def _pairs(text: str) -> frozenset[str]:
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
    return frozenset(map("".join, pairwise(kept))) or frozenset(kept)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
