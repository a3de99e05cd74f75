"""How a command fails: one line that says what is wrong, never a trace."""

import functools
from collections.abc import Callable
from typing import Any

import click
import marshmallow
import psycopg2
import requests

from schemas.refusals import Refused
from services.plumbing.broker import FAULTS
from services.plumbing.clock import ClockMismatch
from services.plumbing.logins import LoginUnusable
from services.plumbing.resources import MissingSetting

EXPECTED: tuple[type[BaseException], ...] = (
    MissingSetting,
    ClockMismatch,
    LoginUnusable,
    Refused,
    psycopg2.Error,
    requests.RequestException,
    *FAULTS,
)


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what a command expects to go wrong into one line and exit code 1."""

    @functools.wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except marshmallow.ValidationError as error:
            raise click.ClickException(f"not as expected: {error.normalized_messages()}") from None
        except EXPECTED as error:
            raise click.ClickException(f"{type(error).__name__}: {str(error).strip() or 'no further word'}") from None

    return wrapped
