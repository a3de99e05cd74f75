"""How much goes into a page of a list, so that no reply is so long that others wait while it is made."""

from collections.abc import Sequence

from services.plumbing.database.transaction import Row

PAGE_CHARACTERS = 150_000
"""Half a megabyte of Chinese."""


def fitting(rows: Sequence[Row], limit: int) -> int:
    """How many of the rows, from the first on, make a page: at most ``limit``, fewer where their texts are long, but
    one at least.
    """
    characters = 0
    for count, row in enumerate(rows[:limit]):
        characters += sum(len(value) for value in row if isinstance(value, str))
        if count and characters > PAGE_CHARACTERS:
            return count
    return min(limit, len(rows))
