"""For tests that try one thing after another on the same tables: what is done is looked at, and then undone."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TypeVar

_T = TypeVar("_T")


class _Undone(Exception):
    """Ends a transaction, or a part of it, of which nothing is to stay."""


@contextmanager
def undone(opened: AbstractContextManager[_T]) -> Iterator[_T]:
    """A transaction, or a savepoint in one, that is rolled back at the end of the `with`."""
    with suppress(_Undone), opened as inside:
        yield inside
        raise _Undone
