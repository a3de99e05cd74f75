"""How a command fails: one line that says what is wrong, never a trace."""

import functools
from collections.abc import Callable
from typing import Any

import click
import marshmallow

from schemas.errors import Refused

Command = Callable[..., Any]


def plainly(*expected: type[BaseException]) -> Callable[[Command], Command]:
    """Turn what a command expects to go wrong, refusals and bad input always, into one line and exit code 1."""

    caught: tuple[type[BaseException], ...] = (Refused, *expected)

    def decorated(command: Command) -> Command:
        @functools.wraps(command)
        def wrapped(*arguments: Any, **options: Any) -> Any:
            try:
                return command(*arguments, **options)
            except marshmallow.ValidationError as error:
                raise click.ClickException(f"not as expected: {error.normalized_messages()}") from None
            except caught as error:
                raise click.ClickException(
                    f"{type(error).__name__}: {str(error).strip() or 'no further word'}"
                ) from None

        return wrapped

    return decorated
